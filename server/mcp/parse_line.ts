/**
 * Reads one line of JSON-RPC.
 *
 * @module
 */

import { type JSONRPCMessage, parseJSONRPCMessage } from "@modelcontextprotocol/server";
import type { Line } from "./line_reader.ts";
import { INVALID_REQUEST, NO_BATCHES, PARSE_ERROR, type RpcError, rpcError } from "./rpc_error.ts";

/** A message, or the answer to what is none; `null` for a blank line. */
export type ParsedLine =
  | { readonly message: JSONRPCMessage }
  | { readonly answer: RpcError }
  | null;

/**
 * Reads a line.
 *
 * @param line Its bytes
 * @returns The message, or what to answer
 */
export function parseLine(line: Line): ParsedLine {
  if (line === "too long") {
    return { answer: rpcError(PARSE_ERROR, "Cannot read the message: the line is too long") };
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(line).trim();
  } catch {
    return { answer: rpcError(PARSE_ERROR, "Cannot read the message: it is no UTF-8") };
  }
  if (text === "") return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { answer: rpcError(PARSE_ERROR, "Cannot read the message: it is no JSON") };
  }
  if (Array.isArray(value)) return { answer: rpcError(INVALID_REQUEST, NO_BATCHES) };
  try {
    return { message: parseJSONRPCMessage(value) };
  } catch {
    const id = value !== null && typeof value === "object" && "id" in value ? value.id : null;
    return {
      answer: rpcError(INVALID_REQUEST, "Cannot read the message: it is no JSON-RPC 2.0", id),
    };
  }
}
