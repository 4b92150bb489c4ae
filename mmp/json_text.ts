/**
 * Answers as JSON: plain values, values as they came, and text that is JSON already, in one order.
 *
 * @module
 */

import { type Wire, WireNumber, wireText } from "./wire_json.ts";

/** JSON that is put into an answer as it is, because it was made before. */
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
  | JsonText
  | Wire
  | readonly Answer[]
  | { readonly [key: string]: Answer | undefined };

/**
 * Writes an answer. Keys keep their order; those that are undefined are left out.
 *
 * @param value The answer
 * @returns JSON
 *
 * @example
 * ```ts
 * import { jsonText, JsonText } from "./json_text.ts";
 *
 * const text = jsonText({ a: new JsonText("[1,2]"), b: undefined, c: new Map([["9", "x"], ["1", null]]) });
 * if (text !== '{"a":[1,2],"c":{"9":"x","1":null}}') throw new Error(text);
 * ```
 */
export function jsonText(value: Answer): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (value instanceof JsonText) return value.text;
  if (value instanceof WireNumber || value instanceof Map) return wireText(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  const fields = Object.entries(value).flatMap(([key, inner]) =>
    inner === undefined ? [] : [`${JSON.stringify(key)}:${jsonText(inner)}`]
  );
  return `{${fields.join(",")}}`;
}
