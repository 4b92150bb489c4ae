/**
 * Tools for the record of what became a rule and what did not.
 *
 * @module
 */

import { z } from "zod";
import {
  FORMALIZATION_CATEGORIES,
  FORMALIZATION_RESULTS,
  formalizationRecord,
  formalizationsOf,
} from "../../../core/dsl/formal/formalization.ts";
import { defineTool, type Tool } from "../define_tool.ts";
import { formalizationsText, recordedText } from "../definition_text.ts";
import { cursorOf, positionOf, walkDown } from "../paging.ts";
import { ADDS, CURSOR, NAME, NEXT_CURSOR, READS } from "../schemas.ts";

const TEXT = z.string().max(20_000);
const NULLABLE = z.string().nullable();

const DECISION = z.object({
  block: z.number(),
  skill_id: NULLABLE,
  skill_version: NULLABLE,
  source_text: NULLABLE,
  result: NULLABLE,
  rationale: NULLABLE,
  formalization_category: NULLABLE,
  decided_by: NULLABLE,
  confidence: z.number().nullable(),
  timestamp: NULLABLE,
});

/** Most blocks one page looks at. */
const MAX_WALK = 20_000;

const formalizationRecordTool = defineTool({
  name: "formalization_record",
  title: "Record a formalization",
  description:
    "Puts on the chain, for good, whether a sentence of a skill was made a rule, and why. " +
    "It changes no skill.",
  input: z.strictObject({
    skill_id: NAME.describe("Id of the skill"),
    skill_version: NAME.describe("Its version"),
    source_text: TEXT.describe("The sentence"),
    result: z.enum(FORMALIZATION_RESULTS),
    rationale: TEXT.describe("Why"),
    formalization_category: z.enum(FORMALIZATION_CATEGORIES),
    source_span: TEXT.describe("Words of the sentence it is about").optional(),
    ambiguity_before: TEXT.describe("How unclear the sentence was").optional(),
    ambiguity_after: TEXT.describe("How unclear the rule is").optional(),
    decided_by: NAME.describe("Who decided; human unless given").optional(),
    model: NAME.describe("Which model helped").optional(),
    confidence: z.number().describe("How sure they are").optional(),
  }),
  output: DECISION.extend({ hash: z.string() }),
  annotations: ADDS,
  example: {
    skill_id: "core_safety",
    skill_version: "1.1",
    source_text: "Ask before anything is deleted",
    result: "formalized",
    rationale: "Whether somebody was asked is on record",
    formalization_category: "rule",
  },
  async run(args, { instance: { store }, actor }) {
    const given = Object.entries(args).filter(([, value]) => value !== undefined);
    const { fields, more } = formalizationRecord(Object.fromEntries(given));
    const block = await store.exclusive(() => store.append([store.record(fields, actor, more)]));
    const decision = formalizationsOf(block)[0]!;
    return {
      structured: { ...decision, hash: block.hash },
      text: recordedText(decision, block.hash),
    };
  },
});

const formalizationHistory = defineTool({
  name: "formalization_history",
  title: "History of formalizations",
  description:
    "Shows which sentences were made rules and which were not, newest first. Pages with cursor.",
  input: z.strictObject({
    skill_id: NAME.describe("Only those about this skill").optional(),
    category: NAME.describe("Only those of this category").optional(),
    limit: z.int().min(1).max(1000).describe("Most to show; 20 unless given").optional(),
    cursor: CURSOR,
  }),
  output: z.object({ decisions: z.array(DECISION), next_cursor: NEXT_CURSOR }),
  annotations: READS,
  example: { skill_id: "core_safety" },
  async run({ skill_id, category, limit = 20, cursor }, { instance: { records }, signal }) {
    const filter = { type: "formalization_decision" };
    const { found, next } = await walkDown(
      records,
      { filter, below: positionOf(cursor), limit, maxBlocks: MAX_WALK, signal },
      (block) => formalizationsOf(block, { skill_id, category }),
    );
    const next_cursor = next === null ? null : cursorOf(next);
    const more = next_cursor === null ? "" : `\n\nMore: pass cursor ${next_cursor}`;
    return {
      structured: { decisions: [...found], next_cursor },
      text: formalizationsText(found, { skill_id, category }) + more,
    };
  },
});

/** Tools of this family. */
export const FORMALIZATION_TOOLS: readonly Tool[] = [formalizationRecordTool, formalizationHistory];
