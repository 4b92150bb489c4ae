/**
 * Counts requests until the last byte of their answer is sent.
 *
 * @module
 */

import { watchBody } from "./watch_body.ts";

/** A bounded number of requests at once. */
export class InFlight {
  readonly #most: number;
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
    const done = () => void this.#count--;
    let isStreaming = false;
    try {
      const response = await serve();
      // An event stream goes on after the answer has begun; other bodies are there already.
      isStreaming = response.body !== null &&
        (response.headers.get("content-type") ?? "").startsWith("text/event-stream");
      return isStreaming ? watchBody(response, { onEnd: done }) : response;
    } finally {
      if (!isStreaming) done();
    }
  }
}
