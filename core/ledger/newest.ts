/**
 * Reads a ledger from its end.
 *
 * @module
 */

import type { Block } from "../chain/block.ts";
import { BlockScanner } from "../chain/scan.ts";
import { KairosError } from "../errors.ts";
import { asBlock } from "./shape.ts";
import { StrictText } from "./strict_text.ts";
import type { ReadAt } from "./tail.ts";

const HEAD = "\n  {\n";
const WINDOW = 256 * 1024;
const LATIN1 = new TextDecoder("latin1");
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The blocks before a position, newest first. In the usual layout only what is asked for is read; a
 * file in another layout is read once as a whole.
 *
 * @param read Reads the file
 * @param end Offset of the first byte after the last block
 * @returns The blocks
 * @throws {KairosError} `corrupt` at something that is no block
 */
export function* newestBlocks(read: ReadAt, end: number): Generator<Block> {
  let rest = end;
  for (const { block, start } of usualLayout(read, end)) {
    yield block;
    rest = start;
    if (block.index === 0) return;
  }
  yield* anyLayout(read, rest);
}

/** Walks back as long as blocks stand in the usual layout. */
function* usualLayout(read: ReadAt, end: number): Generator<{ block: Block; start: number }> {
  let stop = end;
  for (let length = WINDOW; stop > 0;) {
    const from = Math.max(0, stop - length);
    const bytes = read(from, stop - from);
    const text = LATIN1.decode(bytes);
    let cut = text.length;
    while (cut > 0) {
      const head = text.lastIndexOf(HEAD, cut - 1);
      if (head < 0) break;
      const block = parse(bytes.subarray(head + 1, cut));
      if (block === null) return;
      // Before the head stands the comma that follows the previous block, or the opening bracket.
      cut = head - 1;
      yield { block, start: from + cut };
      if (block.index === 0) return;
    }
    if (cut === text.length) {
      if (from === 0) return;
      length *= 4;
    } else length = WINDOW;
    stop = from + cut;
  }
}

function parse(bytes: Uint8Array): Block | null {
  try {
    return asBlock(JSON.parse(UTF8.decode(bytes)));
  } catch {
    return null;
  }
}

/** Reads everything before a position and turns it round. */
function* anyLayout(read: ReadAt, end: number): Generator<Block> {
  const scanner = new BlockScanner();
  const strict = new StrictText();
  const blocks: Block[] = [];
  for (let at = 0; at < end; at += WINDOW) {
    const text = strict.next(read(at, Math.min(WINDOW, end - at)));
    for (const { value } of scanner.push(text)) {
      const block = asBlock(value);
      if (block === null) {
        throw new KairosError("corrupt", "Cannot read the ledger: no block there");
      }
      blocks.push(block);
    }
  }
  yield* blocks.reverse();
}
