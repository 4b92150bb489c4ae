/**
 * The import graph of the repository: who imports whom, where it runs in circles, what is loaded
 * together. Pure: works on any map of path to facts.
 *
 * @module
 */

import type { ImportKind, SourceFacts } from "./source_facts.ts";

/** One import from a file of the repository to another file or to a package. */
export interface Arrow {
  /** Importing file, relative to the root, with `/`. */
  readonly from: string;
  /** Imported file relative to the root, or the package or built-in as written. */
  readonly to: string;
  /** Whether `to` is a file of the repository. */
  readonly local: boolean;
  /** How the import is written. */
  readonly kind: ImportKind;
  /** Line of the import in `from`, from 1. */
  readonly line: number;
}

/**
 * Draws one arrow for each import with a known target.
 *
 * @param files Facts of each file by its path relative to the root
 * @returns All arrows, in the order of files and lines
 */
export function importArrows(files: ReadonlyMap<string, SourceFacts>): Arrow[] {
  const arrows: Arrow[] = [];
  for (const [from, facts] of files) {
    for (const { specifier, kind, line } of facts.imports) {
      if (specifier === null) continue;
      const local = /^(\.{0,2}\/|file:)/.test(specifier);
      arrows.push({ from, to: local ? resolve(from, specifier) : specifier, local, kind, line });
    }
  }
  return arrows;
}

/** Resolves a relative specifier; one that climbs above the root keeps its `../`. */
function resolve(from: string, specifier: string): string {
  if (specifier.startsWith("/") || specifier.startsWith("file:")) return specifier;
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

/**
 * Finds circles: one for each group of nodes that all reach each other.
 *
 * @param edges Pairs of nodes, from and to
 * @returns Each circle as the nodes on one way around it, the first repeated at the end
 */
export function findCycles(edges: Iterable<readonly [string, string]>): string[][] {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of edges) {
    if (!next.has(from)) next.set(from, new Set());
    next.get(from)!.add(to);
  }
  const cycles: string[][] = [];
  const reported = new Set<string>();
  for (const start of [...next.keys()].sort()) {
    if (reported.has(start)) continue;
    const cycle = shortestWayBack(start, next);
    if (cycle === undefined) continue;
    cycles.push(cycle);
    const group = reachable([start], next);
    for (const node of group) if (reachable([node], next).has(start)) reported.add(node);
  }
  return cycles;
}

function shortestWayBack(
  start: string,
  next: ReadonlyMap<string, ReadonlySet<string>>,
): string[] | undefined {
  const ways = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const node of next.get(way.at(-1)!) ?? []) {
      if (node === start) return [...way, start];
      if (seen.has(node)) continue;
      seen.add(node);
      ways.push([...way, node]);
    }
  }
  return undefined;
}

function reachable(
  start: readonly string[],
  next: ReadonlyMap<string, ReadonlySet<string>>,
): Set<string> {
  const seen = new Set(start);
  for (const node of seen) for (const target of next.get(node) ?? []) seen.add(target);
  return seen;
}

/**
 * Everything that is loaded together with a file: static imports and re-exports, followed
 * through; types and lazy imports load nothing.
 *
 * @param start File to begin with
 * @param arrows All arrows of the repository
 * @returns Files and packages, each with the file that brings it in
 */
export function loadedWith(start: string, arrows: readonly Arrow[]): Map<string, string> {
  const loaded = new Map([[start, start]]);
  for (const from of loaded.keys()) {
    for (const arrow of arrows) {
      if (arrow.from !== from || loaded.has(arrow.to)) continue;
      if (arrow.kind === "static" || arrow.kind === "reexport") loaded.set(arrow.to, from);
    }
  }
  return loaded;
}
