/**
 * The whole chain, asked about the law before something is changed. See
 * `kairos_formats/evolution.md#law-in-force`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { LawReplay } from "./law_replay.ts";
import type { LawSources } from "./law_source.ts";

/** Blocks between two moments for others. */
const PIECE = 1000;

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
   * Reads what was added so far without holding anybody up, so that little is left to read while others
   * have to wait.
   *
   * @throws {KairosError} `io`
   */
  async readAhead(): Promise<void> {
    try {
      // Each piece is taken at once: whoever asks meanwhile goes on from where it ended.
      while (this.#advance(PIECE) === "more") {
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    } catch (error) {
      // Whoever has to wait is told of a chain that cannot be read.
      if (!(error instanceof KairosError) || error.code !== "corrupt") throw error;
    }
  }

  /**
   * What all blocks say about the law. Reads those that were not read before.
   *
   * @returns The law and the approvers as the chain has them
   * @throws {KairosError} `corrupt` when the chain cannot be read, `io`
   */
  upToDate(): LawReplay {
    if (this.#advance(Infinity) === "other") {
      this.#replay = new LawReplay(this.#sources);
      this.#end = 0;
      this.#last = null;
      this.#advance(Infinity);
    }
    return this.#replay;
  }

  /** Takes some blocks. `other`: the chain is not the one that was walked, or cannot be read. */
  #advance(most: number): "more" | "done" | "other" {
    const { ledger } = this.#sources.store;
    let taken = 0;
    try {
      for (const { block, at, size } of ledger.placed(this.#end)) {
        if (taken === most) return "more";
        const isOther = taken++ === 0 && this.#last !== null && block.previous_hash !== this.#last;
        if (isOther) return "other";
        this.#replay.take(block);
        this.#end = at + size;
        this.#last = block.hash;
      }
    } catch (error) {
      // In another layout of the file no block begins where the next one should.
      if (this.#end > 0 && error instanceof KairosError && error.code === "corrupt") return "other";
      throw error;
    }
    return (ledger.head().last?.hash ?? null) === this.#last ? "done" : "other";
  }
}
