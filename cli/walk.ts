/**
 * Walking the chain without keeping a person waiting who wants to stop.
 *
 * @module
 */

import type { Block } from "../core/chain/block.ts";
import type { Ledger } from "../core/ledger/ledger.ts";

/** Blocks between two moments in which the process listens. */
const STRIDE = 256;

/**
 * The blocks, newest first; the process hears signals in between.
 *
 * @param ledger The chain
 * @returns The blocks
 */
export async function* newestBlocks(ledger: Ledger): AsyncGenerator<Block> {
  let walked = 0;
  for (const block of ledger.newest()) {
    if (++walked % STRIDE === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    yield block;
  }
}
