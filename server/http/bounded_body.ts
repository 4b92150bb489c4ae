/**
 * Keeps no more of an event stream than a client may leave unread.
 *
 * @module
 */

/**
 * The same answer, whose body ends when too much of it waits for the client.
 *
 * @param response An answer with an event stream
 * @param most Most pieces that wait
 * @returns The answer; a client that was too slow asks again
 */
export function boundedBody(response: Response, most: number): Response {
  if (response.body === null) return response;
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const pass = async () => {
        for (;;) {
          const { value, done } = await reader.read();
          if (done) return controller.close();
          controller.enqueue(value);
          if ((controller.desiredSize ?? 0) < -most) {
            controller.close();
            return await reader.cancel();
          }
        }
      };
      pass().catch((error) => controller.error(error));
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(body, response);
}
