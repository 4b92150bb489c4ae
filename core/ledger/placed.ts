/**
 * Blocks by their place in the file, for readers that come back to them.
 *
 * @module
 */

import type { Block } from "../chain/block.ts";
import { BlockScanner, MAX_ELEMENT } from "../chain/scan.ts";
import type { DiskFile } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { asBlock } from "./shape.ts";
import { StrictText } from "./strict_text.ts";
import type { ReadAt } from "./tail.ts";

/** A block and where it stands. */
export interface PlacedBlock {
  /** The block, its hash recomputed. */
  readonly block: Block;
  /** Offset of its first byte. */
  readonly at: number;
  /** Its size in bytes. */
  readonly size: number;
}

const PIECE = 256 * 1024;
/** A UTF-16 unit takes at most so many bytes of UTF-8. */
const MAX_SIZE = 3 * MAX_ELEMENT;

/**
 * The blocks between two positions, oldest first.
 *
 * @param read Reads the file
 * @param from 0, or the offset of the first byte behind a block
 * @param end Offset of the first byte behind the last block
 * @returns The blocks
 * @throws {KairosError} `corrupt` at something that is no block
 */
export function* placedBlocks(read: ReadAt, from: number, end: number): Generator<PlacedBlock> {
  const scanner = new BlockScanner(from === 0 ? "start" : "element");
  const strict = new StrictText();
  // Between two blocks there are only characters of one byte.
  let units = 0;
  let bytes = from;
  for (let at = from; at < end; at += PIECE) {
    const text = strict.next(read(at, Math.min(PIECE, end - at)));
    for (const { value, text: own, at: start } of scanner.push(text)) {
      const block = asBlock(value);
      if (block === null) {
        throw new KairosError("corrupt", "Cannot read the ledger: no block there");
      }
      const placed = { block, at: bytes + start - units, size: byteLength(own) };
      units = start + own.length;
      bytes = placed.at + placed.size;
      yield placed;
    }
  }
}

/**
 * Reads the block at a place.
 *
 * @param file The ledger file
 * @param at Offset of its first byte
 * @param size Its size in bytes
 * @returns The block, or `null` when exactly there is none
 */
export function blockAt(file: DiskFile, at: number, size: number): Block | null {
  const isPlace = Number.isSafeInteger(at) && at >= 0 && Number.isSafeInteger(size) && size > 0 &&
    size <= MAX_SIZE && at + size <= file.facts().size;
  if (!isPlace) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(file.readAt(at, size));
    return asBlock(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

const ENCODER = new TextEncoder();

/** Most text is ASCII, and then it is counted already. */
function byteLength(text: string): number {
  // deno-lint-ignore no-control-regex
  return /^[\x00-\x7f]*$/.test(text) ? text.length : ENCODER.encode(text).length;
}
