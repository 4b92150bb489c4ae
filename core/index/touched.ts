/**
 * What may have changed, as far as somebody tells.
 *
 * @module
 */

import { SKILLSETS } from "../layers/entry_place.ts";
import { ARCHIVE, KNOWLEDGE } from "../layers/knowledge_home.ts";
import { CONTEXT, isWithin, LAW, WATCHED } from "./places.ts";

/** More than this, and everything may have changed. */
const MOST = 5000;
/** A new folder is watched a moment after it appeared: what comes into it before that is not told. */
const SETTLING = 2000;

/** Documents and folders that are to be looked at again. */
export class Touched {
  /** Path to the number of the last change. */
  readonly #units = new Map<string, number>();
  #changes = 0;
  #changedAt = -Infinity;
  #era = 0;
  #isTold = false;
  readonly #now: () => number;

  /** @param now Milliseconds that only grow; since the program began unless given */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Whether every change is told here, and since when: a number that is another after each time it was
   * not; `null` while it is not.
   */
  get era(): number | null {
    return this.#isTold ? this.#era : null;
  }

  /** How many changes were told. */
  get count(): number {
    return this.#changes;
  }

  /**
   * A number that stays the same as long as nothing changes.
   *
   * @returns `null` while changes are not told, or the last one was told only just now
   */
  stillness(): number | null {
    if (!this.#isTold || this.#now() - this.#changedAt < SETTLING) return null;
    return this.#changes;
  }

  /**
   * Says whether every change is told from now on.
   *
   * @param isTold Whether it is
   */
  tell(isTold: boolean): void {
    if (isTold && !this.#isTold) {
      this.#era++;
      // Nobody told what changed before.
      this.#change();
    }
    this.#isTold = isTold;
  }

  /**
   * Notes that something may have changed.
   *
   * @param unit From {@linkcode unitAt}; empty for anything
   */
  add(unit: string): void {
    const change = this.#change();
    if (this.#units.size >= MOST) {
      this.#units.clear();
      this.#units.set("", change);
    } else this.#units.set(unit, change);
  }

  /** What is to be looked at, with numbers for {@linkcode settle}. */
  entries(): [unit: string, change: number][] {
    return [...this.#units];
  }

  /**
   * Forgets what has been looked at, unless it has changed since.
   *
   * @param looked From {@linkcode entries}, called before anything was looked at
   */
  settle(looked: Iterable<readonly [unit: string, change: number]>): void {
    for (const [unit, change] of looked) {
      if (this.#units.get(unit) === change) this.#units.delete(unit);
    }
  }

  #change(): number {
    this.#changedAt = this.#now();
    return ++this.#changes;
  }
}

/**
 * What has to be looked at when something at a path changed.
 *
 * @param path The path, relative to the data directory
 * @returns The entry, file of L0 or folder of entries it belongs to, all of L1 for what SkillSets have;
 *   `null` when it belongs to none
 *
 * @example
 * ```ts
 * import { unitAt } from "./touched.ts";
 *
 * if (unitAt("knowledge/a/scripts/run.sh") !== "knowledge/a") throw new Error("an entry");
 * if (unitAt("context/.stage-1/a.md") !== null) throw new Error("on its way in");
 * ```
 */
export function unitAt(path: string): string | null {
  const segments = path.split("/");
  const [room = "", inner] = segments;
  if (!WATCHED.includes(room)) return null;
  // Which entries a change of a SkillSet adds, hides or takes away, is found out by looking at all.
  if (room === SKILLSETS) return inner?.startsWith(".") === true ? null : KNOWLEDGE;
  const isArchived = isWithin(path, ARCHIVE);
  const depth = room === CONTEXT || isArchived ? 3 : 2;
  const unit = segments.slice(0, depth);
  if (unit.slice(isArchived ? 2 : 1).some((name) => name.startsWith("."))) return null;
  return room === LAW && inner !== undefined && !/^law\.json$|\.(?:md|rb)$/.test(inner)
    ? null
    : unit.join("/");
}
