/**
 * Bounds the wish of a newer client to hear of changes.
 *
 * @module
 */

import { MAX_SUBSCRIPTIONS } from "./listener.ts";
import { type RpcError, rpcError } from "./rpc_error.ts";

/** The method of the wish. */
const LISTEN = "subscriptions/listen";
const INVALID_PARAMS = -32602;

/** Most wishes of one connection, or of all HTTP clients, at the same time. */
export const MAX_LISTENING = 32;

/**
 * Whether a message is the wish to hear of changes.
 *
 * @param message Any JSON
 * @returns Whether it is
 */
export function isListen(message: unknown): message is { readonly method: typeof LISTEN } {
  return message !== null && typeof message === "object" && "method" in message &&
    message.method === LISTEN;
}

/**
 * Refuses a wish for too much.
 *
 * @param message Any message
 * @returns The answer to it; `null` when nothing is wrong with it
 */
export function refuseListen(message: unknown): RpcError | null {
  if (!isListen(message)) return null;
  const { id, params } = message as { id?: unknown; params?: unknown };
  const wish = field(params, "notifications");
  const uris = field(wish, "resourceSubscriptions");
  if (!Array.isArray(uris) || uris.length <= MAX_SUBSCRIPTIONS) return null;
  const text = `Cannot listen to ${uris.length} resources: ${MAX_SUBSCRIPTIONS} are the most`;
  return rpcError(INVALID_PARAMS, text, id);
}

function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === "object" && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
