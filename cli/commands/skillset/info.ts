/**
 * `kairos skillset info`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument } from "../../parameters.ts";
import { skillSetDetailsJson, skillSetText } from "../../render/skillsets.ts";

/** Shows a SkillSet. */
export default defineCommand({
  about: "Shows a SkillSet: what it is, what is in it, and what to look at before it is enabled.",
  examples: [{ call: "skillset info my_pack", does: "What is in it" }],
  isLong: true,
  parameters: {
    positional: { kind: "tuple", parameters: [argument("NAME", "The SkillSet")] },
  },
  async run(context: CliContext, _flags: NonNullable<unknown>, name: string) {
    const details = (await (await context.open()).skillsets()).info(name);
    context.print(skillSetDetailsJson(details), () => skillSetText(details));
  },
});
