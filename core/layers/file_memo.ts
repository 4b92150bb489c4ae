/**
 * Things made from files, kept until one of those files is another.
 *
 * @module
 */

import { Looks } from "./looks.ts";
import type { View } from "./view.ts";

/** Bounds of a memory. */
export interface FileMemoOptions<T> {
  /** How much may be kept, in UTF-16 units. */
  readonly most: number;
  /** How much one thing takes, in UTF-16 units; `Infinity` for one that must not be kept. */
  readonly weigh: (value: T) => number;
  /**
   * A number that stays the same while whoever watches the files tells of no change, and `null` while
   * nobody does; nobody unless given.
   */
  readonly stillness?: () => number | null;
}

/**
 * A bounded memory. Nothing in it is believed: before a thing is handed out, each file that was looked
 * at to make it is looked at again, but for what is watched and still.
 */
export interface FileMemo<T> {
  /** How much is kept, in UTF-16 units. */
  weight(): number;
  /**
   * The thing as the files have it now.
   *
   * @param view The files
   * @param key Tells this thing from the others
   * @param make Makes it, from nothing but the files it is given
   * @returns The thing, made now or before; it must not be changed
   */
  get(view: View, key: string, make: (files: View) => T): T;
}

interface Kept<T> {
  readonly value: T;
  readonly looks: Looks;
  readonly weight: number;
  /** When it was last looked at. */
  still: number | null;
}

/**
 * Makes a memory.
 *
 * @param options Bounds
 * @returns The memory, empty
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { fileMemo } from "./file_memo.ts";
 * import { View } from "./view.ts";
 *
 * const root = Deno.makeTempDirSync();
 * const view = new View(new Disk(), root);
 * const memo = fileMemo<number>({ most: 1000, weigh: () => 1 });
 * const count = () => memo.get(view, "count", (files) => files.list("notes").length);
 * if (count() !== 0) throw new Error("nothing is there");
 * Deno.mkdirSync(`${root}/notes/one`, { recursive: true });
 * if (count() !== 1) throw new Error("the folder was not noticed");
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export function fileMemo<T>(
  { most, weigh, stillness = () => null }: FileMemoOptions<T>,
): FileMemo<T> {
  const things = new Map<string, Kept<T>>();
  let total = 0;
  const keep = (key: string, value: T, looks: Looks, still: number | null) => {
    const weight = key.length + looks.weight + weigh(value);
    if (weight > most) return;
    // All at once: who goes through more than there is room for finds the oldest gone every time.
    if (total + weight > most) {
      things.clear();
      total = 0;
    }
    things.set(key, { value, looks, weight, still });
    total += weight;
  };
  return {
    weight: () => total,
    get: (view, key, make) => {
      if (!view.isPlain) return make(view);
      const kept = things.get(key);
      // Asked before anything is looked at: what changes from then on is told.
      const still = stillness();
      if (kept?.looks.areSame(view, still !== null && still === kept.still) === true) {
        kept.still = still;
        return kept.value;
      }
      if (kept !== undefined) {
        things.delete(key);
        total -= kept.weight;
      }
      const looks = new Looks();
      const value = make(view.noting(looks));
      if (looks.isLasting) keep(key, value, looks, still);
      return value;
    },
  };
}

/** Memories of one instance, each made when it is first asked for. */
export class FileMemos {
  readonly #memos = new Map<object, FileMemo<unknown>>();

  /**
   * The memory of one kind of thing.
   *
   * @param kind Its bounds; the object itself tells it from other kinds
   * @returns The same memory each time
   */
  of<T>(kind: FileMemoOptions<T>): FileMemo<T> {
    const memo = this.#memos.get(kind) ?? fileMemo(kind);
    this.#memos.set(kind, memo as FileMemo<unknown>);
    return memo as FileMemo<T>;
  }
}
