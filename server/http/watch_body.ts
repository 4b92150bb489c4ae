/**
 * Follows the body of an answer on its way out.
 *
 * @module
 */

/** What is told about a body. */
export interface BodyWatcher {
  /** Called once, when it has ended in whatever way: sent, failed, or nobody reads it any more. */
  readonly onEnd: () => void;
  /** Called for each piece that was taken. */
  readonly onRead?: () => void;
}

/**
 * The same answer, watched.
 *
 * @param response The answer
 * @param watcher What is told
 * @returns The answer with a body that tells; as it is, and ended, when it has none
 */
export function watchBody(response: Response, watcher: BodyWatcher): Response {
  if (response.body === null) {
    watcher.onEnd();
    return response;
  }
  const reader = response.body.getReader();
  let isOpen = true;
  const end = () => {
    if (isOpen) watcher.onEnd();
    isOpen = false;
  };
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await reader.read();
        if (!done) {
          watcher.onRead?.();
          return controller.enqueue(value);
        }
        end();
        controller.close();
      } catch (error) {
        end();
        controller.error(error);
      }
    },
    cancel(reason) {
      end();
      return reader.cancel(reason);
    },
  });
  return new Response(body, response);
}
