/**
 * What differs between two trees of files, for programs and for people.
 *
 * @module
 */

import type { FileDifference } from "../../core/skillset/compare.ts";
import { differenceText } from "../../core/skillset/difference_text.ts";
import { visible } from "../../core/text.ts";
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
 * Differences for people. Without power over the screen: what reports go through is often shown later.
 *
 * @param context Where they are shown
 * @param files The files that differ
 * @param options `isOwn`: both sides are the user's own, and a patch is wanted as it is where no
 *   terminal shows it
 * @returns Their diffs, one behind the other
 */
export function differencesText(
  context: Pick<CliContext, "body" | "style">,
  files: readonly FileDifference[],
  { isOwn = false }: { readonly isOwn?: boolean } = {},
): string {
  const body = (text: string) => isOwn ? context.body(text) : visible(text, "\n\t");
  return files.map((file) => colouredDiff(body(differenceText(file)), context.style)).join("");
}
