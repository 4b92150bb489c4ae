/**
 * State commits for programs and for people.
 *
 * @module
 */

import { describeDiff, type StateDiff, summarizeDiff } from "../../core/state/diff.ts";
import type { ListedSnapshot } from "../../core/state/state.ts";
import { visible } from "../../core/text.ts";

/**
 * A commit as plain data.
 *
 * @param listed The commit
 * @returns Keys in snake case
 */
export function commitJson({ name, snapshot, problem }: ListedSnapshot): Record<string, unknown> {
  return {
    hash: snapshot?.snapshot_hash ?? null,
    created_at: snapshot?.created_at ?? null,
    type: snapshot?.commit_type ?? null,
    by: snapshot?.created_by ?? null,
    reason: snapshot?.reason ?? null,
    changes: snapshot?.changes_since_last.length ?? null,
    snapshot: `snapshots/${name}`,
    problem,
  };
}

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
  const moves = [...diff.promotions, ...diff.demotions]
    .map(({ from, to, item }) => visible(`> ${from} to ${to}: ${item}`));
  const text = describeDiff(summarizeDiff(diff));
  const summary = diff.has_changes && text === "No changes" ? "Only details differ" : text;
  return [...lines, ...moves, summary].map((line) => `${line}\n`).join("");
}
