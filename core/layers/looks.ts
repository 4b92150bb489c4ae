/**
 * What was looked at to make something, so that a later look tells whether it would be the same.
 *
 * @module
 */

import { areSameFacts, type FileFacts, isSettled } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";

/** Looks at a path. */
export interface Looking {
  /** Links are followed. */
  stat(path: string): FileFacts | null;
  /** Links are not followed. */
  statLink(path: string): FileFacts | null;
}

/** What was seen at a path. */
interface Look {
  readonly facts: FileFacts | null;
  /** Whether somebody who watches the files would tell if it changed, which is soon enough for it. */
  readonly isWatched: boolean;
}

/** The looks of one {@linkcode View}. */
export class Looks {
  /** What was seen at each path, links followed. */
  readonly #seen = new Map<string, Look>();
  /** What the paths led through, links not followed. */
  readonly #through = new Map<string, Look>();
  #isLasting = true;

  /** Whether every later change will show; not so right after a change, and where links decide. */
  get isLasting(): boolean {
    return this.#isLasting;
  }

  /** How many UTF-16 units it takes to remember. */
  get weight(): number {
    let weight = 0;
    for (const path of this.#seen.keys()) weight += path.length + FACTS;
    for (const path of this.#through.keys()) weight += path.length + FACTS;
    return weight;
  }

  /**
   * Looks at a path and notes what was seen the first time: what comes after it is the later one's to
   * notice.
   *
   * @param path The path
   * @param look Looks at it
   * @param isWatched Whether it is soon enough when whoever watches the files tells of a change
   * @returns What is seen there
   */
  note(path: string, look: () => FileFacts | null, isWatched: boolean): FileFacts | null {
    const now = Date.now();
    const facts = look();
    const seen = this.#seen.get(path);
    if (seen === undefined) {
      this.#seen.set(path, { facts, isWatched });
      if (!isSettled(facts, now)) this.#isLasting = false;
    } else if (seen.isWatched && !isWatched) this.#seen.set(path, { ...seen, isWatched });
    return facts;
  }

  /**
   * Notes what a path leads through, when it matters that no link is there.
   *
   * @param path The path
   * @param facts Its facts, links not followed
   * @param isWatched As with {@linkcode note}
   */
  noteIdentity(path: string, facts: FileFacts | null, isWatched: boolean): void {
    const before = this.#through.get(path);
    this.#through.set(path, { facts, isWatched: isWatched && before?.isWatched !== false });
    if (facts?.kind === "link") this.#isLasting = false;
  }

  /**
   * Whether everything still looks as it did.
   *
   * @param files Where to look
   * @param isStill Whether nothing was told that has changed: what is watched is not looked at then
   * @returns `false` when one thing does not, or cannot be looked at
   */
  areSame(files: Looking, isStill = false): boolean {
    try {
      return this.#areSame(files, isStill);
    } catch (error) {
      if (error instanceof KairosError) return false;
      throw error;
    }
  }

  #areSame(files: Looking, isStill: boolean): boolean {
    for (const [path, { facts, isWatched }] of this.#seen) {
      if (isStill && isWatched) continue;
      // What is no link looks the same either way, and one look tells both.
      const found = this.#through.has(path) ? files.statLink(path) : files.stat(path);
      if (!areSameFacts(found, facts)) return false;
    }
    for (const [path, { facts, isWatched }] of this.#through) {
      if (this.#seen.has(path) || (isStill && isWatched)) continue;
      if (!areSameThing(files.statLink(path), facts)) return false;
    }
    return true;
  }
}

/** What the facts of one path take, in UTF-16 units. */
const FACTS = 64;

/** Whether it is the same file or folder, whatever is in it. */
function areSameThing(a: FileFacts | null, b: FileFacts | null): boolean {
  if (a === null || b === null) return a === b;
  return a.kind === b.kind && a.inode === b.inode && a.device === b.device;
}
