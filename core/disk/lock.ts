/**
 * The advisory lock that lets many processes share one data directory.
 *
 * It is the operating system's own lock (`flock`) on `<real path of the ledger>.lock`, the file the
 * existing implementation locks too; the file is never removed. While the lock is held the file names
 * its holder. See `kairos_formats/chain.md#locking`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import { baseName, type Disk } from "./disk.ts";
import type { DiskFile } from "./file.ts";

/** How a lock is asked for. */
export interface LockOptions {
  /** Longest wait in milliseconds. */
  readonly timeout: number;
  /** Who asks, shown to others that wait: `pid 12 (kairos serve)`. */
  readonly holder: string;
  /** Ends the wait early. */
  readonly signal?: AbortSignal;
}

/** A lock that is held. */
export interface HeldLock extends Disposable {
  /** Gives it back; twice is fine. */
  release(): void;
}

/** Width of the holder's note in bytes; fixed, so that what stands behind it stays. */
export const NOTE_WIDTH = 160;

/** First and longest pause between two tries, in milliseconds. */
const FIRST_PAUSE = 1;
const LONGEST_PAUSE = 20;

/**
 * Waits for the exclusive lock.
 *
 * @param disk The disk
 * @param path The lock file, made when it is missing
 * @param options How long to wait, and who asks
 * @returns The lock
 * @throws {KairosError} `locked` with the holder's name when the wait is over, `io` when the file
 *   cannot be opened
 *
 * @example
 * ```ts
 * import { Disk } from "./disk.ts";
 * import { acquireLock } from "./lock.ts";
 *
 * const folder = await Deno.makeTempDir();
 * {
 *   using _lock = await acquireLock(new Disk(), `${folder}/l.lock`, {
 *     timeout: 1000,
 *     holder: "the example",
 *   });
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function acquireLock(
  disk: Disk,
  path: string,
  options: LockOptions,
): Promise<HeldLock> {
  const deadline = performance.now() + options.timeout;
  for (let pause = FIRST_PAUSE;; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    options.signal?.throwIfAborted();
    const file = tryAcquire(disk, path);
    if (file !== null) {
      file.scribble(holderNote(options.holder));
      return held(file);
    }
    const left = deadline - performance.now();
    if (left <= 0) throw lockedError(disk, path, options.timeout);
    // A random share keeps many waiting processes from trying in step.
    const wait = Math.min(left, pause * (0.5 + Math.random()));
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** The note at its fixed width in bytes; a character that would be cut is left out. */
function holderNote(holder: string): string {
  const note = new Uint8Array(NOTE_WIDTH).fill(0x20);
  new TextEncoder().encodeInto(holder, note.subarray(0, NOTE_WIDTH - 1));
  note[NOTE_WIDTH - 1] = 0x0a;
  return new TextDecoder().decode(note);
}

function held(file: DiskFile): HeldLock {
  const release = () => file.close();
  return { release, [Symbol.dispose]: release };
}

function tryAcquire(disk: Disk, path: string): DiskFile | null {
  const file = openLockFile(disk, path);
  try {
    if (file.tryLock()) {
      // Somebody may have removed the file between our open and our lock; a lock on a nameless
      // file excludes nobody.
      const named = disk.stat(path);
      const mine = file.facts();
      if (named !== null && named.inode === mine.inode && named.device === mine.device) return file;
    }
  } catch (error) {
    file.close();
    throw error;
  }
  file.close();
  return null;
}

/**
 * Opens a lock file for writing. It is nearly always there, so it is made only when opening fails.
 *
 * @param disk The disk
 * @param path The lock file
 * @returns The open file, not locked
 * @throws {KairosError} `io`
 */
export function openLockFile(disk: Disk, path: string): DiskFile {
  try {
    return disk.open(path, "write");
  } catch (error) {
    if (error instanceof KairosError && error.code === "not_found") {
      return disk.open(path, "create");
    }
    throw error;
  }
}

function lockedError(disk: Disk, path: string, timeout: number): KairosError {
  const bytes = disk.read(path, 4096) ?? new Uint8Array(0);
  const holder = new TextDecoder().decode(bytes.subarray(0, NOTE_WIDTH)).trim();
  return new KairosError(
    "locked",
    `Cannot write: ${quote(baseName(path))} was held for ${timeout} ms by ` +
      (holder === "" ? "a process that left no name" : quote(holder)),
    { hint: "Try again when it has finished, or end that process", data: { holder } },
  );
}
