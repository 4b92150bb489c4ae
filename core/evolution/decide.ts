/**
 * Deciding a proposal: a person's yes or no becomes a block.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import { KairosError } from "../errors.ts";
import type { IntentStep } from "../disk/mod.ts";
import { Stage } from "../layers/stage.ts";
import { quote } from "../text.ts";
import { fileHash } from "./change.ts";
import { approversNow } from "./approvers.ts";
import { needsStrongDecision } from "./checks.ts";
import type { DecisionFacts } from "./decision.ts";
import { descriptionProblem } from "./describe_change.ts";
import { type EvolutionHost, instanceId } from "./host.ts";
import { type LawInForce, requireLaw } from "./in_force.ts";
import { judgeBySet, weakness } from "./judge.ts";
import { KINDS } from "./kinds.ts";
import type { LawFile } from "./law_file.ts";
import { filesHash } from "./proposal.ts";
import {
  encodeNote,
  notePath,
  proposalIds,
  PROPOSALS,
  readNote,
  readProposal,
  type StateNote,
  type StoredProposal,
} from "./proposal_store.ts";
import type { LawDecision, Strength, Verdict } from "./records.ts";
import { requireSettledLaw } from "./settled_law.ts";
import { skillSetHash } from "./skillset_change.ts";
import type { Signature } from "./signatures.ts";

/** Everything a decision is about, to be shown and signed before it is made. */
export interface DecisionDraft {
  /** The proposal. */
  readonly stored: StoredProposal;
  /** Yes or no. */
  readonly verdict: Verdict;
  /** What tells this instance from others. */
  readonly instance: string;
  /** Epoch of the approvers; 0 without any. */
  readonly epoch: number;
  /** Its number; another decision in between makes the draft void. */
  readonly seq: number;
  /** How many approvers have to sign; 0 while there are none. */
  readonly required: number;
  /** Whether only a person at the terminal, or an approver's key, can say yes. */
  readonly needsStrength: boolean;
}

/** How a person decided. */
export interface DecisionInput {
  /** How sure it is that it was a person. Set by the door, never by an argument. */
  readonly strength: Strength;
  /** Signatures of approvers over the draft. */
  readonly signatures?: readonly Signature[];
  /** Number of the draft the signatures were made for. */
  readonly seq?: number;
  /** SHA-256 of the document the person saw; another one in its place is not decided. */
  readonly shown?: string;
}

/**
 * Drafts a decision. Needs no lock.
 *
 * @param host The instance
 * @param id The proposal
 * @param verdict Yes or no
 * @returns What would be decided
 * @throws {KairosError} `not_found`, `conflict` when it is decided already or its base has moved,
 *   `refused` when it has expired or the law cannot be changed
 */
export function draftDecision(host: EvolutionHost, id: string, verdict: Verdict): DecisionDraft {
  const law = requireLaw(host);
  const stored = readProposal(host.view(), id, host.store.clock());
  if (stored.note !== null) {
    throw new KairosError("conflict", `Proposal ${quote(id)} is ${stored.state} already`);
  }
  if (stored.state === "expired") throw expired(id, stored.proposal.expires);
  if (verdict === "approve") {
    checkBase(host, law, stored);
    checkDescription(host, stored);
  }
  const { set } = approversNow(host);
  return {
    stored,
    verdict,
    instance: instanceId(host.store),
    epoch: set?.epoch ?? 0,
    seq: nextSeq(host, law),
    required: set === null
      ? 0
      : Math.min(Math.max(set.required, law.settings.required), set.keys.length),
    needsStrength: needsStrongDecision(stored.proposal.checks),
  };
}

/**
 * What is signed for a draft.
 *
 * @param draft The draft
 * @returns The parts of the line
 */
export function draftFacts(
  { instance, epoch, seq, verdict, stored: { hash, proposal } }: DecisionDraft,
): DecisionFacts {
  const { base_hash: base, new_hash, expires } = proposal;
  return { instance, epoch, proposal: hash, seq, base, new: new_hash, verdict, expires };
}

/** Nobody says yes to something else than what the document shows. */
function checkDescription({ store }: EvolutionHost, { proposal }: StoredProposal): void {
  const problem = descriptionProblem(proposal, (object) => store.objects.get(object));
  if (problem === null) return;
  throw new KairosError("corrupt", `Cannot decide proposal ${quote(proposal.id)}: ${problem}`, {
    hint: "Propose the change again",
  });
}

/**
 * Records a decision. Needs the write lock.
 *
 * @param host The instance
 * @param id The proposal
 * @param verdict Yes or no
 * @param input How it was decided
 * @param actor Who decides
 * @returns The proposal, decided
 * @throws {KairosError} `refused` when a decision of this strength does not count or a signature is
 *   wrong, `conflict` when another decision came first, and those of {@linkcode draftDecision}
 */
export function decide(
  host: EvolutionHost,
  id: string,
  verdict: Verdict,
  input: DecisionInput,
  actor: Actor,
): StoredProposal {
  const { store } = host;
  const law = requireSettledLaw(host);
  const draft = draftDecision(host, id, verdict);
  const { proposal, hash } = draft.stored;
  if (input.seq !== undefined && input.seq !== draft.seq) {
    throw new KairosError("conflict", "Cannot use the signatures: another decision came first", {
      hint: "Sign again",
    });
  }
  if (input.shown !== undefined && input.shown !== hash) {
    throw new KairosError(
      "conflict",
      `Cannot decide proposal ${quote(id)}: it is not the one that was shown`,
      { hint: "Look at it again with `kairos proposals show`" },
    );
  }
  if (verdict === "approve") checkStrength(law, draft, input.strength);
  const fields = {
    type: "law_decision",
    proposal: id,
    proposal_hash: hash,
    verdict,
    epoch: draft.epoch,
    seq: draft.seq,
    base_hash: proposal.base_hash,
    new_hash: proposal.new_hash,
    strength: input.strength,
    signatures: input.signatures ?? [],
    expires: proposal.expires,
  } as const;
  const record = store.record(fields, actor);
  const { pointer, at } = store.foresee(record);
  const { set } = approversNow(host);
  const made = JSON.parse(record) as LawDecision;
  const problem = judgeBySet(made, set, draft.instance, law.settings.required);
  if (problem !== null) {
    throw new KairosError("refused", `Cannot decide proposal ${quote(id)}: ${problem}`, {
      hint: "Decide with `kairos proposals approve`, which asks for the passphrase",
    });
  }
  const note: StateNote = {
    version: 1,
    id,
    verdict,
    seq: draft.seq,
    decision: pointer,
    applied: null,
  };
  const step = stageNote(host, note);
  store.commit({ record, at, steps: [step], discard: [step.from] });
  return { ...draft.stored, note, state: verdict === "approve" ? "approved" : "rejected" };
}

/**
 * Refuses a yes that does not count under the law in force.
 *
 * @param law The law in force
 * @param draft What is decided
 * @param strength How sure it is that a person decided
 * @throws {KairosError} `refused`
 */
function checkStrength(law: LawInForce, draft: DecisionDraft, strength: Strength): void {
  const unsigned = strength === "key" ? null : "the approvers of this instance have to sign";
  const problem = draft.required > 0 ? unsigned : weakness(law, strength, draft.needsStrength);
  if (problem === null) return;
  const { id } = draft.stored.proposal;
  throw new KairosError("refused", `Cannot approve proposal ${quote(id)} here: ${problem}`, {
    hint: `Decide it at a terminal: \`kairos proposals approve ${id}\``,
  });
}

/**
 * Refuses a change of something that has changed since.
 *
 * @param host The instance
 * @param law The law in force
 * @param stored The proposal
 * @throws {KairosError} `conflict`
 */
export function checkBase(
  host: EvolutionHost,
  law: LawInForce & { readonly file: LawFile },
  { proposal }: StoredProposal,
): void {
  const { kind, subject, files, base_hash, id } = proposal;
  const present = (path: string) =>
    KINDS[kind].skillset === null ? fileHash(host, path) : skillSetHash(host, subject);
  const isSame = KINDS[kind].changesLaw
    ? law.file.ast === base_hash && files[0]?.base === law.file.object
    : filesHash(files.map((file) => ({ ...file, base: present(file.path) })), "base") === base_hash;
  if (isSame) return;
  throw new KairosError("conflict", `Proposal ${quote(id)} rests on what has changed since`, {
    hint: "Propose the change again",
  });
}

/**
 * The error for a proposal whose time is over.
 *
 * @param id The proposal
 * @param expires When it ended
 * @returns `refused`
 */
export function expired(id: string, expires: string): KairosError {
  return new KairosError("refused", `Proposal ${quote(id)} expired at ${expires}`, {
    hint: "Propose the change again",
  });
}

/**
 * Stages the note of a proposal's state.
 *
 * @param host The instance; the write lock is held
 * @param note What it says
 * @param base SHA-256 of the note that is there, or `null`
 * @returns The rename that brings it into place
 */
export function stageNote(
  { store }: EvolutionHost,
  note: StateNote,
  base: string | null = null,
): IntentStep {
  const bytes = encodeNote(note);
  const stage = Stage.fill(store, PROPOSALS, (stage) => stage.file(bytes));
  return { from: stage.path, to: notePath(note.id), base };
}

/** Greater than that of the law in force and of every decision noted. */
function nextSeq({ view }: EvolutionHost, law: { readonly file: LawFile }): number {
  const look = view();
  const noted = proposalIds(look).map((id) => readNote(look, id)?.seq ?? 0);
  return 1 + noted.reduce((most, seq) => Math.max(most, seq), law.file.seq);
}
