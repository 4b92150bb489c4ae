/**
 * `kairos proposals show`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { signedLines } from "../../decision_view.ts";
import { findProposal, PROPOSAL_BRIEF } from "../../find_proposal.ts";
import { argument } from "../../parameters.ts";
import { proposalJson, proposalText } from "../../proposal_view.ts";

/** Shows one proposal. */
export default defineCommand({
  about:
    "Shows a proposal: who asks for what and why, what the checks say, and what would change, as " +
    "data and as text.",
  examples: [
    { call: "proposals show 0a1b2c3d", does: "By the end of its id" },
    { call: "proposals show 0a1b2c3d --json", does: "The whole document, for programs" },
  ],
  isLong: true,
  parameters: {
    positional: { kind: "tuple", parameters: [argument("PROPOSAL", PROPOSAL_BRIEF)] },
  },
  async run(context: CliContext, _flags: NonNullable<unknown>, word: string) {
    const evolution = await (await context.open()).evolution();
    const stored = findProposal(evolution, word);
    const { io, style } = context;
    context.print(
      proposalJson(stored),
      () =>
        proposalText(stored, {
          columns: io.stdout.columns,
          style,
          body: (text) => context.body(text),
        }),
    );
    const { id } = stored.proposal;
    if (stored.state === "pending") {
      for (const line of signedLines(evolution, id)) context.say(line);
      context.say(`Next: kairos proposals approve ${id}, or kairos proposals reject ${id}`);
    } else if (stored.state === "approved") context.say(`Next: kairos proposals apply ${id}`);
  },
});
