/**
 * Arguments of a tool as people type them.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import { quote } from "../core/text.ts";

/**
 * Puts the arguments of a tool together: `key=value` for text, `key:=json` for anything else, or one
 * JSON object.
 *
 * @param words What was typed
 * @returns The arguments
 * @throws {KairosError} `usage` for a word of no form, a key that stands twice, JSON that is none
 *
 * @example
 * ```ts
 * import { toolArguments } from "./tool_arguments.ts";
 *
 * const args = toolArguments(["name=notes", "limit:=5"]);
 * if (JSON.stringify(args) !== '{"name":"notes","limit":5}') throw new Error("not understood");
 * ```
 */
export function toolArguments(words: readonly string[]): Readonly<Record<string, unknown>> {
  const [first] = words;
  if (words.length === 1 && first!.trimStart().startsWith("{")) return jsonObject(first!);
  const pairs = new Map<string, unknown>();
  for (const word of words) {
    const parts = /^([\p{L}\p{N}_.-]+)(:?=)([^]*)$/u.exec(word);
    if (parts === null) {
      throw new KairosError("usage", `Cannot understand the argument ${quote(word)}`, {
        hint: "Write key=text, key:=JSON, or one JSON object",
      });
    }
    const [, key, sign, value] = parts;
    if (pairs.has(key!)) throw new KairosError("usage", `Argument ${quote(key)} stands twice`);
    pairs.set(key!, sign === ":=" ? json(value!, `the value of ${quote(key)}`) : value);
  }
  return Object.fromEntries(pairs);
}

/**
 * Reads a JSON object.
 *
 * @param text The text
 * @returns The object
 * @throws {KairosError} `usage`
 */
export function jsonObject(text: string): Readonly<Record<string, unknown>> {
  const value = json(text, "the arguments");
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new KairosError("usage", "Cannot use the arguments: expected a JSON object", {
    hint: 'Write {"key": "value"}, or key=value',
  });
}

function json(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KairosError("usage", `Cannot read ${what}: ${quote(text)} is no JSON`, {
      hint: "Text needs key=value, or quotes: key:='\"text\"'",
    });
  }
}
