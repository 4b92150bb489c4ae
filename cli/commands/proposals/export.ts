/**
 * `kairos proposals export`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { findProposal, PROPOSAL_BRIEF } from "../../find_proposal.ts";
import { argument, flag } from "../../parameters.ts";

/** Prints what an approver elsewhere signs. */
export default defineCommand({
  about:
    "Prints a proposal for an approver on another machine: the document, what it would change, and " +
    "the decision that is signed. There `kairos approver sign` shows and signs it.",
  examples: [
    { call: "proposals export 0a1b2c3d > request.json", does: "To be approved" },
    { call: "proposals export 0a1b2c3d --reject > request.json", does: "To be turned down" },
  ],
  parameters: {
    flags: { reject: flag("Ask for a no instead of a yes") },
    positional: { kind: "tuple", parameters: [argument("PROPOSAL", PROPOSAL_BRIEF)] },
  },
  async run(context: CliContext, { reject }: { readonly reject: boolean }, word: string) {
    const evolution = await (await context.open()).evolution();
    const { proposal: { id } } = findProposal(evolution, word);
    const verdict = reject ? "reject" : "approve";
    const request = evolution.request(id, verdict);
    const { draft: { instance }, missing } = evolution.collected(id, verdict);
    // The request is JSON whether or not it was asked for.
    context.io.stdout.write(request);
    context.say(`Instance ${instance.slice(0, 16)}; signatures missing: ${missing}`);
    context.say("Next: kairos approver sign request.json, where the key is");
  },
});
