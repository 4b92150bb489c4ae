/**
 * `kairos proposals reject`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { decideProposal } from "../../decide_proposal.ts";
import { findProposal, PROPOSAL_BRIEF } from "../../find_proposal.ts";
import { argument, textsOption } from "../../parameters.ts";

interface Flags {
  readonly keyFile: readonly string[] | undefined;
}

/** Says no to a proposal. */
export default defineCommand({
  about:
    "Shows a proposal, asks you, and turns it down for good. With approvers it is signed with your " +
    "key. Asks on a terminal only.",
  examples: [{ call: "proposals reject 0a1b2c3d", does: "Look at it and turn it down" }],
  parameters: {
    flags: { keyFile: textsOption("PATH", "A key file to sign with, once for each") },
    positional: { kind: "tuple", parameters: [argument("PROPOSAL", PROPOSAL_BRIEF)] },
  },
  async run(context: CliContext, { keyFile }: Flags, word: string) {
    const instance = await context.open();
    const { proposal: { id } } = findProposal(await instance.evolution(), word);
    const { strength, fingerprint, stored } = await decideProposal(context, instance, {
      id,
      verdict: "reject",
      keyFile,
    });
    const { state, note } = stored;
    context.print(
      { id, verdict: "reject", state, strength, approvers: fingerprint, decided: note },
      () => `Proposal ${id} is rejected\n`,
    );
  },
});
