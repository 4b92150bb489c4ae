/**
 * Why a SkillSet is not installed over another, and what that would change.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { differenceCount, type FileDifference } from "./compare.ts";
import { SKILLSETS } from "../layers/entry_place.ts";

/** Most files an error lists. */
const MAX_LISTED = 200;

/**
 * The refusal of an install that nobody said may replace anything.
 *
 * @param name The SkillSet that is there
 * @param differences What would change, or `null` when that cannot be told
 * @returns `exists`, with the changes in its data
 */
export function alreadyInstalled(
  name: string,
  differences: readonly FileDifference[] | null,
): KairosError {
  const found = differences === null
    ? ""
    : differences.length === 0
    ? "; nothing would change"
    : `; by this ${differenceCount(differences)}`;
  const changes = differences?.slice(0, MAX_LISTED).map(({ path, change }) => ({ path, change }));
  return new KairosError(
    "exists",
    `SkillSet '${name}' already installed at ${SKILLSETS}/${name}${found}`,
    {
      hint: `Compare them with \`kairos skillset diff ${name} …\`; use --force to reinstall`,
      data: changes === undefined ? {} : { changes },
    },
  );
}
