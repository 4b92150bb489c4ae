/**
 * Pages: cursors, and a bounded walk from the newest block down.
 *
 * @module
 */

import type { Block } from "../../core/chain/block.ts";
import { KairosError } from "../../core/errors.ts";
import type { RecordFilter, RecordFinder } from "../../core/layers/record_facts.ts";
import { quote } from "../../core/text.ts";

/**
 * A cursor for a position.
 *
 * @param position A whole number
 * @returns Text a client hands back unread
 */
export function cursorOf(position: number): string {
  return `p${position.toString(36)}`;
}

/**
 * The position in a cursor.
 *
 * @param cursor What a client handed back
 * @returns The position, or `null` without a cursor
 * @throws {KairosError} `invalid` for text that is no cursor
 */
export function positionOf(cursor: string | undefined): number | null {
  if (cursor === undefined) return null;
  if (!/^p[0-9a-z]{1,10}$/.test(cursor)) {
    throw new KairosError("invalid", `Cannot continue at ${quote(cursor)}: it is no cursor`, {
      hint: "Pass next_cursor of the page before as it is, or leave cursor out",
    });
  }
  return parseInt(cursor.slice(1), 36);
}

/** Bounds of a walk. */
export interface WalkOptions {
  /** Which blocks may hold something. */
  readonly filter: RecordFilter;
  /** Only blocks below this height; all of them when `null`. */
  readonly below: number | null;
  /** Most things to find. */
  readonly limit: number;
  /** Most blocks to look at. */
  readonly maxBlocks: number;
  /** Ends the walk. */
  readonly signal: AbortSignal;
}

/** What a walk found. */
export interface Walk<T> {
  /** What was found, newest first. */
  readonly found: readonly T[];
  /** Height to continue below, or `null` at the beginning of the chain. */
  readonly next: number | null;
}

/** Most characters of found items, so that an answer stays an answer. */
const MAX_TEXT = 2 * 1024 * 1024;

/**
 * Walks down from the newest block through those that may hold something.
 *
 * @param records Finds the blocks
 * @param options Bounds
 * @param pick What to take from a block; all of it counts as one thing found
 * @returns What was found, and where to go on
 * @throws {KairosError} `corrupt` at something that is no block
 */
export async function walkDown<T>(
  records: RecordFinder,
  { filter, below, limit, maxBlocks, signal }: WalkOptions,
  pick: (block: Block) => T[],
): Promise<Walk<T>> {
  const found: T[] = [];
  let looked = 0;
  let text = 0;
  for await (const block of records.blocks({ ...filter, below: below ?? undefined }, signal)) {
    const taken = pick(block);
    const size = taken.length === 0 ? 0 : block.data.reduce((sum, item) => sum + item.length, 0);
    const isFull = found.length > 0 && (found.length >= limit || text + size > MAX_TEXT);
    if (looked >= maxBlocks || (isFull && taken.length > 0)) {
      return { found, next: block.index + 1 };
    }
    looked++;
    text += size;
    found.push(...taken);
  }
  return { found, next: null };
}
