/**
 * Which documents fit a query, and how well.
 *
 * @module
 */

import type { IndexDatabase, PlaceFilter } from "./database.ts";
import { fuse } from "./fusion.ts";
import { looserTerms } from "./query.ts";

/** A document that fits. */
export interface Ranked {
  /** Where it is. */
  readonly path: string;
  /** The content that fits. */
  readonly version: string;
  /** How well it fits, more is better. */
  readonly score: number;
}

/** Documents in order. */
export interface Ranking {
  /** The documents, best first. */
  readonly ranked: readonly Ranked[];
  /** What was looked for in the end. */
  readonly terms: readonly string[];
  /** Whether some of the terms were enough. */
  readonly isPartial: boolean;
}

/**
 * Ranks the documents that hold all terms, or else those that hold some of them.
 *
 * @param database The index
 * @param terms Folded terms, at least one
 * @param filter Which documents count
 * @param others Paths of documents as other rankings have them, best first
 * @returns The ranking, fused with the others
 */
export function rank(
  database: IndexDatabase,
  terms: readonly string[],
  filter: PlaceFilter,
  others: readonly (readonly string[])[] = [],
): Ranking {
  const allowed = database.allowed(filter);
  const all = order(collect(database, terms, allowed), allowed, terms.length);
  if (all.length > 0) return { ranked: fused(all, others, allowed), terms, isPartial: false };
  const looser = looserTerms(terms);
  const some = order(collect(database, looser, allowed), allowed, 1);
  const ranked = fused(some, others, allowed);
  return { ranked, terms: looser, isPartial: ranked.length > 0 };
}

/** The index's own ranking and those of others, which may name what a filter leaves out. */
function fused(
  own: readonly Ranked[],
  others: readonly (readonly string[])[],
  allowed: Allowed,
): readonly Ranked[] {
  if (others.length === 0) return own;
  const documents = new Map(allowed.values().map((one) => [one.path, one]));
  const theirs = others.map((paths) => paths.filter((path) => documents.has(path)));
  return [...fuse([own.map(({ path }) => path), ...theirs])]
    .sort(([a, forA], [b, forB]) => forB - forA || (a < b ? -1 : 1))
    .map(([path, score]) => ({ ...documents.get(path)!, score }));
}

interface Tally {
  terms: number;
  score: number;
}

type Allowed = ReturnType<IndexDatabase["allowed"]>;

function collect(
  database: IndexDatabase,
  terms: readonly string[],
  allowed: Allowed,
): Map<number, Tally> {
  const tallies = new Map<number, Tally>();
  for (const term of terms) {
    for (const [id, score] of database.matches(term)) {
      if (!allowed.has(id)) continue;
      const tally = tallies.get(id) ?? { terms: 0, score: 0 };
      tally.terms++;
      tally.score += score;
      tallies.set(id, tally);
    }
  }
  return tallies;
}

function order(tallies: Map<number, Tally>, allowed: Allowed, atLeast: number): Ranked[] {
  return [...tallies].filter(([, { terms }]) => terms >= atLeast)
    // By path in the end, so that the order never depends on how the index came about.
    .map(([id, { terms, score }]) => ({ ...allowed.get(id)!, terms, score }))
    .sort((a, b) => b.terms - a.terms || b.score - a.score || (a.path < b.path ? -1 : 1))
    .map(({ path, version, score }) => ({ path, version, score }));
}
