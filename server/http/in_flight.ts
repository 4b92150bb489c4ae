/**
 * Counts requests until the last byte of their answer is sent.
 *
 * @module
 */

import { watchBody } from "./watch_body.ts";

/**
 * Takes over telling when an answer has been sent.
 *
 * @returns Tells it; to be called once, also when no answer comes of it
 */
export type TakeOver = () => () => void;

/** A bounded number of requests at once. */
export class InFlight {
  readonly #most: number;
  readonly #waiting = new Set<() => void>();
  #count = 0;

  /** @param most How many there may be */
  constructor(most: number) {
    this.#most = most;
  }

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /**
   * Serves a request, if there is room for it.
   *
   * @param serve Makes the answer; who follows its body anyway takes over telling when it is sent,
   *   because following it twice takes twice the time
   * @returns The answer, or `null` when there is no room
   */
  async run(serve: (takeOver: TakeOver) => Promise<Response>): Promise<Response | null> {
    if (this.#count >= this.#most) return null;
    this.#count++;
    const done = () => this.#leave();
    let isFollowed = false;
    try {
      const response = await serve(() => {
        isFollowed = true;
        return done;
      });
      // An event stream goes on after the answer has begun; other bodies are there already.
      // Whoever as much as looks at their body makes a stream of it, which takes longer to send.
      const isStream = (response.headers.get("content-type") ?? "").startsWith("text/event-stream");
      if (isFollowed || !isStream || response.body === null) return response;
      isFollowed = true;
      return watchBody(response, { onEnd: done });
    } finally {
      if (!isFollowed) done();
    }
  }

  /**
   * Waits until no request is served any more.
   *
   * @param timeout Longest wait in milliseconds; streams for news last as long as their readers want
   */
  async idle(timeout: number): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => end(), timeout);
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(end);
        resolve();
      };
      this.#waiting.add(end);
    });
  }

  #leave(): void {
    this.#count--;
    if (this.#count === 0) this.#waiting.forEach((end) => end());
  }
}
