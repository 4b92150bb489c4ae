/**
 * Where blocks are kept: the seam between the chain and its storage.
 *
 * @module
 */

import type { Block } from "../chain/block.ts";
import type { LedgerState } from "../chain/verify.ts";
import type { PlacedBlock } from "./placed.ts";

/** What a look at the end of a ledger tells; never the outcome of a verification. */
export interface Head {
  /** State as far as the end shows it. */
  readonly state: LedgerState;
  /** Number of blocks; 0 unless the state is `readable`. */
  readonly length: number;
  /** The last block, or `null` unless the state is `readable`. */
  readonly last: Block | null;
  /** What is wrong, when something is. */
  readonly problem: string | null;
}

/** A ledger. Appending needs the instance's write lock; reading needs nothing. */
export interface Ledger {
  /** The end of the chain, without reading the rest. */
  head(): Head;
  /**
   * Adds one block and makes it durable.
   *
   * @param items The block's items
   * @param timestamp Its canonical timestamp
   * @returns The block, acknowledged: it survives whatever happens next
   * @throws {KairosError} `corrupt` when the end of the chain is damaged, `io` when the disk refuses;
   *   the ledger is as before then
   */
  append(items: readonly string[], timestamp: string): Block;
  /** The blocks from the newest to the oldest. */
  newest(): Iterable<Block>;
  /** The blocks from the oldest to the newest. */
  oldest(): AsyncIterable<Block>;
  /**
   * The blocks from the oldest to the newest with where they stand.
   *
   * @param from Offset in bytes behind a block, to begin with the next one; 0 for all of them
   * @returns The blocks, read as far as they are asked for
   * @throws {KairosError} `corrupt` at something that is no block
   */
  placed(from?: number): Iterable<PlacedBlock>;
  /**
   * Reads one block.
   *
   * @param at Offset of its first byte
   * @param size Its size in bytes
   * @returns The block with its true hash, or `null` when no block stands there
   */
  blockAt(at: number, size: number): Block | null;
  /** The stored bytes, a consistent picture even while others append. */
  bytes(): AsyncIterable<Uint8Array>;
}
