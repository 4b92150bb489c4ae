/**
 * Counts requests until the last byte of their answer is sent.
 *
 * @module
 */

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
    let isDone = false;
    const done = () => {
      if (!isDone) this.#count--;
      isDone = true;
    };
    let isStreaming = false;
    try {
      const response = await serve();
      // An event stream goes on after the answer has begun; other bodies are there already.
      isStreaming = response.body !== null &&
        (response.headers.get("content-type") ?? "").startsWith("text/event-stream");
      return isStreaming ? new Response(watch(response.body!, done), response) : response;
    } finally {
      if (!isStreaming) done();
    }
  }
}

/** The same stream; tells when it has ended in whatever way. */
function watch(body: ReadableStream<Uint8Array>, done: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value, done: isEnd } = await reader.read();
        if (!isEnd) return controller.enqueue(value);
        done();
        controller.close();
      } catch (error) {
        done();
        controller.error(error);
      }
    },
    cancel(reason) {
      done();
      return reader.cancel(reason);
    },
  });
}
