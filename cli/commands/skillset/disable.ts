/**
 * `kairos skillset disable`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, textOption } from "../../parameters.ts";
import { REASON_BRIEF, takeAwaySkillSet } from "../../take_away_skillset.ts";

/** Takes a SkillSet out of use. */
export default defineCommand({
  about:
    "Takes a SkillSet out of use. One that others depend on is not. One of L0 becomes a proposal, which a " +
    "person decides; until then it stays in use, and the exit code is 5.",
  examples: [
    { call: "skillset disable my_pack", does: "Do not use it any more" },
    {
      call: 'skillset disable my_law --reason "It is outdated"',
      does: "Propose it, for one of L0",
    },
  ],
  parameters: {
    flags: { reason: textOption("TEXT", REASON_BRIEF) },
    positional: { kind: "tuple", parameters: [argument("NAME", "The SkillSet")] },
  },
  async run(
    context: CliContext,
    { reason }: { readonly reason: string | undefined },
    name: string,
  ) {
    await takeAwaySkillSet(context, "disable", name, reason);
  },
});
