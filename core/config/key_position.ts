/**
 * Where a setting stands in its file, for messages.
 *
 * @module
 */

import type { TextPosition } from "../yaml.ts";

const KEY_LINE = /^( *)(?:"([^"\\]*)"|'([^']*)'|([^\s"'#][^:]*?)) *:(?:\s|$)/;

/**
 * Finds a key by its dotted path, in block style only; that is what people write settings in.
 *
 * @param text A YAML text that has been parsed without a complaint
 * @param path The key, such as `http.port`
 * @returns Line and column of the last segment, from 1, or `null` when it is written otherwise
 *
 * @example
 * ```ts
 * import { keyPosition } from "./key_position.ts";
 *
 * const at = keyPosition("http:\n  host: a\n  port: b\n", "http.port");
 * if (at?.line !== 3 || at.column !== 3) throw new Error("not found");
 * ```
 */
export function keyPosition(text: string, path: string): TextPosition | null {
  const lines = text.split(/\r\n|\r|\n/);
  let from = 0;
  let to = lines.length;
  let position: TextPosition | null = null;
  for (const segment of path.split(".")) {
    const found = findChild(lines, from, to, segment);
    if (found === null) return null;
    position = { line: found.at + 1, column: found.indent + 1 };
    from = found.at + 1;
    to = blockEnd(lines, from, found.indent, to);
  }
  return position;
}

/** Looks for a key among the lines that are indented like the first one. */
function findChild(
  lines: readonly string[],
  from: number,
  to: number,
  name: string,
): { at: number; indent: number } | null {
  let indent = -1;
  let found = null;
  for (let at = from; at < to; at++) {
    const match = KEY_LINE.exec(lines[at]!);
    if (match === null) continue;
    const [, spaces = "", double, single, plain] = match;
    if (indent < 0) indent = spaces.length;
    if (spaces.length === indent && (double ?? single ?? plain) === name) found = { at, indent };
  }
  return found;
}

/** The first line from a position that no longer belongs to a block. */
function blockEnd(lines: readonly string[], from: number, indent: number, to: number): number {
  for (let at = from; at < to; at++) {
    const spaces = /^ */.exec(lines[at]!)![0].length;
    const isBlank = /^\s*(?:#|$)/.test(lines[at]!);
    if (!isBlank && spaces <= indent) return at;
  }
  return to;
}
