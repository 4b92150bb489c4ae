/**
 * Two trees of a SkillSet compared file by file, and what becomes of one when another comes over it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { PackedFile } from "./tar_write.ts";

/** A file that is not the same in two trees. */
export interface FileDifference {
  /** Path below the SkillSet's folder. */
  readonly path: string;
  /** What happens to it from the first tree to the second. */
  readonly change: "added" | "changed" | "removed";
  /** Its bytes in the first tree, or `null`. */
  readonly before: Uint8Array | null;
  /** Its bytes in the second tree, or `null`. */
  readonly after: Uint8Array | null;
}

/**
 * The files that are not the same in two trees.
 *
 * @param before The first tree
 * @param after The second tree
 * @returns Each with what happens to it, sorted by path
 *
 * @example
 * ```ts
 * import { compareTrees } from "./compare.ts";
 *
 * const bytes = new TextEncoder().encode("new\n");
 * const [found] = compareTrees([], [{ path: "knowledge/a.md", bytes }]);
 * if (found?.change !== "added") throw new Error("not noticed");
 * ```
 */
export function compareTrees(
  before: readonly PackedFile[],
  after: readonly PackedFile[],
): FileDifference[] {
  const [old, young] = [before, after].map((files) =>
    new Map(files.map(({ path, bytes }) => [path, bytes]))
  ) as [Map<string, Uint8Array>, Map<string, Uint8Array>];
  return [...new Set([...old.keys(), ...young.keys()])].sort().flatMap((path) => {
    const [from = null, to = null] = [old.get(path), young.get(path)];
    if (from !== null && to !== null && isSame(from, to)) return [];
    const change = from === null ? "added" : to === null ? "removed" : "changed";
    return [{ path, change, before: from, after: to }];
  });
}

/**
 * Differences in numbers.
 *
 * @param differences The files
 * @returns Such as `1 file added, 2 changed, 0 removed`
 */
export function differenceCount(differences: readonly FileDifference[]): string {
  const count = (what: FileDifference["change"]) =>
    differences.filter(({ change }) => change === what).length;
  const added = count("added");
  return `${added} ${added === 1 ? "file" : "files"} added, ${count("changed")} changed, ` +
    `${count("removed")} removed`;
}

/**
 * What a SkillSet holds once another tree took its place: what the user keeps directly in `config/`
 * stays.
 *
 * @param old Its files
 * @param files The other tree
 * @returns The files
 */
export function replacedTree(
  old: readonly PackedFile[],
  files: readonly PackedFile[],
): PackedFile[] {
  const kept = old.filter(({ path }) => /^config\/[^/]+$/.test(path));
  return over(files, kept);
}

/**
 * What a SkillSet holds once a newer version went over it: everything below `config/` stays, and so
 * does what the newer version does not hold.
 *
 * @param old Its files
 * @param files The newer version
 * @returns The files
 */
export function upgradedTree(
  old: readonly PackedFile[],
  files: readonly PackedFile[],
): PackedFile[] {
  const kept = old.filter(({ path }) => path.startsWith("config/"));
  return over(old, over(files, kept));
}

/** The first files, with the second ones over them. */
function over(first: readonly PackedFile[], second: readonly PackedFile[]): PackedFile[] {
  const paths = new Set(second.map(({ path }) => path));
  return [...first.filter(({ path }) => !paths.has(path)), ...second];
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
