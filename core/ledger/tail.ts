/**
 * The end of a ledger file: what appending looks at instead of the whole.
 *
 * An append writes `,\n` over the file's closing `\n]`, and the new block with a new closing after
 * it, the latter first. A crash in between leaves one of a few known shapes; they are told apart here
 * from damage, which is never touched. See `kairos_formats/chain.md#appending`.
 *
 * @module
 */

import { type Block, GENESIS } from "../chain/block.ts";
import { merkleRoot } from "../chain/merkle.ts";
import { asBlock } from "./shape.ts";

/** The end of a ledger, understood. */
export interface Tail {
  /** The last block, its hash recomputed. */
  readonly last: Block;
  /** Offset of the first byte after the last block. */
  readonly end: number;
  /** Whether bytes after `end` are what an interrupted append leaves, and can be cut. */
  readonly torn: boolean;
  /**
   * Whether the file ends exactly as kairos writes it, so that an interrupted append can be told from
   * damage.
   */
  readonly usual: boolean;
}

/** Reads bytes of the ledger. */
export type ReadAt = (at: number, length: number) => Uint8Array;

const HEAD = "\n  {\n";
const FOOT = "\n  }";
const CLOSING = "\n]";
const JOINT = ",\n";
const FIRST_WINDOW = 64 * 1024;
/** Two of the largest blocks fit in here. */
const LAST_WINDOW = 64 * 1024 * 1024;
/** An interrupted append leaves at most one unfinished block behind the last whole one. */
const TORN_CANDIDATES = 4;
const SPACE = /^[ \t\r\n]*$/;
const OPENING = /^[ \t\r\n]*\[/;
/** How far into the file its opening bracket is looked for. */
const OPENING_WIDTH = 16;

/** Bytes with their offset in the file; `text` has one character for each byte. */
interface Window {
  readonly start: number;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/**
 * Understands the end of a ledger that is laid out as kairos writes it.
 *
 * @param read Reads the file
 * @param size Its size in bytes
 * @returns The tail, or `null` when the layout is another or the end is damaged
 */
export function readTail(read: ReadAt, size: number): Tail | null {
  // With a byte order mark or another first character no reader takes the file for a list.
  if (!OPENING.test(LATIN1.decode(read(0, OPENING_WIDTH)))) return null;
  for (let length = FIRST_WINDOW;; length *= 8) {
    const start = Math.max(0, size - length);
    const bytes = read(start, size - start);
    const window = { start, bytes, text: LATIN1.decode(bytes) };
    const found = closedTail(window) ?? tornTail(window);
    if (found !== null) return found;
    if (start === 0 || length > LAST_WINDOW) return null;
  }
}

const LATIN1 = new TextDecoder("latin1");
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** The tail of a file that ends as it should. */
function closedTail(window: Window): Tail | null {
  const closing = window.text.lastIndexOf(CLOSING);
  if (closing < 0 || !SPACE.test(window.text.slice(closing + CLOSING.length))) return null;
  if (!window.text.endsWith(FOOT, closing)) return null;
  const last = linkedBlock(window, closing);
  const usual = closing + CLOSING.length === window.text.length;
  return last === null ? null : { last, end: window.start + closing, torn: false, usual };
}

/** The tail of a file an append was interrupted in: the last whole block before the torn one. */
function tornTail(window: Window): Tail | null {
  let foot = window.text.lastIndexOf(FOOT);
  for (let tries = 0; foot >= 0 && tries < TORN_CANDIDATES; tries++) {
    const end = foot + FOOT.length;
    const last = linkedBlock(window, end);
    if (last !== null) {
      const torn = isInterrupted(window.text.slice(end), last.index + 1);
      return torn ? { last, end: window.start + end, torn, usual: true } : null;
    }
    foot = foot === 0 ? -1 : window.text.lastIndexOf(FOOT, foot - 1);
  }
  return null;
}

/**
 * Whether what follows the last whole block is what an interrupted append leaves.
 *
 * Of the two bytes that join the blocks each may be old or new; of the new block any part may be
 * missing at the end or read as zeros. A block that is there to its closing bracket without a zero
 * was written completely: then the damage is another, and the block may have been acknowledged.
 */
function isInterrupted(rest: string, index: number): boolean {
  const joint = rest.slice(0, 2);
  if (!/^(?:[,\n\0][\n\]\0]?)?$/.test(joint)) return false;
  const block = rest.slice(2);
  const opening = `  {\n    "index": ${index},`;
  for (let i = 0; i < Math.min(opening.length, block.length); i++) {
    if (block[i] !== opening[i] && block[i] !== "\0") return false;
  }
  const complete = block.endsWith(CLOSING) && !block.includes("\0");
  return !complete || joint !== JOINT;
}

/** The block that ends at a position, if it is one and follows from the block before it. */
function linkedBlock(window: Window, end: number): Block | null {
  const start = window.text.lastIndexOf(HEAD, end - FOOT.length - 1);
  if (start < 0) return null;
  const block = parseBlock(window, start + 1, end);
  if (block === null) return null;
  if (block.index === 0) {
    const opens = window.start === 0 && window.text.slice(0, start) === "[";
    return opens && block.hash === GENESIS.hash ? block : null;
  }
  if (window.text[start - 1] !== "," || !window.text.endsWith(FOOT, start - 1)) return null;
  const before = window.text.lastIndexOf(HEAD, start - 1 - FOOT.length);
  const previous = before < 0 ? null : parseBlock(window, before + 1, start - 1);
  return previous !== null && follows(block, previous) ? block : null;
}

function parseBlock(window: Window, from: number, to: number): Block | null {
  try {
    return asBlock(JSON.parse(UTF8.decode(window.bytes.subarray(from, to))));
  } catch {
    return null;
  }
}

/**
 * Whether a block is the successor of another: position, link, root of its items, own hash.
 *
 * @param block The later one
 * @param previous The earlier one
 * @returns `false` when one of them breaks a rule
 */
export function follows(block: Block, previous: Block): boolean {
  return block.index === previous.index + 1 &&
    block.previous_hash === previous.hash &&
    block.merkle_root === merkleRoot(block.data);
}
