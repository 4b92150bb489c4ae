/**
 * `kairos proposals apply`
 *
 * @module
 */

import { appliedText, applyProposal } from "../../apply_proposal.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { findProposal, PROPOSAL_BRIEF } from "../../find_proposal.ts";
import { argument } from "../../parameters.ts";

/** Puts a decided proposal in force. */
export default defineCommand({
  about:
    "Puts an approved proposal in force. Everything is looked at again: the decision on the chain, its " +
    "signatures, what it rests on, the checks.",
  examples: [{ call: "proposals apply 0a1b2c3d", does: "Make the change that was approved" }],
  parameters: {
    positional: { kind: "tuple", parameters: [argument("PROPOSAL", PROPOSAL_BRIEF)] },
  },
  async run(context: CliContext, _flags: NonNullable<unknown>, word: string) {
    const instance = await context.open();
    const { proposal: { id } } = findProposal(await instance.evolution(), word);
    const applied = await applyProposal(context, instance, id);
    context.print({ id, state: "applied", applied }, () => appliedText(id, applied));
  },
});
