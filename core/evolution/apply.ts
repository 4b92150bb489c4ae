/**
 * Making a decided change: files, pointer, snapshot, note and record as one unit.
 *
 * Everything is looked at again: the decision itself, its time, what it rests on, the checks.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import type { Block } from "../chain/block.ts";
import { recordTimestamp } from "../chain/timestamp.ts";
import {
  baseName,
  type Displaced,
  type IntentStep,
  isTransitName,
  transitName,
} from "../disk/mod.ts";
import type { Law } from "../dsl/ast.ts";
import { lawHash } from "../dsl/canonical.ts";
import { parseLaw } from "../dsl/parse_typescript.ts";
import { KairosError } from "../errors.ts";
import { receivedRecords, stageReceived } from "../layers/received.ts";
import { Stage } from "../layers/stage.ts";
import { type BlockPointer, findBlock } from "../ledger/block_at.ts";
import { sha256 } from "../objects/objects.ts";
import { adoptedRecords, stageAdopted } from "../protocol/adoption.ts";
import type { Foreseen } from "../store.ts";
import { quote } from "../text.ts";
import { approversNow } from "./approvers.ts";
import { needsStrongDecision } from "./checks.ts";
import { checkBase, expired, stageNote } from "./decide.ts";
import { type EvolutionHost, instanceId } from "./host.ts";
import { judgeBySet, weakness } from "./judge.ts";
import { KINDS } from "./kinds.ts";
import { encodeLawFile, LAW_FILE, LAW_SOURCE, type LawFile } from "./law_file.ts";
import { checkChange, refuseFailed } from "./propose.ts";
import { lawSource } from "./law_source.ts";
import { recordOf } from "./prove_law.ts";
import { encodeNote, readProposal, type StateNote, type StoredProposal } from "./proposal_store.ts";
import type { LawDecision } from "./records.ts";
import { requireSettledLaw, type SettledLaw } from "./settled_law.ts";
import { changeSkillSet } from "./skillset_change.ts";
import { freeVersionName, stageVersion } from "./versions.ts";

/** A change that was made. */
export interface Applied {
  /** The proposal, applied. */
  readonly stored: StoredProposal;
  /** The block of the transition. */
  readonly block: Block;
  /** Name of the new snapshot, or `null` when the law stayed as it is. */
  readonly snapshot: string | null;
  /** Edits of others found in the way; they are kept as objects. */
  readonly displaced: readonly Displaced[];
}

/** A decision that holds. */
interface Approval {
  readonly law: SettledLaw;
  readonly stored: StoredProposal;
  readonly note: StateNote;
  readonly decision: LawDecision;
  /** Whether there are approvers, whose signatures it carries. */
  readonly signed: boolean;
}

/**
 * Makes a decided change. Needs the write lock.
 *
 * @param host The instance
 * @param id The proposal
 * @param actor Who asks for it
 * @returns What was done
 * @throws {KairosError} `refused` when it is not approved, expired, used, or fails a check;
 *   `conflict` when what it rests on has changed; `corrupt` when its decision does not prove itself
 */
export function apply(host: EvolutionHost, id: string, actor: Actor): Applied {
  const approval = findApproval(host, id);
  const { stored, note } = approval;
  const done = applierOf(stored.proposal)(host, approval, actor);
  host.store.journal.note({
    action: `${stored.proposal.kind}_applied`,
    skill_id: stored.proposal.subject,
    details: { proposal: id, block: done.block.index, snapshot: done.snapshot },
  });
  const applied: BlockPointer = done.pointer;
  return {
    block: done.block,
    snapshot: done.snapshot,
    displaced: done.displaced,
    stored: { ...stored, state: "applied", note: { ...note, applied } },
  };
}

/** Looks the decision up and holds it against everything it must fit. */
function findApproval(host: EvolutionHost, id: string): Approval {
  const { store } = host;
  const law = requireSettledLaw(host);
  const stored = readProposal(host.view(), id, store.clock());
  const { proposal, note, state, hash } = stored;
  if (note === null || state === "rejected" || state === "pending") {
    throw new KairosError("refused", `Cannot apply proposal ${quote(id)}: it is ${state}`, {
      hint: `A person decides: \`kairos proposals approve ${id}\``,
      data: { state },
    });
  }
  if (state === "applied") throw used(id);
  const block = findBlock(store, note.decision);
  const decision = block === null ? null : recordOf(block, "decision");
  const fits = decision !== null && decision.proposal === id && decision.proposal_hash === hash &&
    decision.verdict === "approve" && decision.base_hash === proposal.base_hash &&
    decision.new_hash === proposal.new_hash && decision.expires === proposal.expires;
  if (!fits || block === null) {
    throw new KairosError("corrupt", `Cannot apply proposal ${quote(id)}: no block approves it`, {
      hint: "Its note was changed; look with `kairos doctor` and propose the change again",
    });
  }
  if (store.clock() >= Date.parse(decision.expires)) throw expired(id, decision.expires);
  if (isUsed(law, proposal.kind, decision, block.hash)) throw used(id);
  const { set } = approversNow(host);
  // Decided by those who may now: approvers who were replaced meanwhile do not count any more.
  const problem = judgeBySet(decision, set, instanceId(store), law.settings.required);
  if (problem !== null) {
    throw new KairosError("refused", `Cannot apply proposal ${quote(id)}: ${problem}`);
  }
  checkBase(host, law, stored);
  return { law, stored, note: { ...note, seq: decision.seq }, decision, signed: set !== null };
}

/** A law that was decided earlier is overtaken by the one in force; anything else is used once. */
function isUsed(
  { file, replay }: SettledLaw,
  kind: StoredProposal["proposal"]["kind"],
  { seq, epoch }: LawDecision,
  hash: string,
): boolean {
  if (KINDS[kind].changesLaw && epoch <= file.epoch && seq <= file.seq) return true;
  return !replay.isOpen(hash);
}

function used(id: string): KairosError {
  return new KairosError("refused", `Cannot apply proposal ${quote(id)}: its decision was used`, {
    hint: "Propose the change again",
  });
}

/** What the two ways of applying give back. */
type Done = Omit<Applied, "stored"> & { readonly pointer: BlockPointer };

function applyLaw(host: EvolutionHost, approval: Approval, actor: Actor): Done {
  const { store } = host;
  const { law, stored: { proposal }, decision, note } = approval;
  const source = lawSource(store, proposal.files[0]!.new!);
  const after = source === null ? "its source text is not kept here" : parsed(source);
  recheck(host, approval, after);
  if (source === null || typeof after === "string" || lawHash(after) !== proposal.new_hash) {
    throw new KairosError("corrupt", "Cannot apply the proposal: its source says something else");
  }
  const bytes = new TextEncoder().encode(source);
  const object = sha256(bytes);
  const snapshot = freeVersionName(store, object);
  const record = transition(host, approval, actor, {
    skill_id: proposal.subject,
    prev_ast_hash: proposal.base_hash,
    next_ast_hash: proposal.new_hash,
    diff_hash: sha256(law.source + source),
    reason_ref: snapshot,
  });
  const foreseen = store.foresee(record);
  const file: LawFile = {
    version: 1,
    epoch: decision.epoch,
    seq: decision.seq,
    object,
    ast: proposal.new_hash,
    proposal: proposal.id,
    decision: note.decision,
    applied: foreseen.pointer,
  };
  const steps = [
    ...stageVersion(store, snapshot, { source: bytes, law: file, reason: proposal.reason }),
    stageFile(host, LAW_SOURCE, bytes, law.file.object),
    stageFile(host, LAW_FILE, encodeLawFile(file), sha256(encodeLawFile(law.file))),
  ];
  return { ...commit(host, approval, record, foreseen, steps), snapshot };
}

function applierOf({ kind }: StoredProposal["proposal"]) {
  const { changesLaw, skillset, makes } = KINDS[kind];
  if (changesLaw) return applyLaw;
  if (makes !== null) return applyEntry;
  return skillset === null ? applyFiles : applySkillSet;
}

function applyFiles(host: EvolutionHost, approval: Approval, actor: Actor): Done {
  const { store } = host;
  const { proposal } = approval.stored;
  recheck(host, approval, null);
  const steps = proposal.files.map(({ path, base, new: next }): IntentStep => {
    if (next === null) return { from: path, to: `skills/${transitName("trash")}`, base: null };
    const bytes = store.objects.get(next);
    if (bytes !== null) return stageFile(host, path, bytes, base);
    throw new KairosError("corrupt", `Cannot apply the proposal: ${quote(path)} is not kept here`);
  });
  const record = fileTransition(host, approval, actor);
  const foreseen = store.foresee(record);
  return { ...commit(host, approval, record, foreseen, steps), snapshot: null };
}

/** The SkillSet changes as it would without a decision; its own record stands beside the transition. */
function applySkillSet(host: EvolutionHost, approval: Approval, actor: Actor): Done {
  const { proposal } = approval.stored;
  recheck(host, approval, null);
  const transition = fileTransition(host, approval, actor);
  const made: Done[] = [];
  changeSkillSet(host, proposal, actor, ({ record, steps }) => {
    const beside = record === null ? [] : [record];
    const foreseen = host.store.foresee(transition, beside);
    const done = { ...commit(host, approval, transition, foreseen, steps, beside), snapshot: null };
    made.push(done);
    return done;
  });
  const [done] = made;
  if (done !== undefined) return done;
  throw new KairosError("conflict", `Proposal ${quote(proposal.id)} would change nothing any more`);
}

/** How entries are made by a decision; only some of them take the place of one that is there. */
interface Making {
  readonly recordsOf: (
    store: EvolutionHost["store"],
    path: string,
    bytes: Uint8Array,
    actor: Actor,
    base: string | null,
  ) => readonly string[];
  readonly stage: (
    host: EvolutionHost,
    path: string,
    bytes: Uint8Array,
    base: string | null,
  ) => IntentStep;
}

const MAKING: Readonly<Record<"received" | "adopted", Making>> = {
  received: { recordsOf: receivedRecords, stage: stageReceived },
  adopted: { recordsOf: adoptedRecords, stage: stageAdopted },
};

/** The entry is kept as it would be without a decision; its own records stand beside the transition. */
function applyEntry(host: EvolutionHost, approval: Approval, actor: Actor): Done {
  const { store } = host;
  const { kind, files: [file] } = approval.stored.proposal;
  const { makes } = KINDS[kind];
  recheck(host, approval, null);
  const bytes = file?.new === null || file === undefined ? null : store.objects.get(file.new);
  if (bytes === null || file === undefined || makes === null) {
    throw new KairosError("corrupt", "Cannot apply the proposal: its entry is not kept here");
  }
  const { recordsOf, stage } = MAKING[makes];
  const beside = recordsOf(store, file.path, bytes, actor, file.base);
  const transition = fileTransition(host, approval, actor);
  const steps = [stage(host, file.path, bytes, file.base)];
  const foreseen = store.foresee(transition, beside);
  return { ...commit(host, approval, transition, foreseen, steps, beside), snapshot: null };
}

/** The transition of a change of anything but the law. */
function fileTransition(host: EvolutionHost, approval: Approval, actor: Actor): string {
  const { proposal } = approval.stored;
  const [file] = proposal.files;
  const text = (hash: string | null | undefined) => hash ?? "nil";
  return transition(host, approval, actor, {
    skill_id: `${proposal.kind}:${proposal.subject}`,
    prev_ast_hash: text(file?.base),
    next_ast_hash: text(file?.new),
    diff_hash: sha256((file?.base ?? "") + (file?.new ?? "")),
    reason_ref: `${verb(file)}_${proposal.kind}: ${proposal.reason}`,
  });
}

function commit(
  host: EvolutionHost,
  { note }: Approval,
  record: string,
  { pointer, at }: Foreseen,
  steps: readonly IntentStep[],
  beside: readonly string[] = [],
): Omit<Done, "snapshot"> {
  const noted = stageNote(host, { ...note, applied: pointer }, sha256(encodeNote(note)));
  const all = [...steps, noted];
  const discard = all.flatMap(({ from, to }) => [from, to])
    .filter((path) => isTransitName(baseName(path)));
  const { block, displaced } = host.store.commit({
    record,
    beside,
    at,
    steps: all,
    discard,
  });
  return { block, displaced, pointer };
}

/** The checks once more, against the law as it is now. */
function recheck(
  host: EvolutionHost,
  { law, stored: { proposal }, decision, signed }: Approval,
  after: Law | string | null,
): void {
  const checks = checkChange(host, law, { files: proposal.files, after }, proposal);
  refuseFailed("apply", checks);
  const problem = signed ? null : weakness(law, decision.strength, needsStrongDecision(checks));
  if (problem === null) return;
  throw new KairosError("refused", `Cannot apply proposal ${quote(proposal.id)}: ${problem}`);
}

function transition(
  { store }: EvolutionHost,
  { law, stored: { proposal }, note, decision }: Approval,
  actor: Actor,
  hashes: Readonly<
    Record<"skill_id" | "prev_ast_hash" | "next_ast_hash" | "diff_hash" | "reason_ref", string>
  >,
): string {
  const { skill_id, prev_ast_hash, next_ast_hash, diff_hash, reason_ref } = hashes;
  const isLaw = KINDS[proposal.kind].changesLaw;
  return JSON.stringify({
    skill_id,
    prev_ast_hash,
    next_ast_hash,
    diff_hash,
    actor: "Human",
    agent_id: actor.agentId ?? "Kairos",
    timestamp: recordTimestamp(store.clock()),
    reason_ref,
    kind: proposal.kind,
    proposal: proposal.id,
    decision: note.decision.hash,
    prev_object: isLaw ? law.file.object : proposal.files[0]?.base ?? null,
    next_object: proposal.files[0]?.new ?? null,
    epoch: decision.epoch,
    seq: decision.seq,
    principal: actor.principal,
  });
}

function stageFile(
  { store }: EvolutionHost,
  path: string,
  bytes: Uint8Array,
  base: string | null,
): IntentStep {
  const stage = Stage.fill(store, "skills", (stage) => stage.file(bytes));
  return { from: stage.path, to: path, base };
}

function verb(file: { readonly base: string | null; readonly new: string | null } | undefined) {
  if (file?.new === null) return "delete";
  return file?.base === null ? "create" : "update";
}

function parsed(source: string): Law | string {
  try {
    return parseLaw(source, { file: LAW_SOURCE });
  } catch (error) {
    if (error instanceof KairosError) return error.message;
    throw error;
  }
}
