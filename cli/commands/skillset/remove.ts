/**
 * `kairos skillset remove`
 *
 * @module
 */

import { quote } from "../../../core/text.ts";
import { confirm } from "../../confirm.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, flag } from "../../parameters.ts";
import { printSkillSetChange } from "../../render/skillsets.ts";

/** Removes a SkillSet. */
export default defineCommand({
  about:
    "Removes a SkillSet with everything in its folder. The files stay as objects. One of L0 is not " +
    "removed, and neither is one that others depend on.",
  examples: [
    { call: "skillset remove my_pack", does: "Ask, then remove" },
    { call: "skillset remove my_pack --yes", does: "Without a question" },
  ],
  parameters: {
    flags: { yes: flag("Do not ask") },
    positional: { kind: "tuple", parameters: [argument("NAME", "The SkillSet")] },
  },
  async run(context: CliContext, { yes }: { readonly yes: boolean }, name: string) {
    (await (await context.open("read")).skillsets()).info(name);
    await confirm(context, `Remove SkillSet ${quote(name)}`, yes);
    const sets = await (await context.open()).skillsets();
    printSkillSetChange(context, await sets.remove(name, await context.actor()));
  },
});
