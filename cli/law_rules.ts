/**
 * The rules of a law as it would say them itself.
 *
 * @module
 */

import { emptySkill } from "../core/dsl/ast.ts";
import { printSkill } from "../core/dsl/print.ts";
import { GOVERNANCE, type LawSettings, settingsFields } from "../core/evolution/law_settings.ts";

/**
 * Writes the rules of a law as the skill that holds them.
 *
 * @param settings The rules
 * @returns TypeScript, as it may stand in a law
 */
export function lawRules(settings: LawSettings): string {
  return printSkill({
    ...emptySkill(GOVERNANCE),
    law: settingsFields(settings),
  });
}
