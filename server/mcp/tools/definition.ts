/**
 * Tools for the formal statements of the law: do they hold, what do they say, does the prose agree.
 *
 * @module
 */

import { z } from "zod";
import { bindingsOf } from "../../../core/dsl/formal/bindings.ts";
import { decompile } from "../../../core/dsl/formal/decompile.ts";
import { drift } from "../../../core/dsl/formal/drift.ts";
import { optionSlips } from "../../../core/dsl/formal/option_slips.ts";
import { verifyDefinition } from "../../../core/dsl/formal/verify_definition.ts";
import { defineTool, type Tool } from "../define_tool.ts";
import { decompileText, driftText, verifyText } from "../definition_text.ts";
import { NAME, READS } from "../schemas.ts";
import type { LawSource } from "./law_source.ts";
import { skillOf } from "./skills.ts";

const SCALAR = z.union([z.boolean(), z.number(), z.string().max(10_000), z.null()]);
const VALUES = z.record(z.string(), z.union([SCALAR, z.array(SCALAR).max(1000)]));

const SKILL = z.strictObject({ skill_id: NAME.describe("Id of the skill") });

const COUNT = z.int();

const FIGURES = z.object({
  summary: z.object({
    total: COUNT,
    errors: COUNT,
    warnings: COUNT,
    info: COUNT,
    coverage_ratio: z.number().nullable(),
  }),
  items: z.array(z.object({
    direction: z.enum(["definition_orphaned", "content_uncovered"]),
    severity: z.enum(["warning", "info"]),
    description: z.string(),
    node_name: z.string().nullable(),
  })),
});

/**
 * The tools of this family.
 *
 * @param source Where they get the law
 * @returns The tools
 */
export function definitionTools(source: LawSource): readonly Tool[] {
  return [verifyTool(source), decompileTool(source), driftTool(source)];
}

function verifyTool(source: LawSource): Tool {
  return defineTool({
    name: "definition_verify",
    title: "Verify a definition",
    description: "Judges each statement of a skill's definition: satisfied, unsatisfied, unknown " +
      "because a name stands for nothing, or left to a person. Names stand for what the instance " +
      "says about itself and for the values you pass as context. Nothing is run.",
    input: SKILL.extend({
      context: VALUES.describe("Values for names in conditions").optional(),
    }),
    output: z.object({
      skill_id: z.string(),
      has_definition: z.boolean(),
      summary: z.object({
        total: COUNT,
        passed: COUNT,
        failed: COUNT,
        unknown: COUNT,
        human_required: COUNT,
      }),
      outcomes: z.object({
        satisfied: COUNT,
        unsatisfied: COUNT,
        unknown: COUNT,
        human_required: COUNT,
      }),
      checked: COUNT.describe("Statements at which something was looked at"),
      all_deterministic_passed: z.boolean(),
      results: z.array(z.object({
        node: z.string(),
        type: z.string(),
        satisfied: z.union([z.boolean(), z.literal("unknown")]),
        evaluable: z.boolean(),
        detail: z.string(),
        outcome: z.enum(["satisfied", "unsatisfied", "unknown", "human_required"]),
        checked: z.boolean(),
      })),
      slips: z.array(z.object({ node: z.string(), option: z.string(), meant: z.string() }))
        .describe("Options nobody reads that look like ones that are read"),
    }),
    annotations: READS,
    example: { skill_id: "core_safety" },
    async run({ skill_id, context: values }, context) {
      const law = await source.law(context);
      const skill = skillOf(law.skills, skill_id);
      const bindings = bindingsOf(
        { facts: await source.facts(context), skills: law.skills, tools: source.tools(context) },
        { subject: skill, ...(values === undefined ? {} : { context: values }) },
      );
      const report = verifyDefinition(skill, bindings);
      const slips = optionSlips(skill);
      return {
        structured: {
          skill_id,
          has_definition: skill.definition !== null,
          ...report,
          results: [...report.results],
          slips,
        },
        text: verifyText(skill, report, slips),
      };
    },
  });
}

function decompileTool(source: LawSource): Tool {
  return defineTool({
    name: "definition_decompile",
    title: "Tell a definition in words",
    description:
      "Tells the definition of a skill in plain words, one line for each statement, so " +
      "that a person can compare it with the prose.",
    input: SKILL,
    output: z.object({ skill_id: z.string(), has_definition: z.boolean(), text: z.string() }),
    annotations: READS,
    example: { skill_id: "core_safety" },
    async run({ skill_id }, context) {
      const skill = skillOf((await source.law(context)).skills, skill_id);
      return {
        structured: {
          skill_id,
          has_definition: skill.definition !== null,
          text: decompile(skill),
        },
        text: decompileText(skill),
      };
    },
  });
}

function driftTool(source: LawSource): Tool {
  return defineTool({
    name: "definition_drift",
    title: "Compare definition and prose",
    description:
      "Names statements the prose of a skill does not mention and promises of the prose " +
      "that no statement covers, by parts of words and by whole words.",
    input: SKILL,
    output: FIGURES.extend({
      skill_id: z.string(),
      has_definition: z.boolean(),
      by_words: FIGURES,
    }),
    annotations: READS,
    example: { skill_id: "core_safety" },
    async run({ skill_id }, context) {
      const skill = skillOf((await source.law(context)).skills, skill_id);
      const report = drift(skill);
      const { summary, items, by_words } = report;
      return {
        structured: {
          skill_id,
          has_definition: skill.definition !== null,
          summary,
          items: [...items],
          by_words: { summary: by_words.summary, items: [...by_words.items] },
        },
        text: driftText(skill, report),
      };
    },
  });
}
