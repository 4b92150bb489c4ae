/**
 * What differs between two trees of files, for programs and for people.
 *
 * @module
 */

import type { FileDifference } from "../../core/skillset/compare.ts";
import { differenceText } from "../../core/skillset/difference_text.ts";
import type { CliContext } from "../context.ts";
import { colouredDiff } from "./diff.ts";

/**
 * Differences for programs.
 *
 * @param files The files that differ
 * @returns Path, what happens and a unified diff of each
 */
export function differencesJson(files: readonly FileDifference[]): Record<string, unknown>[] {
  return files.map((file) => ({
    path: file.path,
    change: file.change,
    diff: differenceText(file),
  }));
}

/**
 * Differences for people.
 *
 * @param context Where they are shown
 * @param files The files that differ
 * @returns Their diffs, one behind the other
 */
export function differencesText(
  context: Pick<CliContext, "body" | "style">,
  files: readonly FileDifference[],
): string {
  return files.map((file) => colouredDiff(context.body(differenceText(file)), context.style))
    .join("");
}
