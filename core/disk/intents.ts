/**
 * Intents: what makes a change of several files and a block on the chain one unit.
 *
 * Everything new is staged first, beside its target. The intent, a small durable file, lists the
 * renames that will bring it into place and the block that decides. Then the block is appended, then
 * the renames are made, then the intent goes. Whoever opens the instance for writing afterwards and
 * finds an intent asks the chain: block there, so the renames are finished; block not there, so the
 * stage is thrown away. See `kairos_formats/entries.md#a-change-and-its-record`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import { isTransitName, writeDurable } from "./atomic.ts";
import { type Disk, parentOf } from "./disk.ts";

/** One rename of an intent. Paths are relative to the data directory, with `/`. */
export interface IntentStep {
  /** Where the thing is before. */
  readonly from: string;
  /** Where it is after. */
  readonly to: string;
  /**
   * SHA-256 of the file expected at `to`, or `null` when nothing may be there. Anything else found
   * there was put by somebody else and is kept.
   */
  readonly base: string | null;
}

/**
 * Whether a rename is still to be made. One whose source is gone has been made; so has one that made
 * room for a later one whose source is gone, although something is at its own source again.
 *
 * @param steps The renames in order
 * @param at Which of them
 * @param exists Whether something is at a path relative to the data directory
 * @returns `true` when it is due
 */
export function isDue(
  steps: readonly IntentStep[],
  at: number,
  exists: (path: string) => boolean,
): boolean {
  const { from } = steps[at]!;
  return exists(from) &&
    !steps.slice(at + 1).some((later) => later.to === from && !exists(later.from));
}

/** A change on its way. */
export interface Intent {
  /** Format version. */
  readonly version: 1;
  /** Random name. */
  readonly id: string;
  /** Index of the block that decides. */
  readonly height: number;
  /** SHA-256 of that block's data as compact JSON. */
  readonly record: string;
  /** The renames, in order. */
  readonly steps: readonly IntentStep[];
  /** What is removed in the end, whichever way it ends. */
  readonly discard: readonly string[];
}

/** Something found where a rename was to put a file: somebody else's edit. */
export interface Displaced {
  /** Where it was found, relative to the data directory. */
  readonly path: string;
  /** SHA-256 under which its bytes are kept. */
  readonly object: string;
}

/** What finishing an intent needs to keep what it finds. */
export interface Keeper {
  /** The SHA-256 of a file or `null`; a folder answers for its main file. */
  digest(path: string): string | null;
  /** Keeps everything at a path and returns the SHA-256 to find it by. */
  keep(path: string): string;
}

/** Largest intent file that is read. */
const MAX_INTENT = 1024 * 1024;

/**
 * The intents of one data directory.
 */
export class IntentLog {
  readonly #disk: Disk;
  readonly #root: string;
  readonly #folder: string;

  /**
   * @param disk The disk
   * @param root The data directory
   * @param folder Where intents are kept, relative to the data directory
   */
  constructor(disk: Disk, root: string, folder = "storage/intents") {
    this.#disk = disk;
    this.#root = root;
    this.#folder = `${root}/${folder}`;
  }

  /** Makes the folder of intents. */
  prepare(): void {
    this.#disk.makeFolder(this.#folder, 0o700);
  }

  /**
   * Makes an intent durable.
   *
   * @param intent The change; everything it renames is staged and synced already
   */
  begin(intent: Intent): void {
    this.prepare();
    const bytes = new TextEncoder().encode(JSON.stringify(intent) + "\n");
    writeDurable(this.#disk, this.#path(intent), bytes, { permissions: 0o600 });
    this.#disk.syncFolder(this.#folder);
  }

  /**
   * The intents that have not ended, in the order of their names. A file cut short by a crash never
   * became an intent: nothing was appended for it.
   *
   * @throws {KairosError} `refused` at an intent of a later format, which only its writer can end
   */
  pending(): Intent[] {
    return this.#files().flatMap(({ intent }) => intent ?? []);
  }

  /** Removes what is no intent: files that were being written when the machine stopped. */
  sweep(): void {
    for (const { path, intent } of this.#files()) {
      if (intent === null) this.#disk.remove(path);
    }
  }

  #files(): { path: string; intent: Intent | null }[] {
    return this.#disk.list(this.#folder)
      .filter(({ name, kind }) => kind === "file" && name.endsWith(".json"))
      .map(({ name }) => {
        const path = `${this.#folder}/${name}`;
        const { size } = this.#disk.stat(path) ?? { size: 0 };
        const bytes = size > MAX_INTENT ? null : this.#disk.read(path, MAX_INTENT);
        return { path, intent: bytes === null ? null : parseIntent(bytes) };
      });
  }

  /**
   * Makes the renames of a change whose block is on the chain, as far as they are still due, and ends
   * the intent.
   *
   * @param intent The change
   * @param keeper Keeps what somebody else put in the way
   * @returns What was in the way
   */
  finish(intent: Intent, keeper: Keeper): Displaced[] {
    const displaced: Displaced[] = [];
    const exists = (path: string) => this.#disk.statLink(this.#inside(path)) !== null;
    for (const [at, step] of intent.steps.entries()) {
      const from = this.#inside(step.from);
      const to = this.#inside(step.to);
      if (isDue(intent.steps, at, exists)) {
        const there = this.#disk.statLink(to);
        if (there !== null && (step.base === null || keeper.digest(to) !== step.base)) {
          displaced.push({ path: step.to, object: keeper.keep(to) });
          if (there.kind === "folder") this.#disk.remove(to);
        }
        if (this.#disk.makeFolder(parentOf(to))) this.#syncIfThere(parentOf(parentOf(to)));
        this.#disk.rename(from, to);
      }
      // Before the next step, which may move the folder this one worked in.
      for (const folder of new Set([parentOf(to), parentOf(from)])) this.#syncIfThere(folder);
    }
    this.#end(intent);
    return displaced;
  }

  /**
   * Throws away the stage of a change whose block is not on the chain, and ends the intent.
   *
   * @param intent The change
   */
  abandon(intent: Intent): void {
    for (const { from } of intent.steps) {
      if (isStage(from)) this.#disk.remove(this.#inside(from));
    }
    this.#end(intent);
  }

  #end(intent: Intent): void {
    for (const path of intent.discard) {
      if (isStage(path)) this.#disk.remove(this.#inside(path));
    }
    this.#disk.remove(this.#path(intent));
    // An intent that came back after a power failure finds its stage gone and does nothing; one that
    // moves an entry would find whatever has that name by then.
    if (intent.steps.some(({ from }) => !isStage(from))) this.#disk.syncFolder(this.#folder);
  }

  #syncIfThere(folder: string): void {
    if (this.#disk.stat(folder) !== null) this.#disk.syncFolder(folder);
  }

  #path(intent: Intent): string {
    return `${this.#folder}/${intent.id}.json`;
  }

  /** An intent is data like any other: what it names must lie inside the data directory. */
  #inside(path: string): string {
    const segments = path.split("/");
    if (path.startsWith("/") || segments.some((part) => part === "" || /^\.\.?$/.test(part))) {
      throw new KairosError("refused", `Cannot finish a change: ${quote(path)} is no inner path`);
    }
    return `${this.#root}/${path}`;
  }
}

/** Only what carries a stage or trash name may be removed. */
function isStage(path: string): boolean {
  return path.split("/").some(isTransitName);
}

/** An intent, or `null` for what never became one. */
function parseIntent(bytes: Uint8Array): Intent | null {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  if (typeof value.version === "number" && value.version > 1) {
    throw new KairosError(
      "refused",
      "Cannot change anything: a later kairos left a change halfway",
      {
        hint: "Open the instance once with the version that wrote it",
      },
    );
  }
  return isIntent(value) ? value : null;
}

function isIntent(value: Record<string, unknown>): value is Record<string, unknown> & Intent {
  const { version, id, height, record, steps, discard } = value;
  return version === 1 && typeof id === "string" && /^[0-9a-f-]{36}$/.test(id) &&
    Number.isSafeInteger(height) && typeof record === "string" &&
    Array.isArray(discard) && discard.every((path) => typeof path === "string") &&
    Array.isArray(steps) && steps.every(isStep);
}

function isStep(step: unknown): step is IntentStep {
  return isObject(step) && typeof step.from === "string" && typeof step.to === "string" &&
    (step.base === null || typeof step.base === "string");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object";
}
