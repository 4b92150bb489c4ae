/**
 * Work on many things that may take long.
 *
 * @module
 */

/** Who hears of the work, and who may end it. */
export interface PaceOptions {
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** Hears how many things are done, from time to time. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** Things done before others get their turn. */
const TURN = 100;

/**
 * The pace of one piece of work: every now and then it tells how far it has come, lets others have their
 * turn and hears the wish to stop.
 *
 * @example
 * ```ts
 * import { Pace } from "./pace.ts";
 *
 * const told: number[] = [];
 * const pace = new Pace({ onProgress: (done) => told.push(done) });
 * for (let thing = 0; thing < 250; thing++) await pace.step();
 * if (told.join() !== "100,200") throw new Error(told.join());
 * ```
 */
export class Pace {
  readonly #options: PaceOptions;
  #done = 0;

  /** @param options Progress and cancellation */
  constructor(options: PaceOptions = {}) {
    this.#options = options;
  }

  /**
   * One thing is done.
   *
   * @throws The reason of the signal
   */
  async step(): Promise<void> {
    const { signal, onProgress } = this.#options;
    if (++this.#done % TURN === 0) {
      onProgress?.(this.#done);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    signal?.throwIfAborted();
  }
}
