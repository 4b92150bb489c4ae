/**
 * Unified diffs for people.
 *
 * @module
 */

import type { Style } from "./style.ts";

/**
 * A unified diff with its lines marked for the eye.
 *
 * @param diff The diff, without power over the screen already
 * @param style Marks texts
 * @returns The same lines
 */
export function colouredDiff(diff: string, style: Style): string {
  return diff.split("\n").map((line) => coloured(line, style)).join("\n");
}

function coloured(line: string, style: Style): string {
  if (line.startsWith("---") || line.startsWith("+++")) return style.strong(line);
  if (line.startsWith("+")) return style.good(line);
  if (line.startsWith("-")) return style.bad(line);
  return line.startsWith("@@") ? style.faint(line) : line;
}
