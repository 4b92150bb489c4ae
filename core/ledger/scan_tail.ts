/**
 * The end of a ledger in a layout of somebody else's.
 *
 * @module
 */

import { type Block, GENESIS } from "../chain/block.ts";
import { BlockScanner } from "../chain/scan.ts";
import { KairosError } from "../errors.ts";
import { asBlock } from "./shape.ts";
import { StrictText } from "./strict_text.ts";
import { follows, type ReadAt, type Tail } from "./tail.ts";

const PIECE = 256 * 1024;
const CLOSING_BRACKET = 0x5d;
const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * Understands the end of a ledger by reading all of it.
 *
 * @param read Reads the file
 * @param size Its size in bytes
 * @returns The tail, never a torn one, or `null` when the file is damaged
 */
export function scanTail(read: ReadAt, size: number): Tail | null {
  const scanner = new BlockScanner();
  const strict = new StrictText();
  let previous: Block | null = null;
  let last: Block | null = null;
  try {
    for (let at = 0; at < size; at += PIECE) {
      for (const { value } of scanner.push(strict.next(read(at, Math.min(PIECE, size - at))))) {
        previous = last;
        last = asBlock(value);
      }
    }
    strict.end();
    scanner.end();
  } catch (error) {
    if (error instanceof KairosError && error.code !== "io") return null;
    throw error;
  }
  if (last === null) return null;
  const linked = last.index === 0
    ? last.hash === GENESIS.hash
    : previous !== null && follows(last, previous);
  return linked ? { last, end: endOfBlocks(read, size), torn: false, usual: false } : null;
}

/** Offset of the first byte after the last block of a well-formed array. */
function endOfBlocks(read: ReadAt, size: number): number {
  let closed = false;
  for (let to = size; to > 0; to -= PIECE) {
    const from = Math.max(0, to - PIECE);
    const bytes = read(from, to - from);
    for (let i = bytes.length - 1; i >= 0; i--) {
      if (BLANKS.has(bytes[i]!)) continue;
      if (closed || bytes[i] !== CLOSING_BRACKET) return from + i + 1;
      closed = true;
    }
  }
  return 0;
}
