/**
 * An open file whose changes are announced.
 *
 * @module
 */

import { asKairosError } from "../errors.ts";
import type { Announcer } from "./effect.ts";

/** What is known of a file without reading it. */
export interface FileFacts {
  /** What it is. */
  readonly kind: "file" | "folder" | "link" | "other";
  /** Device number. */
  readonly device: number;
  /** Inode number; 0 where the platform has none. */
  readonly inode: number;
  /** Size in bytes. */
  readonly size: number;
  /** Last change of the content, milliseconds since the epoch; 0 when unknown. */
  readonly modified: number;
  /**
   * Last change of content, name or permissions, milliseconds since the epoch, often to the second
   * only; unlike `modified` nobody can set it. 0 when unknown.
   */
  readonly changed: number;
  /** Permission bits; 0 where the platform has none. */
  readonly mode: number;
}

/**
 * The facts in what Deno tells of a file.
 *
 * @param info Deno's answer
 * @returns The facts
 */
export function factsOf(info: Deno.FileInfo): FileFacts {
  return {
    kind: info.isSymlink ? "link" : info.isFile ? "file" : info.isDirectory ? "folder" : "other",
    device: info.dev,
    inode: info.ino ?? 0,
    size: info.size,
    modified: info.mtime?.getTime() ?? 0,
    changed: info.ctime?.getTime() ?? 0,
    mode: (info.mode ?? 0) & 0o7777,
  };
}

/**
 * Clocks of file systems are coarse: a file may change this long after its last change, in
 * milliseconds, without its times telling.
 */
const UNSETTLED = 2000;

/**
 * Everything a file's facts tell of its content, as a text without meaning.
 *
 * @param facts The facts, `null` when nothing is there
 * @returns Another text once the content is another, provided that the facts were settled
 */
export function stampOfFacts(facts: FileFacts | null): string {
  if (facts === null) return "none";
  const { kind, device, inode, size, modified, changed, mode } = facts;
  return `${kind}:${device}:${inode}:${size}:${modified}:${changed}:${mode}`;
}

/**
 * Whether facts tell of the same content: {@linkcode stampOfFacts} without making texts.
 *
 * @param a Facts, `null` when nothing is there
 * @param b Facts of an earlier look, `null` when nothing was there
 * @returns `false` once the content is another, provided that the earlier facts were settled
 */
export function areSameFacts(a: FileFacts | null, b: FileFacts | null): boolean {
  if (a === null || b === null) return a === b;
  return a.changed === b.changed && a.modified === b.modified && a.size === b.size &&
    a.inode === b.inode && a.device === b.device && a.mode === b.mode && a.kind === b.kind;
}

/**
 * Whether the next change of a file will show in its facts. Right after a change one more may go
 * unseen; and a time that only `modified` tells may have been set to anything.
 *
 * @param facts The facts, `null` when nothing is there
 * @param now When they were looked up or earlier, milliseconds since the epoch
 * @returns `false` while the last change is too fresh
 */
export function isSettled(facts: FileFacts | null, now: number): boolean {
  if (facts === null) return true;
  return (facts.changed === 0 ? facts.modified : facts.changed) + UNSETTLED < now;
}

/** An open file. Reads and writes name their position; nothing depends on a cursor. */
export class DiskFile implements Disposable {
  /** The path it was opened by. */
  readonly path: string;
  readonly #disk: Announcer;
  readonly #handle: Deno.FsFile;
  #open = true;

  /**
   * @param disk Who announces the effects
   * @param path The path it was opened by
   * @param handle The open handle, owned by this object from here on
   */
  constructor(disk: Announcer, path: string, handle: Deno.FsFile) {
    this.#disk = disk;
    this.path = path;
    this.#handle = handle;
  }

  /** The file's facts as of now. */
  facts(): FileFacts {
    return factsOf(this.#handle.statSync());
  }

  /**
   * Reads bytes.
   *
   * @param at Offset in bytes
   * @param length Most bytes to read
   * @returns The bytes; fewer than asked for at the end of the file
   * @throws {KairosError} `io`
   */
  readAt(at: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let got = 0;
    try {
      this.#handle.seekSync(at, Deno.SeekMode.Start);
      while (got < length) {
        const count = this.#handle.readSync(bytes.subarray(got));
        if (count === null) break;
        got += count;
      }
    } catch (error) {
      throw asKairosError(error, "Cannot read a file");
    }
    return bytes.subarray(0, got);
  }

  /**
   * Writes bytes.
   *
   * @param at Offset in bytes
   * @param bytes What to write
   * @throws {KairosError} `io`, for instance when the disk is full
   */
  writeAt(at: number, bytes: Uint8Array): void {
    this.#disk.effect({ kind: "write", path: this.path, at, bytes }, (some) => {
      this.#handle.seekSync(at, Deno.SeekMode.Start);
      let done = 0;
      while (done < some.length) done += this.#handle.writeSync(some.subarray(done));
    });
  }

  /**
   * Cuts or extends the file.
   *
   * @param size New size in bytes
   * @throws {KairosError} `io`
   */
  truncate(size: number): void {
    this.#disk.effect(
      { kind: "truncate", path: this.path, size },
      () => this.#handle.truncateSync(size),
    );
  }

  /**
   * Makes the content durable.
   *
   * @throws {KairosError} `io`
   */
  sync(): void {
    this.#disk.effect({ kind: "sync", path: this.path }, () => this.#handle.syncSync());
  }

  /** Closes the file; closing twice is fine. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#handle.close();
  }

  /** Closes the file at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Takes the exclusive advisory lock of the operating system, without waiting.
   *
   * @returns Whether it was free
   */
  tryLock(): boolean {
    try {
      return this.#handle.tryLockSync(true);
    } catch (error) {
      throw asKairosError(error, "Cannot lock the ledger");
    }
  }

  /**
   * Writes a note that is not data, such as the holder of a lock: not announced, not durable, and a
   * failure is of no consequence.
   *
   * @param text The note; what stands behind it stays
   * @param at Offset in bytes
   */
  scribble(text: string, at = 0): void {
    try {
      this.#handle.seekSync(at, Deno.SeekMode.Start);
      this.#handle.writeSync(new TextEncoder().encode(text));
    } catch {
      // A lock holds without its note.
    }
  }
}
