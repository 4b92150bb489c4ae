/**
 * Records of how a sentence was made a rule, or why not. See
 * `kairos_formats/definitions.md#formalization-records`.
 *
 * @module
 */

import type { RecordFields } from "../../actor.ts";
import type { Block } from "../../chain/block.ts";
import { parseRecord } from "../../chain/parse_record.ts";
import { KairosError } from "../../errors.ts";

/** What can come of it. */
export const FORMALIZATION_RESULTS = ["formalized", "not_formalized"] as const;

/** What kind of sentence it is. */
export const FORMALIZATION_CATEGORIES = [
  "invariant",
  "rule",
  "guideline",
  "policy",
  "philosophy",
] as const;

/** Fields that must be there, in the order in which they are asked for. */
const REQUIRED = [
  "skill_id",
  "skill_version",
  "source_text",
  "result",
  "rationale",
  "formalization_category",
] as const;

/** What a caller says about a decision. */
export interface FormalizationInput extends Partial<Record<typeof REQUIRED[number], string>> {
  /** The words of the prose it is about. */
  readonly source_span?: string;
  /** How unclear the sentence was. */
  readonly ambiguity_before?: string;
  /** How unclear the rule is. */
  readonly ambiguity_after?: string;
  /** Who decided; `human` unless given. */
  readonly decided_by?: string;
  /** Which model helped. */
  readonly model?: string;
  /** How sure they are. */
  readonly confidence?: number;
}

/** A record on its way to the chain: what stands before the time and the actor, and behind them. */
export interface FormalizationRecord {
  /** Keys before the time. */
  readonly fields: RecordFields;
  /** Keys behind the actor. */
  readonly more: Readonly<Record<string, unknown>>;
}

/**
 * Checks what a caller says and makes the record of it.
 *
 * @param input What the caller says
 * @returns The two parts `Store.record` takes
 * @throws {KairosError} `invalid`, naming the first field that is missing or wrong
 *
 * @example
 * ```ts
 * import { formalizationRecord } from "./formalization.ts";
 *
 * const { fields } = formalizationRecord({
 *   skill_id: "core_safety",
 *   skill_version: "1.1",
 *   source_text: "Ask before deleting",
 *   result: "formalized",
 *   rationale: "It can be checked",
 *   formalization_category: "rule",
 * });
 * if (fields.type !== "formalization_decision") throw new Error("another type");
 * ```
 */
export function formalizationRecord(input: FormalizationInput): FormalizationRecord {
  for (const name of REQUIRED) {
    if ((input[name] ?? "") === "") throw new KairosError("invalid", `${name} is required`);
  }
  if (!isOneOf(FORMALIZATION_RESULTS, input.result)) {
    throw new KairosError("invalid", "result must be 'formalized' or 'not_formalized'");
  }
  if (!isOneOf(FORMALIZATION_CATEGORIES, input.formalization_category)) {
    const list = FORMALIZATION_CATEGORIES.join(", ");
    throw new KairosError("invalid", `formalization_category must be one of: ${list}`);
  }
  return {
    fields: {
      type: "formalization_decision",
      skill_id: input.skill_id,
      skill_version: input.skill_version,
      source_text: input.source_text,
      source_span: input.source_span ?? null,
      result: input.result,
      rationale: input.rationale,
      formalization_category: input.formalization_category,
      ambiguity_before: input.ambiguity_before ?? null,
      ambiguity_after: input.ambiguity_after ?? null,
      decided_by: input.decided_by ?? "human",
      model: input.model ?? null,
    },
    more: {
      confidence: input.confidence ?? null,
      decompile_text: null,
      source_decompile_divergence: null,
    },
  };
}

/** A decision as it stands on the chain; what a record leaves out is `null`. */
export interface FormalizationDecision {
  /** The block's position. */
  readonly block: number;
  /** The skill. */
  readonly skill_id: string | null;
  /** Its version. */
  readonly skill_version: string | null;
  /** The sentence. */
  readonly source_text: string | null;
  /** `formalized` or `not_formalized`; other implementations may use other words. */
  readonly result: string | null;
  /** Why. */
  readonly rationale: string | null;
  /** What kind of sentence it is. */
  readonly formalization_category: string | null;
  /** Who decided. */
  readonly decided_by: string | null;
  /** How sure they were. */
  readonly confidence: number | null;
  /** Local time with its offset. */
  readonly timestamp: string | null;
}

/** Which decisions are wanted; all of them when empty. */
export interface FormalizationFilter {
  /** Only those about this skill. */
  readonly skill_id?: string | undefined;
  /** Only those of this category. */
  readonly category?: string | undefined;
}

/**
 * The decisions in one block that a reader wants. Items of any other kind, be they no JSON or JSON
 * that is no object, are passed over.
 *
 * @param block The block
 * @param filter Which are wanted
 * @returns The decisions, in order
 */
export function formalizationsOf(
  block: Pick<Block, "index" | "data">,
  { skill_id, category }: FormalizationFilter = {},
): FormalizationDecision[] {
  return block.data.flatMap((item) => {
    if (!item.includes("formalization_decision")) return [];
    const fields = parseRecord(item);
    if (fields?.type !== "formalization_decision") return [];
    if (skill_id !== undefined && fields.skill_id !== skill_id) return [];
    if (category !== undefined && fields.formalization_category !== category) return [];
    const text = (name: string) => {
      const value = fields[name];
      return typeof value === "string" ? value : null;
    };
    return [{
      block: block.index,
      skill_id: text("skill_id"),
      skill_version: text("skill_version"),
      source_text: text("source_text"),
      result: text("result"),
      rationale: text("rationale"),
      formalization_category: text("formalization_category"),
      decided_by: text("decided_by"),
      confidence: typeof fields.confidence === "number" ? fields.confidence : null,
      timestamp: text("timestamp"),
    }];
  });
}

function isOneOf(words: readonly string[], word: string | undefined): boolean {
  return word !== undefined && words.includes(word);
}
