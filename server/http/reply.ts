/**
 * Answers of the HTTP server that are errors, always as JSON.
 *
 * @module
 */

import type { RpcError } from "../mcp/rpc_error.ts";

/** What is sent with every answer. */
export const SECURITY_HEADERS: readonly (readonly [name: string, value: string])[] = Object.entries(
  {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  },
);

/**
 * An error answer.
 *
 * @param status HTTP status
 * @param code A word for programs
 * @param message What was found
 * @param more What to do, and headers
 * @returns The answer, `{"error":{"code","message","hint"}}`
 */
export function errorReply(
  status: number,
  code: string,
  message: string,
  more: { readonly hint?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  const error = { code, message, ...(more.hint === undefined ? {} : { hint: more.hint }) };
  return Response.json({ error }, { status, headers: { ...more.headers } });
}

/**
 * An error answer to what is no JSON-RPC message.
 *
 * @param error The answer's body
 * @returns The answer, with status 400
 */
export function rpcReply(error: RpcError): Response {
  return Response.json(error, { status: 400 });
}

/**
 * The answer to a method a path does not have.
 *
 * @param method What was asked
 * @param allow What the path has, as the `Allow` header says it
 * @returns The answer, with status 405; 204 to OPTIONS
 */
export function methodReply(method: string, allow: string): Response {
  if (method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  return errorReply(405, "method_not_allowed", `There is no ${method} here`, {
    hint: `Use ${allow}`,
    headers: { allow },
  });
}
