/**
 * `kairos skillset disable`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument } from "../../parameters.ts";
import { printSkillSetChange } from "../../render/skillsets.ts";

/** Takes a SkillSet out of use. */
export default defineCommand({
  about: "Takes a SkillSet out of use. One of L0 is not, and neither is one that others depend on.",
  examples: [{ call: "skillset disable my_pack", does: "Do not use it any more" }],
  parameters: {
    positional: { kind: "tuple", parameters: [argument("NAME", "The SkillSet")] },
  },
  async run(context: CliContext, _flags: NonNullable<unknown>, name: string) {
    const sets = await (await context.open()).skillsets();
    printSkillSetChange(context, await sets.disable(name, await context.actor()));
  },
});
