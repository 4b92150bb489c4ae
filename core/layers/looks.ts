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

/** The looks of one {@linkcode View}. */
export class Looks {
  /** What was seen at each path, links followed. */
  readonly #seen = new Map<string, FileFacts | null>();
  /** What the paths led through, links not followed. */
  readonly #through = new Map<string, FileFacts | null>();
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
   * @returns What is seen there
   */
  note(path: string, look: () => FileFacts | null): FileFacts | null {
    const now = Date.now();
    const facts = look();
    if (!this.#seen.has(path)) {
      this.#seen.set(path, facts);
      if (!isSettled(facts, now)) this.#isLasting = false;
    }
    return facts;
  }

  /**
   * Notes what a path leads through, when it matters that no link is there.
   *
   * @param path The path
   * @param facts Its facts, links not followed
   */
  noteIdentity(path: string, facts: FileFacts | null): void {
    this.#through.set(path, facts);
    if (facts?.kind === "link") this.#isLasting = false;
  }

  /**
   * Whether everything still looks as it did.
   *
   * @param files Where to look
   * @returns `false` when one thing does not, or cannot be looked at
   */
  areSame(files: Looking): boolean {
    try {
      return this.#areSame(files);
    } catch (error) {
      if (error instanceof KairosError) return false;
      throw error;
    }
  }

  #areSame(files: Looking): boolean {
    for (const [path, seen] of this.#seen) {
      // What is no link looks the same either way, and one look tells both.
      const facts = this.#through.has(path) ? files.statLink(path) : files.stat(path);
      if (!areSameFacts(facts, seen)) return false;
    }
    for (const [path, seen] of this.#through) {
      if (!this.#seen.has(path) && !areSameThing(files.statLink(path), seen)) return false;
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
