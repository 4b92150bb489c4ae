/**
 * State commits for programs and for people.
 *
 * @module
 */

import { describeDiff, type StateDiff, summarizeDiff } from "../../core/state/diff.ts";
import { visible } from "../../core/text.ts";

/**
 * A difference as lines.
 *
 * @param diff The difference
 * @returns A line for each thing that differs, and one with the numbers
 */
export function diffText(diff: StateDiff): string {
  const lines = (["L0", "L1", "L2"] as const).flatMap((layer) => {
    const { added, modified, deleted } = diff[layer];
    const marked = (names: readonly string[], sign: string) =>
      names.map((name) => visible(`${sign} ${layer} ${name}`));
    return [...marked(added, "+"), ...marked(modified, "~"), ...marked(deleted, "-")];
  });
  // The source differs with every skill; alone it is named, since nothing else would tell.
  const files = [
    ...diff.L0.dsl_file_changed && !lines.some((line) => /^. L0 /.test(line))
      ? ["~ L0 kairos.ts"]
      : [],
    ...diff.L0.md_file_changed ? ["~ L0 kairos.md"] : [],
  ];
  const moves = [...diff.promotions, ...diff.demotions]
    .map(({ from, to, item }) => visible(`> ${from} to ${to}: ${item}`));
  const text = describeDiff(summarizeDiff(diff));
  const summary = diff.has_changes && text === "No changes" ? "Only details differ" : text;
  return [...files, ...lines, ...moves, summary].map((line) => `${line}\n`).join("");
}
