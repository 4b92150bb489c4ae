/**
 * What changed since the last state commit.
 *
 * Nothing is kept for it: the chain tells of law and knowledge, the journal of contexts, and both
 * survive a restart. Both are read from their ends, as far as there is anything since the last commit
 * and never beyond a bound. See `kairos_formats/state.md#pending-changes`.
 *
 * @module
 */

import type { Block } from "../chain/block.ts";
import { parseRecord } from "../chain/parse_record.ts";
import { readLawRecord } from "../evolution/records.ts";
import { isKind, KINDS } from "../evolution/kinds.ts";
import type { JournalLine } from "../journal/journal.ts";
import { recordsOf } from "../layers/records.ts";
import type { Store } from "../store.ts";

/** What can happen, in the order in which it is counted. */
export const PENDING_ACTIONS = [
  "create",
  "update",
  "delete",
  "promote",
  "demote",
  "archive",
  "unarchive",
] as const;

/** One of {@linkcode PENDING_ACTIONS}. */
export type PendingAction = typeof PENDING_ACTIONS[number];

/** One change since the last commit. */
export interface PendingChange {
  /** Where it happened. */
  readonly layer: "L0" | "L1" | "L2";
  /** What happened. */
  readonly action: PendingAction;
  /** To what. */
  readonly skill_id: string;
  /** Why, or `null`. */
  readonly reason: string | null;
  /** `block`: where it is on the chain. */
  readonly metadata: { readonly block?: number };
  /** Local time with its offset. */
  readonly timestamp: string;
}

/** Pending changes in numbers. */
export interface PendingSummary {
  /** All of them. */
  readonly total: number;
  /** By layer. */
  readonly by_layer: Readonly<Record<PendingChange["layer"], number>>;
  /** By what happened. */
  readonly by_action: Readonly<Record<PendingAction, number>>;
  /** Whether the law changed. */
  readonly has_l0_change: boolean;
  /** Whether a context became knowledge. */
  readonly has_promotion: boolean;
  /** Whether knowledge went out of use. */
  readonly has_demotion: boolean;
}

/** What is pending, and since when. */
export interface Pending {
  /** The changes, oldest first. */
  readonly changes: readonly PendingChange[];
  /** Whether there may be more than were looked for. */
  readonly isCut: boolean;
  /** Why the last automatic commit failed, if it did since the last commit. */
  readonly failure: string | null;
}

/** Journal line of a commit that was made. */
export const COMMITTED = "state_committed";
/** Journal line of an automatic commit that failed. */
export const COMMIT_FAILED = "state_commit_failed";

/** Most blocks that are walked back. */
const MAX_BLOCKS = 1000;
/** Most changes that are told. */
const MAX_CHANGES = 1000;

const CONTEXT_ACTIONS: Readonly<Record<string, PendingAction>> = {
  context_created: "create",
  context_updated: "update",
  context_deleted: "delete",
  context_session_deleted: "delete",
};

/** The record of the last commit. */
export interface LastCommit {
  /** Its block. */
  readonly block: number;
  /** When it was made, milliseconds since the epoch. */
  readonly time: number;
}

/** What a walk from the end of the chain found, so that the next one need not go as far. */
export interface Walked {
  /** The block it began at, or `null` for no chain. */
  readonly tip: { readonly index: number; readonly hash: string } | null;
  /** The changes, oldest first. */
  readonly changes: readonly PendingChange[];
  /** The last commit, if it was met. */
  readonly last: LastCommit | null;
  /** Whether it ended before a commit and before the beginning. */
  readonly isCut: boolean;
}

/**
 * What the end of the chain tells of changes since the last commit.
 *
 * @param store The chain
 * @param before What an earlier walk found
 * @returns The changes
 * @throws {KairosError} `corrupt` at something that is no block
 */
export function walkChain({ ledger }: Pick<Store, "ledger">, before: Walked | null = null): Walked {
  const found: PendingChange[] = [];
  let tip: Walked["tip"] = null;
  let walked = 0;
  for (const block of ledger.newest()) {
    const { index, hash } = block;
    tip ??= { index, hash };
    if (before?.tip?.index === index && before.tip.hash === hash) {
      const changes = [...before.changes, ...found.reverse()];
      const isCut = before.isCut || changes.length > MAX_CHANGES;
      return { tip, changes: changes.slice(-MAX_CHANGES), last: before.last, isCut };
    }
    const last = commitIn(block);
    if (last !== null) return { tip, changes: found.reverse(), last, isCut: false };
    if (++walked > MAX_BLOCKS || found.length >= MAX_CHANGES) {
      return { tip, changes: found.reverse(), last: null, isCut: true };
    }
    found.push(...changesIn(block));
  }
  return { tip, changes: found.reverse(), last: null, isCut: false };
}

/**
 * What changed since the last commit.
 *
 * @param store Chain and journal
 * @param walked What the chain tells; looked up unless given
 * @returns The changes
 * @throws {KairosError} `corrupt` at something that is no block
 */
export function pendingChanges(
  store: Pick<Store, "ledger" | "journal">,
  walked: Walked = walkChain(store),
): Pending {
  const { last, isCut } = walked;
  const lines = since(store.journal.newest(MAX_CHANGES), last);
  const failed = lines.findLast(({ action }) => action === COMMIT_FAILED);
  const message = failed?.details?.message;
  return {
    changes: [...walked.changes, ...lines.flatMap(contextChange)]
      .sort((a, b) => timeOf(a.timestamp) - timeOf(b.timestamp)),
    isCut: isCut || lines.length >= MAX_CHANGES,
    failure: typeof message === "string" ? message : null,
  };
}

/**
 * Pending changes in numbers.
 *
 * @param changes The changes
 * @returns The numbers, as the existing implementation counts them
 */
export function summarizePending(
  changes: readonly Pick<PendingChange, "layer" | "action">[],
): PendingSummary {
  const by_layer = { L0: 0, L1: 0, L2: 0 };
  const by_action = {
    create: 0,
    update: 0,
    delete: 0,
    promote: 0,
    demote: 0,
    archive: 0,
    unarchive: 0,
  };
  for (const { layer, action } of changes) {
    by_layer[layer]++;
    by_action[action]++;
  }
  return {
    total: changes.length,
    by_layer,
    by_action,
    has_l0_change: by_layer.L0 > 0,
    has_promotion: by_action.promote > 0,
    has_demotion: by_action.demote + by_action.archive > 0,
  };
}

function commitIn(block: Block): LastCommit | null {
  for (const item of block.data) {
    if (!item.includes("state_commit")) continue;
    const fields = parseRecord(item);
    if (fields?.type !== "state_commit") continue;
    const { timestamp } = fields;
    return {
      block: block.index,
      time: timeOf(typeof timestamp === "string" ? timestamp : block.timestamp),
    };
  }
  return null;
}

/** The changes a block tells of, last first. */
function changesIn(block: Block): PendingChange[] {
  const metadata = { block: block.index };
  const knowledge = recordsOf(block).flatMap((record): PendingChange[] => {
    const { name: skill_id, reason } = record;
    const isPromotion = /^create|^update/.test(record.action) &&
      reason?.startsWith("Promotion: ") === true;
    const action = isPromotion ? "promote" : record.action;
    const timestamp = record.timestamp ?? block.timestamp;
    return isAction(action) ? [{ layer: "L1", action, skill_id, reason, metadata, timestamp }] : [];
  });
  const law = block.data.flatMap((item): PendingChange[] => {
    const found = readLawRecord(item);
    if (found?.sort === "foreign") {
      const { skill_id } = found.record;
      const { timestamp } = block;
      return [{ layer: "L0", action: "update", skill_id, reason: null, metadata, timestamp }];
    }
    if (found?.sort !== "transition") return [];
    const { kind, skill_id, reason_ref: reason, timestamp } = found.record;
    const action = kind === "skill_add" ? "create" : "update";
    const isLaw = isKind(kind) && KINDS[kind].changesLaw;
    return isLaw ? [{ layer: "L0", action, skill_id, reason, metadata, timestamp }] : [];
  });
  return [...knowledge, ...law].reverse();
}

function contextChange({ action, skill_id, timestamp }: JournalLine): PendingChange[] {
  const done = Object.hasOwn(CONTEXT_ACTIONS, action) ? CONTEXT_ACTIONS[action] : undefined;
  if (done === undefined || typeof skill_id !== "string" || typeof timestamp !== "string") {
    return [];
  }
  return [{ layer: "L2", action: done, skill_id, reason: null, metadata: {}, timestamp }];
}

/**
 * The lines behind the note of a commit. Where a crash came before the note, those of its second and
 * later ones.
 */
function since(lines: readonly JournalLine[], last: LastCommit | null): readonly JournalLine[] {
  if (last === null) return lines;
  const note = lines.findLastIndex(({ action, details }) =>
    action === COMMITTED && details?.block === last.block
  );
  if (note >= 0) return lines.slice(note + 1);
  return lines.filter(({ timestamp }) => timeOf(timestamp) >= last.time);
}

function isAction(action: string): action is PendingAction {
  return PENDING_ACTIONS.some((known) => known === action);
}

/** Milliseconds since the epoch; what is no time stands first. */
function timeOf(timestamp: unknown): number {
  const time = typeof timestamp === "string" ? Date.parse(timestamp) : NaN;
  return Number.isNaN(time) ? 0 : time;
}
