/**
 * `kairos proposals reject`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { decideProposal, DECISION_OPTIONS } from "../../decide_proposal.ts";
import { decisionJson, decisionText } from "../../decision_view.ts";
import { findProposal, PROPOSAL_BRIEF } from "../../find_proposal.ts";
import { argument } from "../../parameters.ts";

interface Flags {
  readonly keyFile: readonly string[] | undefined;
  readonly signature: readonly string[] | undefined;
}

/** Says no to a proposal. */
export default defineCommand({
  about:
    "Shows a proposal, asks you, and turns it down for good. With approvers it is signed with your " +
    "key. Asks on a terminal only.",
  examples: [{ call: "proposals reject 0a1b2c3d", does: "Look at it and turn it down" }],
  parameters: {
    flags: DECISION_OPTIONS,
    positional: { kind: "tuple", parameters: [argument("PROPOSAL", PROPOSAL_BRIEF)] },
  },
  async run(context: CliContext, how: Flags, word: string) {
    const instance = await context.open();
    const { proposal: { id } } = findProposal(await instance.evolution(), word);
    const decided = await decideProposal(context, instance, { id, verdict: "reject", ...how });
    context.print(decisionJson(id, "reject", decided), () => decisionText(id, decided));
  },
});
