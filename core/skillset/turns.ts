/**
 * One at a time: whoever comes while another is at it waits, and only so many may.
 *
 * @module
 */

import { KairosError } from "../errors.ts";

/** Turns at something that is done once at a time. */
export class Turns {
  readonly #most: number;
  readonly #waiting = new Set<() => void>();
  #isTaken = false;

  /** @param most How many may wait; each of them keeps what it came with in memory */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Waits for a turn, in the order of coming.
   *
   * @param signal Ends the waiting
   * @returns The turn, to be disposed of when it is over
   * @throws {KairosError} `busy` when too many wait already; the signal's reason
   *
   * @example
   * ```ts
   * import { Turns } from "./turns.ts";
   *
   * const turns = new Turns(0);
   * {
   *   using _turn = await turns.take();
   *   const second = await turns.take().catch((error) => error.code);
   *   if (second !== "busy") throw new Error("two at once");
   * }
   * using _next = await turns.take();
   * ```
   */
  async take(signal?: AbortSignal): Promise<Disposable> {
    signal?.throwIfAborted();
    if (this.#isTaken) await this.#wait(signal);
    this.#isTaken = true;
    let isOver = false;
    return {
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        this.#next();
      },
    };
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.size >= this.#most) {
      throw new KairosError("busy", "Cannot unpack now: too many packages wait already", {
        hint: "Try again in a moment",
      });
    }
    return new Promise((resolve, reject) => {
      const go = () => {
        signal?.removeEventListener("abort", leave);
        this.#waiting.delete(go);
        resolve();
      };
      const leave = () => {
        this.#waiting.delete(go);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.add(go);
    });
  }

  /** The turn goes straight to whoever waits longest, so that nobody who comes now is before them. */
  #next(): void {
    const [go] = this.#waiting;
    if (go === undefined) this.#isTaken = false;
    else go();
  }
}
