/**
 * The wish to stop, from whoever has it.
 *
 * @module
 */

/** A wish to stop that can be listened to. */
export interface StopSignal extends Disposable {
  /** Aborted when somebody wants the server to stop. */
  readonly signal: AbortSignal;
}

/**
 * Listens to SIGINT, SIGTERM and another signal. After the first wish the process is free to be ended
 * by the next one at once.
 *
 * @param outer Another source of the wish
 * @returns The signal; to be disposed of, so that nothing listens any longer
 */
export function stopSignal(outer?: AbortSignal): StopSignal {
  const controller = new AbortController();
  const listening: Deno.Signal[] = [];
  const release = () => {
    for (const name of listening.splice(0)) Deno.removeSignalListener(name, stop);
    outer?.removeEventListener("abort", stop);
  };
  const stop = () => {
    release();
    controller.abort();
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    try {
      Deno.addSignalListener(name, stop);
      listening.push(name);
    } catch (error) {
      // Some systems do not know all signals.
      if (!(error instanceof TypeError)) throw error;
    }
  }
  if (outer?.aborted === true) stop();
  else outer?.addEventListener("abort", stop, { once: true });
  return { signal: controller.signal, [Symbol.dispose]: release };
}
