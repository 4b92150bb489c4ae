/**
 * `kairos skillset remove`
 *
 * @module
 */

import { quote } from "../../../core/text.ts";
import { confirm } from "../../confirm.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, flag, textOption } from "../../parameters.ts";
import { REASON_BRIEF, takeAwaySkillSet } from "../../take_away_skillset.ts";

interface Flags {
  readonly yes: boolean;
  readonly reason: string | undefined;
}

/** Removes a SkillSet. */
export default defineCommand({
  about:
    "Removes a SkillSet with everything in its folder. The files stay as objects. One that others depend " +
    "on is not removed. One of L0 becomes a proposal, which a person decides; the exit code is 5 then.",
  examples: [
    { call: "skillset remove my_pack", does: "Ask, then remove" },
    { call: "skillset remove my_pack --yes", does: "Without a question" },
  ],
  parameters: {
    flags: { yes: flag("Do not ask"), reason: textOption("TEXT", REASON_BRIEF) },
    positional: { kind: "tuple", parameters: [argument("NAME", "The SkillSet")] },
  },
  async run(context: CliContext, { yes, reason }: Flags, name: string) {
    (await (await context.open("read")).skillsets()).info(name);
    await confirm(context, `Remove SkillSet ${quote(name)}`, yes);
    await takeAwaySkillSet(context, "remove", name, reason);
  },
});
