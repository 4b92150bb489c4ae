/**
 * Whether a field of a skill may change.
 *
 * @module
 */

import type { Skill } from "../ast.ts";

/**
 * Tells whether a skill's own rules let a field change. See `kairos_formats/definitions.md#methods`.
 *
 * @param skill The skill
 * @param field Name of the field, such as `content`
 * @returns `true` without rules; otherwise what `deny`, then `allow` says
 */
export function canEvolve(skill: Skill, field: string): boolean {
  if (skill.evolve === null) return true;
  const { allow, deny } = skill.evolve;
  if (deny.includes(field) || deny.includes("all")) return false;
  return allow.length === 0 || allow.includes(field);
}
