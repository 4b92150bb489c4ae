/**
 * Pointers to blocks: how a file of the instance names a block so that it is found without reading
 * the chain. See `kairos_formats/evolution.md#pointers`.
 *
 * @module
 */

import { type Block, encodeBlock, GENESIS } from "../chain/block.ts";
import { BlockScanner } from "../chain/scan.ts";
import type { Disk, DiskFile } from "../disk/mod.ts";
import { asBlock } from "./shape.ts";
import type { ReadAt } from "./tail.ts";

/** Where a block stands. */
export interface BlockPointer {
  /** Its position in the chain. */
  readonly index: number;
  /** Offset of its first byte in the ledger file, as kairos lays it out. */
  readonly offset: number;
  /** Its hash. */
  readonly hash: string;
}

/** What looking for a block needs of an instance. */
export interface BlockHost {
  /** The disk. */
  readonly disk: Disk;
  /** The chain. */
  readonly ledger: {
    /** The ledger file. */
    readonly path: string;
    /** Its blocks from the end. */
    newest(): Iterable<Block>;
  };
}

/** Between two blocks stand a comma and a line break. */
export const JOINT_LENGTH = 2;
/** Offset of block 1 in a file as kairos lays it out. */
export const FIRST_BLOCK: number = `[\n${encodeBlock(GENESIS)}`.length + JOINT_LENGTH;
/** Most blocks that are looked through for one that is not where its pointer says. */
const REACH = 1000;
const FIRST_WINDOW = 16 * 1024;
/** How much of a file in another layout is read for its first two blocks. */
const OTHER_LAYOUT = 1024 * 1024;
/** The largest block fits in here. */
const LAST_WINDOW = 64 * 1024 * 1024;
const FOOT = "\n  }";
const LATIN1 = new TextDecoder("latin1");
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The block that begins at an offset, in the layout kairos writes.
 *
 * @param read Reads the ledger file; less than asked for at its end
 * @param offset Offset of the first byte of the block, which is a blank
 * @returns The block with its true hash, or `null` when none begins there
 */
function blockFrom(read: ReadAt, offset: number): Block | null {
  for (let length = FIRST_WINDOW; length <= LAST_WINDOW; length *= 8) {
    const bytes = read(offset, length);
    const text = LATIN1.decode(bytes);
    if (!text.startsWith("  {\n")) return null;
    const foot = text.indexOf(FOOT);
    if (foot >= 0) return parse(bytes.subarray(0, foot + FOOT.length));
    if (bytes.length < length) return null;
  }
  return null;
}

/**
 * The block a pointer names. When it does not begin where the pointer says, the newest blocks are
 * looked through, since other programs may lay the file out differently.
 *
 * @param host Disk and chain
 * @param pointer Index, offset, hash
 * @returns The block, or `null` when it was not found
 */
export function findBlock({ disk, ledger }: BlockHost, pointer: BlockPointer): Block | null {
  const isIt = ({ index, hash }: Block) => index === pointer.index && hash === pointer.hash;
  const there = withFile(disk, ledger.path, (read) => blockFrom(read, pointer.offset));
  if (there !== null && isIt(there)) return there;
  let left = REACH;
  for (const block of ledger.newest()) {
    if (isIt(block)) return block;
    if (block.index <= pointer.index || --left <= 0) return null;
  }
  return null;
}

/**
 * The block behind the genesis block, which is the same everywhere: what tells this chain from others.
 *
 * @param host Disk and chain
 * @returns Block 1, or `null` when there is none
 */
export function firstBlock({ disk, ledger }: BlockHost): Block | null {
  return withFile(disk, ledger.path, (read) => {
    const there = blockFrom(read, FIRST_BLOCK);
    if (there?.index === 1) return there;
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(read(0, OTHER_LAYOUT));
    const scanned = [...new BlockScanner().push(text)];
    return scanned.length < 2 ? null : asBlock(scanned[1]!.value);
  });
}

function withFile<T>(disk: Disk, path: string, look: (read: ReadAt) => T | null): T | null {
  if (disk.stat(path)?.kind !== "file") return null;
  using file: DiskFile = disk.open(path, "read");
  return look((at, length) => file.readAt(at, length));
}

/**
 * Reads a pointer from parsed JSON.
 *
 * @param value Parsed JSON
 * @returns The pointer, or `null` when it is none
 */
export function asPointer(value: unknown): BlockPointer | null {
  if (value === null || typeof value !== "object") return null;
  const { index, offset, hash } = value as Record<string, unknown>;
  const isCount = (one: unknown): one is number => Number.isSafeInteger(one) && Number(one) >= 0;
  if (!isCount(index) || !isCount(offset)) return null;
  if (typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) return null;
  return { index, offset, hash };
}

function parse(bytes: Uint8Array): Block | null {
  try {
    return asBlock(JSON.parse(UTF8.decode(bytes)));
  } catch {
    return null;
  }
}
