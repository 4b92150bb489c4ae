/**
 * What the chain says about the law: its beginning, proposals, decisions, transitions.
 *
 * Each is one item of a block, compact JSON with the keys in the order of its type here. See
 * `kairos_formats/evolution.md#records`.
 *
 * @module
 */

import { type Check, hasShape, is, parseObject } from "./shape.ts";
import { asSignatures, type Signature } from "./signatures.ts";

/** How sure it is that a person decided. */
export type Strength = "terminal" | "client" | "key" | "asserted";

/** Yes or no. */
export type Verdict = "approve" | "reject";

/** The law an instance begins with. */
export interface LawGenesis {
  /** What the record is. */
  readonly type: "law_genesis";
  /** SHA-256 of the source text. */
  readonly object: string;
  /** Hash of the law as data. */
  readonly ast: string;
  /** Epoch of the approvers; 0 without any. */
  readonly epoch: number;
  /** Local time with offset. */
  readonly timestamp: string;
  /** Who acted. */
  readonly principal: string;
}

/** A change was proposed. */
export interface LawProposal {
  /** What the record is. */
  readonly type: "law_proposal";
  /** Id of the proposal. */
  readonly proposal: string;
  /** The kind of change. */
  readonly kind: string;
  /** What it is about. */
  readonly subject: string;
  /** Hash of the law, or of the files, before. */
  readonly base_hash: string;
  /** Hash of the law, or of the files, after. */
  readonly new_hash: string;
  /** SHA-256 of the proposal's document. */
  readonly proposal_hash: string;
  /** Why. */
  readonly reason: string;
  /** When it can no longer be decided or applied; UTC. */
  readonly expires: string;
  /** Local time with offset. */
  readonly timestamp: string;
  /** Who acted. */
  readonly principal: string;
}

/** A person decided. */
export interface LawDecision {
  /** What the record is. */
  readonly type: "law_decision";
  /** Id of the proposal. */
  readonly proposal: string;
  /** SHA-256 of the proposal's document. */
  readonly proposal_hash: string;
  /** Yes or no. */
  readonly verdict: Verdict;
  /** Epoch of the approvers; 0 without any. */
  readonly epoch: number;
  /** Number of the decision. */
  readonly seq: number;
  /** Hash of the law, or of the files, before. */
  readonly base_hash: string;
  /** Hash of the law, or of the files, after. */
  readonly new_hash: string;
  /** How sure it is that a person decided. */
  readonly strength: Strength;
  /** Signatures of approvers. */
  readonly signatures: readonly Signature[];
  /** When it can no longer be decided or applied; UTC. */
  readonly expires: string;
  /** Local time with offset. */
  readonly timestamp: string;
  /** Who acted. */
  readonly principal: string;
}

/** A decided change was made. The first eight keys are those of the existing implementation. */
export interface LawTransition {
  /** What changed. */
  readonly skill_id: string;
  /** Hash of the law as data before. */
  readonly prev_ast_hash: string;
  /** Hash of the law as data after. */
  readonly next_ast_hash: string;
  /** SHA-256 of both source texts joined. */
  readonly diff_hash: string;
  /** `Human`, who decided. */
  readonly actor: string;
  /** What the client called itself. */
  readonly agent_id: string;
  /** Local time with offset. */
  readonly timestamp: string;
  /** Name of the snapshot, or what was done and why. */
  readonly reason_ref: string;
  /** The kind of change. */
  readonly kind: string;
  /** Id of the proposal. */
  readonly proposal: string;
  /** Hash of the block of the decision. */
  readonly decision: string;
  /** SHA-256 of the bytes before; `null` when there were none. */
  readonly prev_object: string | null;
  /** SHA-256 of the bytes after; `null` when there are none. */
  readonly next_object: string | null;
  /** Epoch of the approvers; 0 without any. */
  readonly epoch: number;
  /** Number of the decision. */
  readonly seq: number;
  /** Who acted. */
  readonly principal: string;
}

/** Longest record that is read. */
const MAX_RECORD = 64 * 1024;

const COMMON = { timestamp: is.text, principal: is.text };

const TYPED: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  law_genesis: { object: is.hash, ast: is.hash, epoch: is.count, ...COMMON },
  law_proposal: {
    proposal: is.text,
    kind: is.text,
    subject: is.text,
    base_hash: is.hash,
    new_hash: is.hash,
    proposal_hash: is.hash,
    reason: is.text,
    expires: is.time,
    ...COMMON,
  },
  law_decision: {
    proposal: is.text,
    proposal_hash: is.hash,
    verdict: is.one("approve", "reject"),
    epoch: is.count,
    seq: is.count,
    base_hash: is.hash,
    new_hash: is.hash,
    strength: is.one("terminal", "client", "key", "asserted"),
    signatures: (value) => asSignatures(value) !== null,
    expires: is.time,
    ...COMMON,
  },
};

const TRANSITION: Readonly<Record<string, Check>> = {
  skill_id: is.text,
  next_ast_hash: is.text,
  kind: is.text,
  proposal: is.text,
  decision: is.hash,
  prev_object: is.or(is.one(null), is.hash),
  next_object: is.or(is.one(null), is.hash),
  epoch: is.count,
  seq: is.count,
  ...COMMON,
};

/** The records of the law by their sort; `foreign`: a transition made by another program. */
export interface LawRecords {
  /** The law an instance begins with. */
  readonly genesis: LawGenesis;
  /** A change was proposed. */
  readonly proposal: LawProposal;
  /** A person decided. */
  readonly decision: LawDecision;
  /** A decided change was made. */
  readonly transition: LawTransition;
  /** A transition another program made. */
  readonly foreign: { readonly skill_id: string };
}

/** A record of the law and what sort it is. */
export type LawRecord = {
  [S in keyof LawRecords]: { readonly sort: S; readonly record: LawRecords[S] };
}[keyof LawRecords];

/**
 * Reads an item of a block as a record of the law.
 *
 * @param item The item
 * @returns The record, or `null` for everything else, also for one that is malformed
 *
 * @example
 * ```ts
 * import { readLawRecord } from "./records.ts";
 *
 * if (readLawRecord('{"type":"law_genesis"}') !== null) throw new Error("that says nothing");
 * ```
 */
export function readLawRecord(item: string): LawRecord | null {
  if (item.length > MAX_RECORD || !MAYBE.test(item)) return null;
  const value = parseObject(item);
  if (value === null) return null;
  const { type, skill_id } = value;
  if (typeof type === "string") {
    const checks = Object.hasOwn(TYPED, type) ? TYPED[type] : undefined;
    if (checks === undefined || !hasShape(value, checks)) return null;
    return { sort: type.slice("law_".length), record: value as unknown } as LawRecord;
  }
  if (type !== undefined || typeof skill_id !== "string") return null;
  if (isTransition(value)) return { sort: "transition", record: value };
  if (!("prev_ast_hash" in value)) return null;
  return { sort: "foreign", record: { skill_id } };
}

function isTransition(value: unknown): value is LawTransition {
  return hasShape(value, TRANSITION);
}

/** A quick look that leaves out nearly every other item of a chain. */
const MAYBE = /"law_|"skill_id"/;
