/**
 * Counts requests until the last byte of their answer is sent.
 *
 * @module
 */

import { watchBody } from "./watch_body.ts";

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
   * @param serve Makes the answer
   * @returns The answer, or `null` when there is no room
   */
  async run(serve: () => Promise<Response>): Promise<Response | null> {
    if (this.#count >= this.#most) return null;
    this.#count++;
    const done = () => this.#leave();
    let isStreaming = false;
    try {
      const response = await serve();
      // An event stream goes on after the answer has begun; other bodies are there already.
      // Whoever as much as looks at their body makes a stream of it, which takes longer to send.
      isStreaming = (response.headers.get("content-type") ?? "").startsWith("text/event-stream") &&
        response.body !== null;
      return isStreaming ? watchBody(response, { onEnd: done }) : response;
    } finally {
      if (!isStreaming) done();
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
