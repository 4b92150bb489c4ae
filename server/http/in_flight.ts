/**
 * Counts requests until the last byte of their answer is sent.
 *
 * @module
 */

/** What tells when an answer has been sent: what the HTTP server says of its request. */
export interface Sending {
  /** Settled when the answer has been sent, or cannot be sent any more. */
  readonly completed?: Promise<unknown>;
}

/**
 * Makes an answer and tells when it has been sent.
 *
 * @param serve Makes it
 * @param sent Called once: when it has been sent or cannot be, also when none comes of it
 * @param sending Tells when that is; it counts as sent when it is made unless given
 * @returns The answer
 */
export async function untilSent(
  serve: () => Promise<Response>,
  sent: () => void,
  { completed }: Sending = {},
): Promise<Response> {
  if (completed !== undefined) {
    completed.then(sent, sent);
    return await serve();
  }
  try {
    return await serve();
  } finally {
    sent();
  }
}

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
   * @param sending Tells when it has been sent, which an event stream is long after it has begun; it
   *   counts as sent when it is made unless given. Nobody looks at the answer itself: as long as its
   *   headers and body are left alone, the HTTP server sends them in half the time
   * @returns The answer, or `null` when there is no room
   */
  run(serve: () => Promise<Response>, sending: Sending = {}): Promise<Response | null> {
    if (this.#count >= this.#most) return Promise.resolve(null);
    this.#count++;
    return untilSent(serve, () => this.#leave(), sending);
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
