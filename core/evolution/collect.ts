/**
 * Signatures that come one after the other, until there are as many as a decision needs.
 *
 * They are kept beside the proposal, not on the chain: before the last of them nothing was decided.
 * Each is bound to everything its decision is about, so a file of them can be lost, repeated or changed
 * and no more. See `kairos_formats/approvers.md#signing-elsewhere`.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import { writeAtomic } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import type { PublicKey } from "../keys/sealed_key.ts";
import { quote } from "../text.ts";
import { approversNow } from "./approvers.ts";
import { decide, type DecisionDraft, draftDecision, draftFacts } from "./decide.ts";
import { decisionText } from "./decision.ts";
import { descriptionProblem } from "./describe_change.ts";
import type { EvolutionHost } from "./host.ts";
import { documentPath, PROPOSALS, type StoredProposal } from "./proposal_store.ts";
import { encodeProposal } from "./proposal.ts";
import type { Verdict } from "./records.ts";
import { countSigners, type Signature } from "./signatures.ts";
import {
  encodeRequest,
  encodeSigned,
  MAX_ANSWER,
  readSigned,
  type SignedDecision,
  signedForAnother,
} from "./signing.ts";

/** How far the signatures of a decision are. */
export interface Collected {
  /** What they are about. */
  readonly draft: DecisionDraft;
  /** The signatures that are kept and hold. */
  readonly signatures: readonly Signature[];
  /** Whose they are. */
  readonly signers: readonly PublicKey[];
  /** The keys that have not signed. */
  readonly others: readonly PublicKey[];
  /** How many are missing. */
  readonly missing: number;
}

/** What became of signatures. */
export interface Added extends Collected {
  /** The proposal: decided when nothing is missing. */
  readonly stored: StoredProposal;
}

/**
 * The signatures of a decision that are there.
 *
 * @param host The instance
 * @param id The proposal
 * @param verdict Yes or no
 * @returns How far they are; none while there are no approvers
 * @throws {KairosError} those of `draftDecision`
 */
export function collected(host: EvolutionHost, id: string, verdict: Verdict): Collected {
  return withSigners(host, draftDecision(host, id, verdict), kept(host, id));
}

/**
 * What an approver elsewhere has to see and sign.
 *
 * @param host The instance
 * @param id The proposal
 * @param verdict Yes or no
 * @returns The request, one line
 * @throws {KairosError} `refused` while there are no approvers, `too_large`, and those of
 *   `draftDecision`
 */
export function exportRequest(host: EvolutionHost, id: string, verdict: Verdict): string {
  const draft = draftDecision(host, id, verdict);
  if (draft.required === 0) throw nobodySigns(id);
  const { proposal } = draft.stored;
  const contents = new Map<string, Uint8Array>();
  // Whoever signs looks at exactly what is looked at here.
  descriptionProblem(proposal, (object) => {
    const bytes = host.store.objects.get(object);
    if (bytes !== null) contents.set(object, bytes);
    return bytes;
  });
  return encodeRequest(draftFacts(draft), encodeProposal(proposal), contents);
}

/**
 * Takes signatures; with the last that is needed the decision is recorded. Needs the write lock.
 *
 * @param host The instance
 * @param id The proposal
 * @param verdict Yes or no
 * @param given The signatures, and what they were made for
 * @param actor Who brings them
 * @returns How far they are now, and the proposal
 * @throws {KairosError} `refused` for a signature that was made for something else, does not hold or is
 *   of no approver, and while there are no approvers; those of `decide`
 */
export function addSignatures(
  host: EvolutionHost,
  id: string,
  verdict: Verdict,
  given: readonly SignedDecision[],
  actor: Actor,
): Added {
  const draft = draftDecision(host, id, verdict);
  if (draft.required === 0) throw nobodySigns(id);
  for (const signed of given) checkGiven(host, draft, signed);
  const signatures = [...kept(host, id), ...given];
  const now = withSigners(host, draft, signatures);
  if (now.missing > 0) {
    keep(host, id, { facts: draftFacts(draft), signatures: now.signatures });
    host.store.journal.note({
      action: "decision_signed",
      skill_id: draft.stored.proposal.subject,
      details: { proposal: id, verdict, keys: now.signers.map((key) => key.id) },
    });
    return { ...now, stored: draft.stored };
  }
  const { seq, stored: { hash } } = draft;
  const input = { strength: "key", signatures: now.signatures, seq, shown: hash } as const;
  const stored = decide(host, id, verdict, input, actor);
  host.store.disk.remove(`${host.store.root}/${keptPath(id)}`);
  return { ...now, stored };
}

/** Only those kept for exactly this decision count; whatever else is there is passed over. */
function withSigners(
  host: EvolutionHost,
  draft: DecisionDraft,
  signed: readonly SignedDecision[],
): Collected {
  const { set } = approversNow(host);
  if (set === null) return { draft, signatures: [], signers: [], others: [], missing: 0 };
  const text = decisionText(draftFacts(draft));
  const fitting = signed.filter(({ facts }) => decisionText(facts) === text)
    .flatMap(({ signatures }) => signatures);
  const { signers } = countSigners(text, fitting, set.keys);
  const signatures = signers.flatMap(({ id }) =>
    fitting.find((one) => one.key === id && countSigners(text, [one], set.keys).signers.length > 0)!
  );
  return {
    draft,
    signatures,
    signers,
    others: set.keys.filter((key) => !signers.includes(key)),
    missing: Math.max(0, draft.required - signers.length),
  };
}

function checkGiven(host: EvolutionHost, draft: DecisionDraft, signed: SignedDecision): void {
  const wanted = draftFacts(draft);
  const keys = approversNow(host).set?.keys ?? [];
  const other = signedForAnother(signed.facts, wanted);
  const { notes, signers } = countSigners(decisionText(wanted), signed.signatures, keys);
  const problem = other ?? notes[0] ?? (signers.length === 0 ? "there are none" : null);
  if (problem === null) return;
  const { id } = draft.stored.proposal;
  throw new KairosError("refused", `Cannot use the signatures for ${quote(id)}: ${problem}`, {
    hint: `Have it signed again: \`kairos proposals export ${id}\``,
  });
}

/** What is kept; a file that cannot be read is none, and is replaced by the next signature. */
function kept({ view }: EvolutionHost, id: string): SignedDecision[] {
  const path = keptPath(id);
  const look = view();
  if ((look.stat(path)?.size ?? Infinity) > MAX_ANSWER) return [];
  const bytes = look.read(path, MAX_ANSWER);
  try {
    return bytes === null ? [] : [readSigned(new TextDecoder().decode(bytes))];
  } catch (error) {
    if (error instanceof KairosError) return [];
    throw error;
  }
}

function keep({ store }: EvolutionHost, id: string, signed: SignedDecision): void {
  const { disk, root } = store;
  disk.makeFolder(`${root}/${PROPOSALS}`);
  writeAtomic(disk, `${root}/${keptPath(id)}`, new TextEncoder().encode(encodeSigned(signed)));
}

function keptPath(id: string): string {
  return documentPath(id).replace(/\.json$/, ".signatures.json");
}

function nobodySigns(id: string): KairosError {
  return new KairosError("refused", `Cannot sign proposal ${quote(id)}: there are no approvers`, {
    hint: `Decide it at a terminal: \`kairos proposals approve ${id}\``,
  });
}
