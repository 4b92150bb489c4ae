/**
 * Tells a client how far a call has come.
 *
 * @module
 */

import type { ServerContext } from "@modelcontextprotocol/server";

/** Hears how far a call has come: what is done, and of how much when that is known. */
export type Progress = (done: number, total?: number) => void;

/** Milliseconds between two notes. */
const PAUSE = 100;

/**
 * What a call tells its progress to.
 *
 * @param request The request, which says whether the client wants to know
 * @param clock Milliseconds since any moment
 * @returns `undefined` when it does not; else what sends at most ten notes a second, each with more
 *   done than the one before, as the protocol wants it
 */
export function progressOf(
  { _meta, notify }: Pick<ServerContext["mcpReq"], "_meta" | "notify">,
  clock: () => number = () => performance.now(),
): Progress | undefined {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return undefined;
  let at = -Infinity;
  let told = -Infinity;
  return (progress, total) => {
    const now = clock();
    if (progress <= told || now - at < PAUSE) return;
    at = now;
    told = progress;
    const params = { progressToken, progress, ...(total === undefined ? {} : { total }) };
    // A client that has gone need not hear of it.
    notify({ method: "notifications/progress", params }).catch(() => {});
  };
}
