/**
 * `kairos skillset unshare`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument } from "../../parameters.ts";
import { printSkillSetChange } from "../../render/skillsets.ts";

/** Stops offering a SkillSet to other instances. */
export default defineCommand({
  about: "Stops offering a SkillSet to other instances. What they have already stays theirs.",
  examples: [{ call: "skillset unshare my_pack", does: "Keep it to yourself" }],
  parameters: {
    positional: { kind: "tuple", parameters: [argument("NAME", "The SkillSet")] },
  },
  async run(context: CliContext, _flags: NonNullable<unknown>, name: string) {
    const sets = await (await context.open()).skillsets();
    await printSkillSetChange(context, await sets.unshare(name, await context.actor()));
  },
});
