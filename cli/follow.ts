/**
 * New blocks as they come.
 *
 * @module
 */

import type { Block } from "../core/chain/block.ts";
import type { Ledger } from "../core/ledger/ledger.ts";

/** Milliseconds between two looks at the end of the chain, which cost next to nothing. */
const INTERVAL = 250;

/**
 * Waits for blocks that are appended from now on.
 *
 * @param ledger The chain
 * @param known How many blocks there were
 * @param signal Ends the waiting
 * @returns The blocks in their order; a chain that became shorter is followed from its new end
 */
export async function* comingBlocks(
  ledger: Ledger,
  known: number,
  signal: AbortSignal,
): AsyncGenerator<Block> {
  let next = known;
  while (!signal.aborted) {
    const { state, length } = ledger.head();
    if (state === "readable" && length > next) {
      const found: Block[] = [];
      for (const block of ledger.newest()) {
        if (block.index < next) break;
        found.push(block);
      }
      yield* found.toReversed();
    }
    if (state === "readable") next = length;
    await pause(signal);
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, INTERVAL);
    signal.addEventListener("abort", end, { once: true });
  });
}
