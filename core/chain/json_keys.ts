/**
 * The keys of a JSON object as they are written, duplicates included.
 *
 * `JSON.parse` keeps the last of two equal keys and other readers the first; text that means two
 * things to two readers has no place on a chain people verify.
 *
 * @module
 */

/**
 * The top-level keys of an object, in order, escapes resolved.
 *
 * @param text A text `JSON.parse` has accepted as an object
 * @returns Every key, as often as it stands there
 *
 * @example
 * ```ts
 * import { topLevelKeys } from "./json_keys.ts";
 *
 * const keys = topLevelKeys('{"type":1,"\\u0074ype":{"x":2}}');
 * if (keys.join() !== "type,type") throw new Error("the escaped twin was missed");
 * ```
 */
export function topLevelKeys(text: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") depth--;
    else if (char === '"') {
      const end = stringEnd(text, at);
      if (depth === 1 && isKey(text, end)) keys.push(JSON.parse(text.slice(at, end)));
      at = end - 1;
    }
  }
  return keys;
}

/**
 * The first key that stands twice at the top level of an object.
 *
 * @param text A text `JSON.parse` has accepted as an object
 * @returns The key, or `null` when all differ
 */
export function duplicateKey(text: string): string | null {
  const seen = new Set<string>();
  for (const key of topLevelKeys(text)) {
    if (seen.has(key)) return key;
    seen.add(key);
  }
  return null;
}

/** Whether a colon follows the string that ends at `end`. */
function isKey(text: string, end: number): boolean {
  let at = end;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\t" || text[at] === "\r") at++;
  return text[at] === ":";
}

/** The position after the closing quote of the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === "\\") slashes++;
  return slashes % 2 === 1;
}
