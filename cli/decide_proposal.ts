/**
 * The terminal as the door through which a person decides about the law.
 *
 * There is no option that answers the question: an agent could give it.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import { loadApprovers } from "../core/evolution/approvers.ts";
import { signDecision } from "../core/evolution/decision.ts";
import type { DecisionDraft, DecisionInput } from "../core/evolution/decide.ts";
import type { StoredProposal } from "../core/evolution/proposal_store.ts";
import type { Verdict } from "../core/evolution/records.ts";
import type { Instance } from "../core/instance.ts";
import { visible } from "../core/text.ts";
import { readPins } from "./approver_home.ts";
import { withApproverKeys } from "./approver_keys.ts";
import type { CliContext } from "./context.ts";
import { proposalText, shortId } from "./proposal_view.ts";
import { styleFor } from "./render/style.ts";

/** A decision somebody asks for at the terminal. */
export interface Wanted {
  /** Id of the proposal. */
  readonly id: string;
  /** Yes or no. */
  readonly verdict: Verdict;
  /** Key files to sign with; those in the person's own folder unless given. */
  readonly keyFile: readonly string[] | undefined;
}

/** A decision that was made. */
export interface Decided {
  /** The proposal, decided. */
  readonly stored: StoredProposal;
  /** How sure it is that it was a person. */
  readonly strength: DecisionInput["strength"];
  /** Fingerprint of the approvers who signed, or `null`. */
  readonly fingerprint: string | null;
}

/**
 * Shows a proposal, lets the person decide, and records it: with keys where there are approvers, else with
 * what the person types.
 *
 * @param context Streams, environment
 * @param instance The instance, open for writing
 * @param wanted What is to be decided
 * @returns The decision
 * @throws {KairosError} `refused` without a terminal, without a yes, or with keys that do not suffice;
 *   `conflict`, `not_found`
 */
export async function decideProposal(
  context: CliContext,
  instance: Instance,
  { id, verdict, keyFile }: Wanted,
): Promise<Decided> {
  requirePerson(context);
  const evolution = await instance.evolution();
  const draft = evolution.draft(id, verdict);
  const { io } = context;
  io.stderr.write(proposalText(draft.stored, {
    columns: io.stderr.columns,
    style: styleFor(io.stderr.isTerminal, io.env),
    body: (text) => visible(text, "\n\t"),
  }));
  const { set, fingerprint, pin } = loadApprovers(instance.store, readPins(context));
  if (set !== null) {
    const pinned = pin === "matches" ? "as pinned" : "not pinned";
    io.stderr.write(`\nApprovers ${fingerprint} (${pinned})\n`);
  }
  const input = set === null ? await asked(context, draft) : await withApproverKeys(
    context,
    { keys: set.keys, required: draft.required },
    keyFile,
    (keys): DecisionInput => {
      const facts = factsOf(draft);
      const signatures = keys.map((key) => signDecision(facts, key));
      return { strength: "key", signatures, seq: draft.seq };
    },
  );
  // Exactly what was shown is decided: the document may have been replaced while the person read it.
  const shown = { ...input, shown: draft.stored.hash };
  const stored = await evolution.decide(id, verdict, shown, await context.actor());
  return { stored, strength: input.strength, fingerprint };
}

function requirePerson({ io }: CliContext): void {
  if (io.stdin.isTerminal && io.stderr.isTerminal) return;
  throw new KairosError("refused", "Cannot decide: this is no terminal, so no person is asked", {
    hint: "Run it yourself in a terminal; nothing else can say yes for you",
  });
}

async function asked({ io }: CliContext, draft: DecisionDraft): Promise<DecisionInput> {
  const { verdict, stored: { proposal } } = draft;
  const short = shortId(proposal.id);
  const what = `${verdict} ${proposal.kind} of ${visible(proposal.subject)}`;
  io.stderr.write(`\nTo ${what}, type ${short} or yes: `);
  const answer = (await io.stdin.line()).trim().toLowerCase();
  if (answer === "yes" || answer === short || answer === proposal.id) {
    return { strength: "terminal" };
  }
  throw new KairosError("refused", "Nothing was decided: the answer was neither the id nor yes", {
    hint: "Nothing was changed",
  });
}

function factsOf(draft: DecisionDraft): Parameters<typeof signDecision>[0] {
  const { instance, epoch, seq, verdict, stored: { hash, proposal } } = draft;
  const { base_hash: base, new_hash, expires } = proposal;
  return { instance, epoch, proposal: hash, seq, base, new: new_hash, verdict, expires };
}
