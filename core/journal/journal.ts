/**
 * The journal: one line of JSON for each thing that happened, also where no block is due.
 *
 * A line is `{"timestamp","action","skill_id","details"}` in `skills/action_log.jsonl`. A full file is
 * renamed to `action_log.<time>.jsonl` and kept. See `kairos_formats/entries.md#journal`.
 *
 * @module
 */

import { recordTimestamp } from "../chain/timestamp.ts";
import { type Disk, parentOf } from "../disk/mod.ts";

/** One line of the journal, keys in the order they are written. */
export interface JournalLine {
  /** Local time, whole seconds, numeric offset. */
  readonly timestamp: string;
  /** What happened, in snake case. */
  readonly action: string;
  /** What it happened to, or `null`. */
  readonly skill_id: string | null;
  /** More facts; never secrets. */
  readonly details: Readonly<Record<string, unknown>> | null;
}

/** What to note; the time is added. */
export type JournalNote = Omit<JournalLine, "timestamp">;

/** Where the journal is and how it grows. */
export interface JournalOptions {
  /** The disk. */
  readonly disk: Disk;
  /** The file. */
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Size in bytes at which a new file is begun. */
  readonly rotateAt?: number;
}

/** Default size at which a new file is begun. */
const ROTATE_AT = 8 * 1024 * 1024;
/** Longest line that is written; details beyond are left out and said to be. */
const MAX_LINE = 64 * 1024;
/** How much of the end is read for the newest lines. */
const TAIL = 1024 * 1024;

/**
 * The journal of one instance.
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { Journal } from "./journal.ts";
 *
 * const folder = Deno.makeTempDirSync();
 * const options = { disk: new Disk(), path: `${folder}/log.jsonl`, clock: () => 0 };
 * const journal = new Journal(options);
 * journal.note({ action: "context_saved", skill_id: "s/n", details: null });
 * if (journal.newest(1)[0]?.action !== "context_saved") throw new Error("not noted");
 * Deno.removeSync(folder, { recursive: true });
 * ```
 */
export class Journal {
  readonly #options: JournalOptions;

  /** @param options Disk, path, clock */
  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** The current file. */
  get path(): string {
    return this.#options.path;
  }

  /**
   * Adds a line and makes it durable; needs the write lock.
   *
   * @param note What happened
   * @throws {KairosError} `io`
   */
  note(note: JournalNote): void {
    this.notes([note]);
  }

  /**
   * Appends lines at once, which takes as long as one.
   *
   * @param notes What to note, in order
   */
  notes(notes: readonly JournalNote[]): void {
    const { disk, path, clock } = this.#options;
    const isNew = disk.makeFolder(parentOf(path)) || disk.stat(path) === null;
    using file = disk.open(path, "create", 0o600);
    const { size } = file.facts();
    // A line that a crash cut short must not swallow this one.
    const torn = size > 0 && file.readAt(size - 1, 1)[0] !== 0x0a;
    const lines = notes.map((note) => encodeLine(note, clock())).join("");
    file.writeAt(size, new TextEncoder().encode((torn ? "\n" : "") + lines));
    file.sync();
    if (isNew) disk.syncFolder(parentOf(path));
    if (size > (this.#options.rotateAt ?? ROTATE_AT)) this.#rotate();
  }

  /**
   * The newest lines of the current file, newest last; lines that are no JSON are left out.
   *
   * @param count Most lines to return
   * @returns The lines
   */
  newest(count: number): JournalLine[] {
    const { disk, path } = this.#options;
    if (count <= 0 || disk.stat(path) === null) return [];
    using file = disk.open(path, "read");
    const { size } = file.facts();
    const from = Math.max(0, size - TAIL);
    const text = new TextDecoder().decode(file.readAt(from, size - from));
    const lines = text.split("\n").slice(from > 0 ? 1 : 0);
    const found: JournalLine[] = [];
    for (const line of lines.reverse()) {
      if (found.length >= count) break;
      found.push(...parseLine(line));
    }
    return found.reverse();
  }

  #rotate(): void {
    const { disk, path, clock } = this.#options;
    const time = new Date(clock()).toISOString().replace(/[-:]/g, "").replace(/\..*/, "Z");
    const stem = path.replace(/\.jsonl$/, `.${time}`);
    let target = `${stem}.jsonl`;
    for (let again = 1; disk.stat(target) !== null; again++) target = `${stem}-${again}.jsonl`;
    disk.rename(path, target);
    disk.syncFolder(parentOf(path));
  }
}

function encodeLine(note: JournalNote, now: number): string {
  const { action, skill_id, details } = note;
  const timestamp = recordTimestamp(now);
  const line = JSON.stringify({ timestamp, action, skill_id, details });
  if (line.length <= MAX_LINE) return line + "\n";
  return JSON.stringify({ timestamp, action, skill_id, details: { left_out: line.length } }) + "\n";
}

function parseLine(line: string): JournalLine[] {
  try {
    const value = JSON.parse(line);
    return value !== null && typeof value === "object" ? [value] : [];
  } catch {
    return [];
  }
}
