/**
 * Rankings of different kinds made one: reciprocal rank fusion.
 *
 * Only places count, not scores, because scores of different kinds have no common measure. Words and
 * trigrams have one, BM25 with the same weights, so the index adds them up and is one ranking here.
 *
 * @module
 */

/**
 * Another way to find documents, beside words and trigrams: by meaning, for example.
 *
 * It is asked before the index is, about everything; what a search leaves out by its filters, or has
 * not got, is taken out of its answer afterwards.
 */
export interface Ranker {
  /**
   * Finds documents.
   *
   * @param query What somebody typed
   * @param limit Most documents
   * @param signal Aborted when nobody waits for it any more
   * @returns Paths of the documents relative to the data directory, such as `knowledge/naming` and
   *   `context/session/note`, best first
   */
  search(query: string, limit: number, signal?: AbortSignal): Promise<readonly string[]>;
}

/** Softens the difference between the first places, as those who found this way of fusing chose it. */
const SOFTNESS = 60;

/**
 * Fuses rankings.
 *
 * @param rankings Documents, best first; one that a ranking names twice counts by its first place, and
 *   one that it lacks gets nothing from it
 * @returns Score of every document in any of them, more is better: the sum of `1 / (60 + place)`
 *
 * @example
 * ```ts
 * import { fuse } from "./fusion.ts";
 *
 * const scores = fuse([["a", "b"], ["b", "c"]]);
 * const order = [...scores].sort(([, a], [, b]) => b - a).map(([id]) => id);
 * if (order.join() !== "b,a,c") throw new Error(order.join());
 * ```
 */
export function fuse(rankings: Iterable<Iterable<string>>): Map<string, number> {
  const scores = new Map<string, number>();
  for (const ranking of rankings) {
    for (const [at, id] of [...new Set(ranking)].entries()) {
      scores.set(id, (scores.get(id) ?? 0) + 1 / (SOFTNESS + at + 1));
    }
  }
  return scores;
}
