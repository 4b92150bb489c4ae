/**
 * The rules of a law as it would say them itself.
 *
 * @module
 */

import { emptySkill } from "../core/dsl/ast.ts";
import { printSkill } from "../core/dsl/print.ts";
import { GOVERNANCE, type LawSettings } from "../core/evolution/law_settings.ts";

/**
 * Writes the rules of a law as the skill that holds them.
 *
 * @param settings The rules
 * @returns TypeScript, as it may stand in a law
 */
export function lawRules(settings: LawSettings): string {
  return printSkill({
    ...emptySkill(GOVERNANCE),
    law: {
      allowed_skills: settings.allowedSkills,
      immutable_skills: settings.immutableSkills,
      evolution_enabled: settings.evolutionEnabled,
      limits: { evolutions_per_session: settings.evolutionsPerSession },
      approval: {
        required: settings.required,
        allow_client: settings.allowClient,
        allow_asserted: settings.allowAsserted,
        expires_days: settings.expiresDays,
      },
      exchange: { acquire_from: settings.acquireFrom },
    },
  });
}
