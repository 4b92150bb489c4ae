/**
 * One time limit for many things.
 *
 * @module
 */

/** Something that is waited for. */
interface Wait {
  /** When it is too late, on the clock of `performance`. */
  readonly due: number;
  /** Called then. */
  readonly late: () => void;
}

/**
 * Waits for no promise longer than a fixed time. A timer for each would cost as much as reading a small
 * body, so there is one for all, and it is set again only when it has run.
 *
 * @example
 * ```ts
 * import { Deadline } from "./deadline.ts";
 *
 * using deadline = new Deadline(1);
 * const never = new Promise<string>(() => {});
 * if (await deadline.within(never, () => {}) !== "timeout") throw new Error("waited for ever");
 * if (await deadline.within(Promise.resolve("here"), () => {}) !== "here") throw new Error("lost");
 * ```
 */
export class Deadline implements Disposable {
  readonly #time: number;
  /** The oldest first, as all may take equally long. */
  readonly #waits = new Set<Wait>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param time How long each may take, in milliseconds */
  constructor(time: number) {
    this.#time = time;
  }

  /**
   * Waits for a promise as long as it may take.
   *
   * @param promise What is waited for
   * @param late Called when it is not waited for any more
   * @returns What became of the promise, or `"timeout"`
   * @throws What the promise is rejected with
   */
  within<T>(promise: Promise<T>, late: () => void): Promise<T | "timeout"> {
    return new Promise((resolve, reject) => {
      const wait: Wait = {
        due: performance.now() + this.#time,
        late: () => {
          late();
          resolve("timeout");
        },
      };
      this.#waits.add(wait);
      if (this.#timer === undefined) this.#wake(this.#time);
      promise.then(
        (value) => {
          this.#waits.delete(wait);
          resolve(value);
        },
        (reason) => {
          this.#waits.delete(wait);
          reject(reason);
        },
      );
    });
  }

  /** Ends its timer. What is waited for then is waited for without a limit. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wake(after: number): void {
    this.#timer = setTimeout(() => this.#look(), after);
  }

  #look(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const wait of this.#waits) {
      if (wait.due > now) return this.#wake(wait.due - now);
      this.#waits.delete(wait);
      wait.late();
    }
  }
}
