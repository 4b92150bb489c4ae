/**
 * The whole chain, asked about the law before something is changed. See
 * `kairos_formats/evolution.md#law-in-force`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { LawReplay } from "./law_replay.ts";
import type { LawSources } from "./law_source.ts";

/**
 * Walks the chain of an instance, and later only what was added to it.
 *
 * What was read is kept in the memory of this process and nowhere else. Blocks name those before them, so
 * that whoever finds the last of them where it was knows that they are still what is read.
 */
export class LawWalk {
  readonly #sources: LawSources;
  #replay: LawReplay;
  #end = 0;
  #last: string | null = null;

  /** @param sources Ledger, objects, what was read before */
  constructor(sources: LawSources) {
    this.#sources = sources;
    this.#replay = new LawReplay(sources);
  }

  /**
   * What all blocks say about the law. The first call reads all of them.
   *
   * @returns The law and the approvers as the chain has them
   * @throws {KairosError} `corrupt` when the chain cannot be read, `io`
   */
  upToDate(): LawReplay {
    if (this.#last !== null && this.#goesOn()) return this.#replay;
    this.#replay = new LawReplay(this.#sources);
    this.#end = 0;
    this.#last = null;
    this.#advance();
    return this.#replay;
  }

  /** Whether the chain is the one that was walked, and longer at most. */
  #goesOn(): boolean {
    try {
      return this.#advance();
    } catch (error) {
      // Another layout of the file: no block begins where the next one should.
      if (error instanceof KairosError && error.code === "corrupt") return false;
      throw error;
    }
  }

  #advance(): boolean {
    const { ledger } = this.#sources.store;
    const before = this.#last;
    for (const { block, at, size } of ledger.placed(this.#end)) {
      if (this.#last === before && before !== null && block.previous_hash !== before) return false;
      this.#replay.take(block);
      this.#end = at + size;
      this.#last = block.hash;
    }
    return (ledger.head().last?.hash ?? null) === this.#last;
  }
}
