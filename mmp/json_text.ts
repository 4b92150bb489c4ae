/**
 * Answers as JSON: plain values, values as they came, and JSON that was made before, in one order.
 *
 * @module
 */

import { type Wire, WireNumber, wireText } from "./wire_json.ts";

/** JSON that is put into an answer as it is, because it was made before. */
export class JsonBytes {
  /** The JSON in UTF-8, in pieces. */
  readonly pieces: readonly Uint8Array[];

  /** @param pieces The JSON in UTF-8, in pieces */
  constructor(...pieces: readonly Uint8Array[]) {
    this.pieces = pieces;
  }
}

/** The same as text. */
export class JsonText {
  /** The JSON. */
  readonly text: string;

  /** @param text The JSON */
  constructor(text: string) {
    this.text = text;
  }
}

/** What an answer may hold. */
export type Answer =
  | null
  | boolean
  | number
  | string
  | JsonBytes
  | JsonText
  | Wire
  | readonly Answer[]
  | { readonly [key: string]: Answer | undefined };

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/**
 * Writes an answer. Keys keep their order; those that are undefined are left out.
 *
 * @param value The answer
 * @returns JSON in UTF-8
 *
 * @example
 * ```ts
 * import { jsonBytes, JsonBytes, jsonText } from "./json_text.ts";
 *
 * const made = new JsonBytes(jsonBytes([1, 2]));
 * const text = jsonText({ a: made, b: undefined, c: new Map([["9", "x"], ["1", null]]) });
 * if (text !== '{"a":[1,2],"c":{"9":"x","1":null}}') throw new Error(text);
 * ```
 */
export function jsonBytes(value: Answer): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  let text = "";
  write(value, (piece) => {
    if (typeof piece === "string") text += piece;
    else {
      if (text !== "") pieces.push(ENCODER.encode(text));
      text = "";
      pieces.push(piece);
    }
  });
  if (pieces.length === 0) return ENCODER.encode(text);
  pieces.push(ENCODER.encode(text));
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/**
 * Writes an answer as text.
 *
 * @param value The answer
 * @returns JSON
 */
export function jsonText(value: Answer): string {
  let text = "";
  write(value, (piece) => text += typeof piece === "string" ? piece : DECODER.decode(piece));
  return text;
}

function write(value: Answer, put: (piece: string | Uint8Array) => void): void {
  if (value === null || typeof value !== "object") return put(JSON.stringify(value));
  if (value instanceof JsonText) return put(value.text);
  if (value instanceof JsonBytes) return value.pieces.forEach(put);
  if (value instanceof WireNumber || value instanceof Map) return put(wireText(value));
  if (Array.isArray(value)) {
    put("[");
    value.forEach((inner, at) => {
      if (at > 0) put(",");
      write(inner, put);
    });
    return put("]");
  }
  put("{");
  let joint = "";
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    put(`${joint}${JSON.stringify(key)}:`);
    write(inner, put);
    joint = ",";
  }
  put("}");
}
