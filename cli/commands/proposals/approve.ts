/**
 * `kairos proposals approve`
 *
 * @module
 */

import type { Instance } from "../../../core/instance.ts";
import { appliedText, type AppliedView, applyProposal } from "../../apply_proposal.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { decideProposal, DECISION_OPTIONS } from "../../decide_proposal.ts";
import { decisionJson, decisionText } from "../../decision_view.ts";
import { findProposal, PROPOSAL_BRIEF } from "../../find_proposal.ts";
import { argument, flag } from "../../parameters.ts";

interface Flags {
  readonly noApply: boolean;
  readonly keyFile: readonly string[] | undefined;
  readonly signature: readonly string[] | undefined;
}

/** Says yes to a proposal. */
export default defineCommand({
  about:
    "Shows a proposal, asks you, and puts it in force. With approvers it is signed with your key, and " +
    "the passphrase is the answer. Asks on a terminal only; no option answers for you. Where several " +
    "have to sign, signatures are kept until the last one comes.",
  examples: [
    { call: "proposals approve 0a1b2c3d", does: "Look at it, decide, put it in force" },
    { call: "proposals approve 0a1b2c3d --no-apply", does: "Only decide" },
    { call: "proposals approve 0a1b2c3d --signature ben.json", does: "With what Ben signed" },
  ],
  parameters: {
    flags: {
      noApply: flag("Only decide; `kairos proposals apply` puts it in force"),
      ...DECISION_OPTIONS,
    },
    positional: { kind: "tuple", parameters: [argument("PROPOSAL", PROPOSAL_BRIEF)] },
  },
  async run(context: CliContext, { noApply, ...how }: Flags, word: string) {
    const instance = await context.open();
    const { proposal: { id } } = findProposal(await instance.evolution(), word);
    const decided = await decideProposal(context, instance, { id, verdict: "approve", ...how });
    const { stored: { note }, fingerprint } = decided;
    if (note !== null) {
      context.say(
        `Decision ${note.seq} is in block ${note.decision.index}` +
          (fingerprint === null ? "" : `, signed under the approvers ${fingerprint}`),
      );
      if (noApply) context.say(`Next: kairos proposals apply ${id}`);
    }
    const applied = noApply || note === null ? null : await applyDecided(context, instance, id);
    const state = applied === null ? decided.stored.state : "applied";
    context.print(
      { ...decisionJson(id, "approve", decided), state, applied },
      () => applied === null ? decisionText(id, decided) : appliedText(id, applied),
    );
  },
});

/** The decision stands whatever happens to the change. */
async function applyDecided(
  context: CliContext,
  instance: Instance,
  id: string,
): Promise<AppliedView> {
  try {
    return await applyProposal(context, instance, id);
  } catch (error) {
    context.say(`The decision stands; try again with kairos proposals apply ${id}`);
    throw error;
  }
}
