/**
 * Answers to what is no JSON-RPC message.
 *
 * @module
 */

/** An error answer; its id is `null` when the message has none that can be used. */
export interface RpcError {
  /** Version of JSON-RPC. */
  readonly jsonrpc: "2.0";
  /** Id of the message that is answered. */
  readonly id: string | number | null;
  /** What was wrong. */
  readonly error: { readonly code: number; readonly message: string };
}

/** The text is no JSON. */
export const PARSE_ERROR = -32700;
/** The JSON is no message. */
export const INVALID_REQUEST = -32600;

/** Said to a batch, which MCP no longer has. */
export const NO_BATCHES = "Cannot take a batch: send one message at a time";

/**
 * An error answer.
 *
 * @param code One of the codes of JSON-RPC
 * @param message What was wrong
 * @param id Id of the message, if it has one that can be used
 * @returns The answer
 */
export function rpcError(code: number, message: string, id: unknown = null): RpcError {
  const isId = typeof id === "string" || (typeof id === "number" && Number.isSafeInteger(id));
  return { jsonrpc: "2.0", id: isId ? id : null, error: { code, message } };
}
