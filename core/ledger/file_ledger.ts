/**
 * The chain in one JSON file, `storage/blockchain.json`, in the exact layout of the format.
 *
 * Appending costs the same at every length: the end of the file is compared with what is known of it,
 * the new block is written behind it, the joint is written, the file is synced. See
 * `kairos_formats/chain.md#appending`.
 *
 * @module
 */

import { type Block, encodeBlock, GENESIS, nextBlock } from "../chain/block.ts";
import { BlockScanner } from "../chain/scan.ts";
import type { LedgerState } from "../chain/verify.ts";
import {
  type Disk,
  type DiskFile,
  NOTE_WIDTH,
  openLockFile,
  parentOf,
  writeAtomic,
} from "../disk/mod.ts";
import { asKairosError, KairosError } from "../errors.ts";
import type { Head, Ledger } from "./ledger.ts";
import { type BlockPointer, FIRST_BLOCK, JOINT_LENGTH } from "./block_at.ts";
import { newestBlocks } from "./newest.ts";
import { blockAt, type PlacedBlock, placedBlocks } from "./placed.ts";
import { asBlock } from "./shape.ts";
import { realFilePath } from "./real_file_path.ts";
import { scanTail } from "./scan_tail.ts";
import { readTail, type Tail } from "./tail.ts";

/** What a {@linkcode FileLedger} needs. */
export interface FileLedgerOptions {
  /** The disk. */
  readonly disk: Disk;
  /** The ledger file; it may be missing, and it may be a link. */
  readonly path: string;
  /** Keeps bytes that have to be cut from the file and returns the SHA-256 to find them by. */
  readonly keep: (bytes: Uint8Array) => string;
  /** Hears what was kept when an interrupted append was undone. */
  readonly onRecovered?: (recovery: Recovery) => void;
}

/** An interrupted append that was undone. */
export interface Recovery {
  /** Number of blocks after it. */
  readonly length: number;
  /** Bytes that were cut. */
  readonly bytes: number;
  /** SHA-256 under which they are kept. */
  readonly object: string;
}

/** The end of the file as this process last saw it. */
interface Known {
  readonly device: number;
  readonly inode: number;
  readonly size: number;
  readonly modified: number;
  readonly end: number;
  readonly usual: boolean;
  readonly last: Block;
  /** The bytes before `size`, compared before every append. */
  readonly ending: Uint8Array;
}

const ENDING = 128;
const PIECE = 256 * 1024;
/** Longest file that is looked at for an empty list. */
const EMPTY_LIST = 4096;

/** The ledger in a file. */
export class FileLedger implements Ledger {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #options: FileLedgerOptions;
  #known: Known | null = null;

  /** @param options Disk, path, and where cut bytes are kept */
  constructor(options: FileLedgerOptions) {
    this.#disk = options.disk;
    this.#path = realFilePath(options.disk, options.path);
    this.#options = options;
  }

  /** The lock file all writers of this ledger share. */
  get lockPath(): string {
    return `${this.#path}.lock`;
  }

  /** The ledger file with links resolved. */
  get path(): string {
    return this.#path;
  }

  /** {@inheritDoc Ledger.head} The end of the chain, without reading the rest. */
  head(): Head {
    try {
      using file = this.#open("read");
      if (file === null) return { state: "absent", length: 0, last: null, problem: null };
      const { last } = this.#look(file);
      return { state: "readable", length: last.index + 1, last, problem: null };
    } catch (thrown) {
      const error = asKairosError(thrown, "Cannot read the ledger");
      if (error.code !== "corrupt") {
        return { state: "unreadable", length: 0, last: null, problem: error.message };
      }
      return { state: this.#brokenState(), length: 0, last: null, problem: error.message };
    }
  }

  #brokenState(): LedgerState {
    const size = this.#disk.stat(this.#path)?.size ?? 0;
    if (size === 0) return "unreadable";
    const text = size > EMPTY_LIST
      ? ""
      : LATIN1.decode(this.#disk.read(this.#path, EMPTY_LIST) ?? CLOSING);
    return /^\s*\[\s*\]\s*$/.test(text) ? "empty" : "corrupt";
  }

  /** Adds one block and makes it durable, see {@linkcode Ledger.append}. */
  append(items: readonly string[], timestamp: string): Block {
    using file = this.#open("write");
    if (file === null) return this.#create(items, timestamp);
    const known = this.#settle(file);
    const block = nextBlock(known.last, items, timestamp);
    const bytes = new TextEncoder().encode(`,\n${encodeBlock(block)}\n]`);
    if (known.usual) {
      this.#write(file, known, bytes);
      const end = known.end + bytes.length - CLOSING.length;
      this.#remember(file, { last: block, end, usual: true }, bytes.subarray(-ENDING));
    } else this.#rewrite(file, known, bytes);
    this.#acknowledge(block.index);
    return block;
  }

  /** The block `append` with the same items and time would make now; needs the write lock. */
  foresee(items: readonly string[], timestamp: string): BlockPointer {
    using file = this.#open("write");
    const known = file === null ? null : this.#settle(file);
    const { index, hash } = nextBlock(known?.last ?? GENESIS, items, timestamp);
    return { index, offset: known === null ? FIRST_BLOCK : known.end + JOINT_LENGTH, hash };
  }

  /** Whether the file ends in what an interrupted append leaves. */
  isTorn(): boolean {
    using file = this.#open("read");
    return file !== null && (this.#tailOrNull(file)?.torn ?? false);
  }

  /** Undoes an append that was interrupted, if one was; needs the write lock. */
  recover(): void {
    using file = this.#open("write");
    if (file !== null) this.#settle(file);
  }

  /** The blocks from the newest to the oldest; memory does not grow with their number. */
  *newest(): Generator<Block> {
    using file = this.#open("read");
    if (file === null) return;
    const { end } = this.#look(file);
    yield* newestBlocks((at, length) => file.readAt(at, length), end);
  }

  /** The blocks from the oldest to the newest. */
  async *oldest(): AsyncGenerator<Block> {
    const scanner = new BlockScanner();
    // Reading is not verifying: a bad byte must not hide the blocks before it.
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    for await (const piece of this.bytes()) {
      for (const { value } of scanner.push(decoder.decode(piece, { stream: true }))) {
        const block = asBlock(value);
        if (block === null) throw damaged("it holds something that is no block");
        yield block;
      }
    }
  }

  /** The blocks with where they stand, see {@linkcode Ledger.placed}. */
  *placed(from = 0): Generator<PlacedBlock> {
    using file = this.#open("read");
    if (file === null) return;
    const { end } = this.#settledEnd(file);
    yield* placedBlocks((at, length) => file.readAt(at, length), from, end);
  }

  /** The block at a place, see {@linkcode Ledger.blockAt}. */
  blockAt(at: number, size: number): Block | null {
    using file = this.#open("read");
    return file === null ? null : blockAt(file, at, size);
  }

  /** The stored bytes, see {@linkcode Ledger.bytes}. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    using file = this.#open("read");
    if (file === null) return;
    const { end, ending } = this.#settledEnd(file);
    for (let at = 0; at < end; at += PIECE) {
      yield file.readAt(at, Math.min(PIECE, end - at));
    }
    yield ending;
  }

  /**
   * Where the whole blocks end and what closes the file behind them. An append that was interrupted,
   * or is under way, is read as if it had not begun; damage is shown as it is.
   */
  #settledEnd(file: DiskFile): { end: number; ending: Uint8Array } {
    const tail = this.#tailOrNull(file);
    const { size } = file.facts();
    if (tail === null) return { end: size, ending: new Uint8Array(0) };
    const ending = file.readAt(tail.end, size - tail.end);
    const isClosing = /^[ \t\r\n]*\][ \t\r\n]*$/.test(LATIN1.decode(ending));
    return { end: tail.end, ending: isClosing ? ending : CLOSING };
  }

  #tailOrNull(file: DiskFile): Pick<Tail, "torn" | "end"> | null {
    try {
      const known = this.#current(file);
      return known === null ? this.#tail(file) : { torn: false, end: known.end };
    } catch (error) {
      if (error instanceof KairosError) return null;
      throw error;
    }
  }

  /**
   * Puts another file in the place of this one, in one step; needs the write lock.
   *
   * @param stage A complete and synced ledger file in the same folder
   * @param last Index of its last block
   */
  replace(stage: string, last: number): void {
    this.#disk.rename(stage, this.#path);
    this.#disk.syncFolder(parentOf(this.#path));
    this.#known = null;
    this.#acknowledge(last);
  }

  /** The first append makes the file, genesis and all, in one step. */
  #create(items: readonly string[], timestamp: string): Block {
    const acknowledged = this.acknowledgedHeight();
    if (acknowledged > 0) {
      throw damaged(`it is gone, and ${acknowledged} blocks were acknowledged`);
    }
    const block = nextBlock(GENESIS, items, timestamp);
    const text = `[\n${encodeBlock(GENESIS)},\n${encodeBlock(block)}\n]`;
    const bytes = new TextEncoder().encode(text);
    this.#disk.makeFolder(parentOf(this.#path));
    try {
      writeAtomic(this.#disk, this.#path, bytes);
    } catch (error) {
      // In place already, but not durably: the caller is told of no block.
      const there = this.#disk.read(this.#path, bytes.length);
      if (there !== null && sameBytes(there, bytes)) this.#disk.remove(this.#path);
      throw error;
    }
    this.#known = null;
    this.#acknowledge(block.index);
    return block;
  }

  /** The end of the file for a reader; an interrupted append is read as undone. */
  #look(file: DiskFile): Pick<Tail, "last" | "end"> {
    const known = this.#current(file);
    if (known !== null) return known;
    const tail = this.#tail(file);
    if (!tail.torn) this.#remember(file, tail);
    return tail;
  }

  /** The end of the file for a writer; an interrupted append is undone. */
  #settle(file: DiskFile): Known {
    const known = this.#current(file);
    if (known !== null) return known;
    const tail = this.#tail(file);
    if (tail.torn) this.#undo(file, tail);
    return this.#remember(file, tail);
  }

  #tail(file: DiskFile): Tail {
    // Looked up first: what a writer acknowledges from here on may be missing in what is read next.
    const noted = this.acknowledgedHeight();
    const { size } = file.facts();
    const read = (at: number, length: number) => file.readAt(at, length);
    const tail = readTail(read, size) ?? scanTail(read, size);
    if (tail === null) throw damaged("its end is damaged");
    if (tail.torn && noted > tail.last.index) {
      throw damaged(`block ${noted} was acknowledged and the last whole one is ${tail.last.index}`);
    }
    return tail;
  }

  #undo(file: DiskFile, tail: Tail): void {
    const { size } = file.facts();
    const cut = file.readAt(tail.end, size - tail.end);
    const object = this.#options.keep(cut);
    file.writeAt(tail.end, CLOSING);
    file.truncate(tail.end + CLOSING.length);
    file.sync();
    this.#options.onRecovered?.({ length: tail.last.index + 1, bytes: cut.length, object });
  }

  #write(file: DiskFile, { end, size }: Known, bytes: Uint8Array): void {
    try {
      // First what needs new space: a full disk shows here, while the old end still stands.
      file.writeAt(size, bytes.subarray(CLOSING.length));
      file.writeAt(end, bytes.subarray(0, CLOSING.length));
      file.sync();
    } catch (error) {
      this.#known = null;
      file.writeAt(end, CLOSING);
      file.truncate(size);
      file.sync();
      throw error;
    }
  }

  /**
   * Appends to a file that ends otherwise than we write: half an append could not be told from damage
   * there, so a longer copy takes its place in one step.
   */
  #rewrite(file: DiskFile, { end, size }: Known, bytes: Uint8Array): void {
    this.#known = null;
    const { mode, inode } = file.facts();
    const old = file.readAt(0, size);
    const grown = new Uint8Array(end + bytes.length);
    grown.set(old.subarray(0, end));
    grown.set(bytes, end);
    file.close();
    const permissions = mode & 0o777;
    try {
      writeAtomic(this.#disk, this.#path, grown, { permissions });
    } catch (error) {
      // In place already, but not durably: the caller is told of no block.
      if (this.#disk.stat(this.#path)?.inode !== inode) {
        writeAtomic(this.#disk, this.#path, old, { permissions });
      }
      throw error;
    }
  }

  /** Opens the ledger, if there is one; a FIFO or a device would keep us waiting. */
  #open(mode: "read" | "write"): DiskFile | null {
    const seen = this.#disk.stat(this.#path);
    if (seen === null) return null;
    if (seen.kind !== "file") {
      throw new KairosError("invalid", "Cannot use the ledger: it is no regular file");
    }
    return this.#disk.open(this.#path, mode);
  }

  /** What is known of the file, if it is still so. */
  #current(file: DiskFile): Known | null {
    const known = this.#known;
    if (known === null) return null;
    const { device, inode, size, modified } = file.facts();
    if (device !== known.device || inode !== known.inode || size !== known.size) return null;
    if (modified !== known.modified) return null;
    const ending = file.readAt(size - known.ending.length, known.ending.length);
    return sameBytes(ending, known.ending) ? known : null;
  }

  #remember(
    file: DiskFile,
    { end, last, usual }: Pick<Tail, "end" | "last" | "usual">,
    written?: Uint8Array,
  ): Known {
    const { device, inode, size, modified } = file.facts();
    const length = Math.min(ENDING, size);
    const ending = written ?? file.readAt(size - length, length);
    return this.#known = { device, inode, size, modified, end, usual, last, ending };
  }

  /** Notes the last acknowledged block in the lock file, where it costs no sync. */
  #acknowledge(index: number): void {
    try {
      using file = openLockFile(this.#disk, this.lockPath);
      file.scribble(`${index}\n`.padStart(17), NOTE_WIDTH);
    } catch {
      // The block is durable without its note.
    }
  }

  /**
   * Index of the last block acknowledged on this machine, as far as the lock file tells.
   *
   * @returns The index; 0 when nothing is noted
   */
  acknowledgedHeight(): number {
    const note = this.#disk.read(this.lockPath, 4096)?.subarray(NOTE_WIDTH, NOTE_WIDTH + 17);
    const index = Number(new TextDecoder().decode(note).trim());
    return Number.isSafeInteger(index) ? index : 0;
  }
}

const CLOSING = new TextEncoder().encode("\n]");

const LATIN1 = new TextDecoder("latin1");

function damaged(found: string): KairosError {
  return new KairosError("corrupt", `Cannot use the ledger: ${found}`, {
    hint: "Run `kairos chain verify` to see what is wrong and `kairos chain repair` to mend it",
  });
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
