/**
 * From what somebody types to a skill.
 *
 * @module
 */

import type { Law, Skill } from "../core/dsl/ast.ts";
import { KairosError } from "../core/errors.ts";
import { didYouMean } from "../core/nearest.ts";
import { quote } from "../core/text.ts";

/**
 * A skill of a law.
 *
 * @param law The law
 * @param id Its id
 * @returns The skill
 * @throws {KairosError} `not_found`
 */
export function findSkill({ skills }: Law, id: string): Skill {
  const skill = skills.find((one) => one.id === id);
  if (skill !== undefined) return skill;
  const known = skills.map((one) => one.id);
  throw new KairosError("not_found", `Skill ${quote(id)} not found`, {
    hint: didYouMean(id, known, "List the skills with `kairos skills list`"),
  });
}
