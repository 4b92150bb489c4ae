/**
 * The content hash of a SkillSet: one SHA-256 over the hashes of its files. See
 * `kairos_formats/skillsets.md#content-hash`.
 *
 * @module
 */

import { sha256 } from "../objects/objects.ts";

/** A file of a SkillSet: its path below the SkillSet's folder, with `/`, and the SHA-256 of its bytes. */
export type FileHash = readonly [path: string, sha256: string];

/**
 * Files in the order in which they are hashed, listed and packed: by the bytes of their paths, not by
 * UTF-16 units, in which U+FF21 comes after U+1F600.
 *
 * @param files The files, in any order
 * @param path How to get a file's path
 * @returns The same files in order
 */
export function inByteOrder<T>(files: Iterable<T>, path: (file: T) => string): T[] {
  const encoder = new TextEncoder();
  return [...files]
    .map((file) => ({ file, bytes: encoder.encode(path(file)) }))
    .sort((a, b) => compareBytes(a.bytes, b.bytes))
    .map(({ file }) => file);
}

/**
 * Whether a file counts: a name with a leading dot anywhere in the path hides it.
 *
 * @param path Path below the SkillSet's folder
 * @returns `false` for hidden files
 */
export function isCounted(path: string): boolean {
  return !path.split("/").some((segment) => segment.startsWith("."));
}

/**
 * The text that is hashed: a JSON object of path to SHA-256, in byte order, without blanks. It is
 * put together by hand, since an object would move keys that look like numbers and lose `__proto__`.
 *
 * @param files The files that count
 * @returns The text
 */
export function hashedText(files: Iterable<FileHash>): string {
  const pairs = inByteOrder(files, ([path]) => path)
    .map(([path, hash]) => `${JSON.stringify(path)}:"${hash}"`);
  return `{${pairs.join(",")}}`;
}

/**
 * The content hash.
 *
 * @param files The files that count
 * @returns 64 hexadecimal digits, lower case
 *
 * @example
 * ```ts
 * import { contentHash } from "./content_hash.ts";
 *
 * if (!contentHash([]).startsWith("44136fa355b3678a")) throw new Error("the hash of {} is fixed");
 * ```
 */
export function contentHash(files: Iterable<FileHash>): string {
  return sha256(hashedText(files));
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const difference = a[at]! - b[at]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
