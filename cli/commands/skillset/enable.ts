/**
 * `kairos skillset enable`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument } from "../../parameters.ts";
import { printSkillSetChange } from "../../render/skillsets.ts";

/** Brings a SkillSet into use. */
export default defineCommand({
  about: "Brings a SkillSet into use. What it depends on must be there and enabled.",
  examples: [{ call: "skillset enable my_pack", does: "Use it" }],
  parameters: {
    positional: { kind: "tuple", parameters: [argument("NAME", "The SkillSet")] },
  },
  async run(context: CliContext, _flags: NonNullable<unknown>, name: string) {
    const sets = await (await context.open()).skillsets();
    await printSkillSetChange(context, await sets.enable(name, await context.actor()));
  },
});
