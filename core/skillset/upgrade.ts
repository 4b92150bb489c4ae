/**
 * What the version of a SkillSet that ships with kairos would change in the one that is installed.
 *
 * @module
 */

import { compareTrees, type FileDifference, upgradedTree } from "./compare.ts";
import type { Manifest } from "./manifest.ts";
import type { PackedFile } from "./tar_write.ts";
import { treeManifest } from "./tree.ts";
import { compareVersions, parseVersion } from "./versions.ts";

/** What the version that ships with kairos would change in a SkillSet. */
export interface Upgrade {
  /** Its name. */
  readonly name: string;
  /** The version that is installed. */
  readonly from: string;
  /** The version that ships. */
  readonly to: string;
  /** The files that would change. */
  readonly differences: readonly FileDifference[];
}

/**
 * What a newer version would change.
 *
 * @param manifest What is installed
 * @param before Its files
 * @param files The files of the other version
 * @returns The upgrade; none when the other version is older or changes nothing
 * @throws {KairosError} `invalid` for a manifest that is missing or wrong
 */
export function upgradeOf(
  { name, version: from }: Manifest,
  before: readonly PackedFile[],
  files: readonly PackedFile[],
): Upgrade[] {
  const { version: to } = treeManifest(files);
  if (compareVersions(parseVersion(from), parseVersion(to)) > 0) return [];
  const differences = compareTrees(before, upgradedTree(before, files));
  return differences.length === 0 ? [] : [{ name, from, to, differences }];
}
