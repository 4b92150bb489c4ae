/**
 * What was looked at to make something, so that a later look tells whether it would be the same.
 *
 * @module
 */

import { type FileFacts, isSettled, stampOfFacts } from "../disk/mod.ts";
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
  readonly #stamps = new Map<string, string>();
  /** What the paths led through, links not followed. */
  readonly #identities = new Map<string, string>();
  #isLasting = true;

  /** Whether every later change will show; not so right after a change, and where links decide. */
  get isLasting(): boolean {
    return this.#isLasting;
  }

  /** How many UTF-16 units it takes to remember. */
  get weight(): number {
    let weight = 0;
    for (const map of [this.#stamps, this.#identities]) {
      for (const [path, stamp] of map) weight += path.length + stamp.length;
    }
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
    if (!this.#stamps.has(path)) {
      this.#stamps.set(path, stampOfFacts(facts));
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
    this.#identities.set(path, identityOf(facts));
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
    for (const [path, stamp] of this.#stamps) {
      // What is no link looks the same either way, and one look tells both.
      const facts = this.#identities.has(path) ? files.statLink(path) : files.stat(path);
      if (stampOfFacts(facts) !== stamp) return false;
    }
    for (const [path, identity] of this.#identities) {
      if (!this.#stamps.has(path) && identityOf(files.statLink(path)) !== identity) return false;
    }
    return true;
  }
}

function identityOf(facts: FileFacts | null): string {
  return facts === null ? "none" : `${facts.kind}:${facts.device}:${facts.inode}`;
}
