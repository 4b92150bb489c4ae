/**
 * `min_core_version`: which SkillSets were made for a later program. It counts in versions of the existing
 * implementation, since authors write it for that one. See `kairos_formats/skillsets.md#manifest`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import type { Manifest } from "./manifest.ts";
import { compareVersions, parseVersion } from "./versions.ts";

/** The version of the existing implementation whose SkillSets this program reads. */
export const CORE_VERSION = "3.75.0";

/**
 * The core a SkillSet lacks here.
 *
 * @param manifest What it says
 * @returns The version it needs, or `null` when this one will do; what is no version asks for nothing
 *
 * @example
 * ```ts
 * import { lackingCore } from "./core_version.ts";
 *
 * if (lackingCore({ minCoreVersion: "99.0" }) !== "99.0") throw new Error("it would be enabled");
 * if (lackingCore({ minCoreVersion: "3.14" }) !== null) throw new Error("nobody could use it");
 * ```
 */
export function lackingCore({ minCoreVersion }: Pick<Manifest, "minCoreVersion">): string | null {
  try {
    const needed = parseVersion(minCoreVersion ?? "");
    return compareVersions(needed, parseVersion(CORE_VERSION)) > 0 ? needed.text : null;
  } catch (error) {
    if (error instanceof KairosError) return null;
    throw error;
  }
}

/**
 * Refuses to bring a SkillSet into use that was made for a later program.
 *
 * @param manifest What it says
 * @throws {KairosError} `refused`
 */
export function checkCore(manifest: Pick<Manifest, "minCoreVersion">): void {
  const needed = lackingCore(manifest);
  if (needed === null) return;
  throw new KairosError(
    "refused",
    `Dependency version mismatch: core ${CORE_VERSION} does not satisfy ">= ${needed}"`,
    { hint: "Use a version of the SkillSet that was made for this core, or a later kairos" },
  );
}
