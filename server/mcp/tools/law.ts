/**
 * The family of tools for the law, L0.
 *
 * @module
 */

import type { Config } from "../../../core/config/config.ts";
import { lawFacts } from "../../../core/evolution/facts.ts";
import type { Tool } from "../define_tool.ts";
import { skillsAudit } from "./audit.ts";
import { capabilityStatus } from "./capability.ts";
import { definitionTools } from "./definition.ts";
import { skillsEvolve } from "./evolve.ts";
import { FORMALIZATION_TOOLS } from "./formalization.ts";
import { instructionsUpdate } from "./instructions.ts";
import type { LawSource } from "./law_source.ts";
import { skillsPromote } from "./promote.ts";
import { skillsRollback } from "./rollback.ts";
import { SKILLS_TOOLS, skillsDslGet } from "./skills.ts";

/**
 * The tools of this family.
 *
 * @param toolsOf All tools of an instance with these settings
 * @returns The tools
 */
export function lawTools(toolsOf: (config: Config) => readonly Tool[]): readonly Tool[] {
  const source: LawSource = {
    law: async ({ instance }) => (await (await instance.evolution()).inForce()).law,
    facts: ({ instance }) => lawFacts(instance),
    tools: ({ instance }) => toolsOf(instance.config).map(({ name }) => name),
  };
  return [
    ...SKILLS_TOOLS,
    skillsDslGet(source),
    skillsEvolve,
    skillsRollback,
    skillsPromote,
    skillsAudit,
    instructionsUpdate,
    ...definitionTools(source),
    ...FORMALIZATION_TOOLS,
    capabilityStatus(source),
  ];
}
