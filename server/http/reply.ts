/**
 * Answers of the HTTP server itself, always as JSON.
 *
 * @module
 */

import type { RpcError } from "../mcp/rpc_error.ts";

/**
 * What a browser is told to do with an answer it shows or embeds. Answers to MCP messages come without:
 * a browser sends those for a page only, whose origin has been looked at, and never shows what comes
 * back; and an answer whose headers are left alone is sent in half the time.
 */
const GUARDS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/**
 * An answer with guards.
 *
 * @param body What is sent as JSON
 * @param more HTTP status, 200 unless given, and headers
 * @returns The answer
 */
export function reply(
  body: unknown,
  more: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  const { status = 200, headers = {} } = more;
  return Response.json(body, { status, headers: { ...GUARDS, ...headers } });
}

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
  return reply({ error }, { status, headers: more.headers ?? {} });
}

/**
 * An error answer to what is no JSON-RPC message.
 *
 * @param error The answer's body
 * @returns The answer, with status 400
 */
export function rpcReply(error: RpcError): Response {
  return reply(error, { status: 400 });
}

/**
 * The answer to a method a path does not have.
 *
 * @param method What was asked
 * @param allow What the path has, as the `Allow` header says it
 * @returns The answer, with status 405; 204 to OPTIONS
 */
export function methodReply(method: string, allow: string): Response {
  if (method === "OPTIONS") {
    return new Response(null, { status: 204, headers: { ...GUARDS, allow } });
  }
  return errorReply(405, "method_not_allowed", `There is no ${method} here`, {
    hint: `Use ${allow}`,
    headers: { allow },
  });
}
