/**
 * Verifies many skills at once.
 *
 * @module
 */

import type { Skill } from "../ast.ts";
import { bindingsOf, type InstanceFacts } from "./bindings.ts";
import { coverage } from "./drift.ts";
import { type OptionSlip, optionSlips } from "./option_slips.ts";
import { verifyDefinition, type VerifyReport } from "./verify_definition.ts";

/** A skill and what became of its statements. */
export interface VerifiedSkill extends VerifyReport {
  /** Its id. */
  readonly skill_id: string;
  /** Whether it has any statements. */
  readonly has_definition: boolean;
  /** Which part of the statements the prose mentions, from 0 to 1; `null` without statements. */
  readonly coverage: number | null;
  /** Options of its statements that look like slips of the hand. */
  readonly slips: readonly OptionSlip[];
}

/**
 * Verifies skills of a law. What the instance says about itself is bound once for all of them.
 *
 * @param instance What the instance says about itself, and the whole law
 * @param wanted The skills to verify
 * @param coverageOf Compares a skill with its prose; for those who keep what they worked out
 * @returns Each skill and what became of its statements, in order
 * @throws {KairosError} `too_large` for a skill too long to compare with its prose
 *
 * @example
 * ```ts
 * import { emptySkill } from "../ast.ts";
 * import { verifyLaw } from "./verify_law.ts";
 *
 * const skills = [emptySkill("core_safety")];
 * const [verified] = verifyLaw({ facts: {}, skills, tools: [] }, skills);
 * if (verified?.has_definition !== false) throw new Error("it says nothing");
 * ```
 */
export function verifyLaw(
  instance: InstanceFacts,
  wanted: readonly Skill[],
  coverageOf: (skill: Skill) => number | null = coverage,
): VerifiedSkill[] {
  const { variables, tools, skills: named } = bindingsOf(instance);
  const skills: Record<string, Skill> = { ...named };
  return wanted.map((skill) => {
    // The one name that is another for each of them.
    skills["skill"] = skill;
    return {
      skill_id: skill.id,
      has_definition: skill.definition !== null,
      coverage: coverageOf(skill),
      slips: optionSlips(skill),
      ...verifyDefinition(skill, { variables, skills, tools }),
    };
  });
}
