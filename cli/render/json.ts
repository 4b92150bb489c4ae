/**
 * JSON for programs, safe to look at.
 *
 * @module
 */

import { visible } from "../../core/text.ts";

/**
 * A value as JSON text. Characters that steer a terminal are written as `\u` escapes, which mean the
 * same to every reader of JSON.
 *
 * @param value Plain data
 * @param indent Spaces of indentation; 0 for all of it on one line
 * @returns The text, ended by a newline
 *
 * @example
 * ```ts
 * import { renderJson } from "./json.ts";
 *
 * const text = renderJson({ name: "a\u202eb" });
 * if (text !== '{\n  "name": "a\\u202eb"\n}\n') throw new Error(text);
 * ```
 */
export function renderJson(value: unknown, indent = 2): string {
  const text = JSON.stringify(value, null, indent).replace(
    /[^\x20-\x7e\n]/gu,
    (char) => visible(char) === char ? char : escaped(char),
  );
  return `${text}\n`;
}

/** One `\u` escape for each UTF-16 unit. */
function escaped(char: string): string {
  return Array.from(
    { length: char.length },
    (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");
}
