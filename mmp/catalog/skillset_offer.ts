/**
 * A SkillSet as it is offered to other instances. See `kairos_formats/meeting.md#offers`.
 *
 * @module
 */

import type { FileMemoOptions } from "../../core/layers/file_memo.ts";
import { parseEntryText } from "../../core/layers/front_matter.ts";
import type { View } from "../../core/layers/view.ts";
import { writeEnvelope } from "../../core/skillset/envelope_write.ts";
import type { PackageLimits } from "../../core/skillset/limits.ts";
import { judgeTravel, packFiles } from "../../core/skillset/package.ts";
import { PackageRefusedError } from "../../core/skillset/refusal.ts";
import type { SkillSet } from "../../core/skillset/shelf.ts";
import { SKILLSETS } from "../../core/layers/entry_place.ts";
import type { PackedFile } from "../../core/skillset/tar_write.ts";
import { readTree, treeHash } from "../../core/skillset/tree.ts";

/** What the files of a SkillSet come to. */
export interface SkillSetFacts {
  /** Its files in byte order; none when they may not travel. */
  readonly files: readonly string[];
  /** Its content hash; `null` when its files may not travel, or one of them says that it is private. */
  readonly hash: string | null;
}

/** A SkillSet that its user shares and that is in use. */
export interface SkillSetOffer extends SkillSetFacts {
  /** The SkillSet. */
  readonly set: SkillSet;
}

/** How facts are kept. */
export const SKILLSET_FACTS: FileMemoOptions<SkillSetFacts> = {
  most: 2 ** 22,
  weigh: ({ files }) => 100 + files.reduce((sum, path) => sum + path.length + 16, 0),
};

/** How packages are kept. */
export const PACKAGES: FileMemoOptions<string> = {
  most: 2 ** 25,
  weigh: (text) => text.length,
};

/**
 * What the files of a SkillSet come to.
 *
 * @param files The files of the instance
 * @param name The SkillSet
 * @param limits How much a package may be
 * @returns The facts; without a hash when something in it may not travel
 */
export function skillSetFacts(files: View, name: string, limits: PackageLimits): SkillSetFacts {
  try {
    const tree = treeOf(files, name, limits);
    judgeTravel(tree, limits);
    judgePrivacy(tree);
    return { files: tree.map(({ path }) => path), hash: treeHash(tree) };
  } catch (error) {
    if (error instanceof PackageRefusedError) return { files: [], hash: null };
    throw error;
  }
}

/**
 * A SkillSet as a package.
 *
 * @param files The files of the instance
 * @param set The SkillSet
 * @param options Limits; `clock`: milliseconds since the epoch
 * @returns The envelope as JSON
 * @throws {PackageRefusedError} For a file that may not travel
 */
export function packageText(
  files: View,
  { name, layer }: SkillSet,
  options: { readonly limits: PackageLimits; readonly clock: () => number },
): string {
  const tree = treeOf(files, name, options.limits);
  judgePrivacy(tree);
  return [...writeEnvelope(packFiles(tree, { layer, ...options }), { compact: true })].join("");
}

/**
 * The documents of a SkillSet that say they are private. One is enough to keep all of it from being
 * offered: that it is shared does not take that back, as who shares it may not know of every document.
 * One that only cannot be read says nothing.
 *
 * @param files The files of the SkillSet
 * @returns Their paths
 */
export function privateDocuments(files: readonly PackedFile[]): string[] {
  return files.filter(({ path, bytes }) => {
    if (!path.startsWith("knowledge/") || !path.endsWith(".md")) return false;
    const { isPrivate, fields } = parseEntryText(bytes, path);
    return isPrivate && ["private", "public"].some((key) => Object.hasOwn(fields, key));
  }).map(({ path }) => path);
}

function judgePrivacy(files: readonly PackedFile[]): void {
  const [path] = privateDocuments(files);
  if (path !== undefined) throw new PackageRefusedError("private", path);
}

function treeOf(files: View, name: string, limits: PackageLimits): PackedFile[] {
  const source = {
    list: (path: string) => files.list(path),
    read: (path: string, maxBytes: number) => {
      // Looked at, so that another content is noticed: reading alone does not tell.
      files.stat(path);
      return files.read(path, maxBytes);
    },
  };
  return readTree(source, `${SKILLSETS}/${name}`, limits);
}
