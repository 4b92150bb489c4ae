/**
 * JSON from outside: bounded before it is parsed, and of one meaning to every reader.
 *
 * @module
 */

import { KairosError } from "./errors.ts";
import { LongText, takeLongTexts } from "./long_texts.ts";
import { isWellFormed, quote } from "./text.ts";

/** What is accepted. */
export interface JsonBounds {
  /** Most bytes. */
  readonly bytes: number;
  /** Most levels of objects and lists. */
  readonly depth: number;
  /**
   * Most bytes of a plain text that becomes a string; a longer one becomes a `LongText`, a view of the
   * bytes that were read. All become strings unless given.
   */
  readonly text?: number;
}

/**
 * Reads a JSON object: UTF-8 without a byte order mark, no field twice in one object, no half
 * characters.
 *
 * @param bytes The text
 * @param bounds What is accepted
 * @param attempt What is attempted, for messages: `Cannot read "x.json"`
 * @returns The object
 * @throws {KairosError} `too_large`, `invalid`
 *
 * @example
 * ```ts
 * import { parseJsonObject } from "./json_object.ts";
 *
 * const bytes = new TextEncoder().encode('{"name":"notes"}');
 * const object = parseJsonObject(bytes, { bytes: 1000, depth: 8 }, "Cannot read the example");
 * if (object["name"] !== "notes") throw new Error("the field is lost");
 * ```
 */
export function parseJsonObject(
  bytes: Uint8Array,
  bounds: JsonBounds,
  attempt: string,
): Record<string, unknown> {
  if (bytes.length > bounds.bytes) {
    throw new KairosError(
      "too_large",
      `${attempt}: ${bytes.length} bytes, the limit is ${bounds.bytes}`,
    );
  }
  const refuse = (what: string): KairosError => new KairosError("invalid", `${attempt}: ${what}`);
  const short = takeLongTexts(bytes, bounds.text ?? Infinity);
  let json: string;
  try {
    json = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(short.bytes);
  } catch {
    throw refuse("it is not UTF-8");
  }
  const fault = faultOf(json, bounds.depth);
  if (fault !== null) throw refuse(fault);
  let value: unknown;
  try {
    value = short.texts.size === 0
      ? JSON.parse(json)
      : JSON.parse(json, (_, inner) => short.texts.get(inner) ?? inner);
  } catch {
    throw refuse("it is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refuse("it is not a JSON object");
  }
  if (!isWhole(value)) throw refuse("it holds half a character");
  return value as Record<string, unknown>;
}

/**
 * What speaks against a text before it is parsed: nesting, or a field twice in one object. Says
 * nothing about text that is no JSON, which the parser finds.
 */
function faultOf(json: string, depth: number): string | null {
  /** Fields of the objects around, `null` for a list. */
  const open: (Set<string> | null)[] = [];
  for (const [, text, colon, bracket] of json.matchAll(TOKENS)) {
    if (bracket === "{" || bracket === "[") {
      if (open.push(bracket === "{" ? new Set() : null) > depth) {
        return `it is nested deeper than ${depth} levels`;
      }
    } else if (bracket !== undefined) open.pop();
    else if (colon !== undefined) {
      const fields = open.at(-1);
      const field = text!.includes("\\") ? unescaped(text!) : text!.slice(1, -1);
      if (fields?.has(field)) return `the field ${quote(field)} stands twice`;
      fields?.add(field);
    }
  }
  return null;
}

/** Strings, as fields when a colon follows, and brackets. */
const TOKENS = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|([[{\]}])/gs;

function unescaped(text: string): string {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether every text inside can be written as UTF-8; an escape can make half a character. */
function isWhole(value: unknown): boolean {
  if (typeof value === "string") return isWellFormed(value);
  if (typeof value !== "object" || value === null || value instanceof LongText) return true;
  return Object.entries(value).every(([key, inner]) => isWellFormed(key) && isWhole(inner));
}
