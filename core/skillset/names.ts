/**
 * Names of SkillSets. See `kairos_formats/skillsets.md#names`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { visible } from "../text.ts";

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/;
const MAX_LENGTH = 64;

/**
 * Refuses what cannot name a SkillSet.
 *
 * @param name Anything; from an archive it may be a number or nothing
 * @throws {KairosError} `invalid`
 *
 * @example
 * ```ts
 * import { checkSkillSetName } from "./names.ts";
 *
 * checkSkillSetName("release-notes_2");
 * ```
 */
export function checkSkillSetName(name: unknown): asserts name is string {
  const broken = brokenRule(name);
  if (broken === null) return;
  throw new KairosError("invalid", broken, {
    hint: "Use letters a to z, digits, `_` and `-`, beginning with a letter or digit",
  });
}

function brokenRule(name: unknown): string | null {
  if (name === undefined || name === null) return "SkillSet name cannot be empty";
  if (typeof name !== "string") return "Invalid SkillSet name: it must be a text";
  if (name.trim() === "") return "SkillSet name cannot be empty";
  const shown = visible(name.slice(0, 100));
  if (name.length > MAX_LENGTH) return `SkillSet name too long (max ${MAX_LENGTH}): ${shown}`;
  if (!NAME.test(name)) {
    return `Invalid SkillSet name '${shown}': must match \\A[a-zA-Z0-9][a-zA-Z0-9_-]*\\z`;
  }
  return null;
}
