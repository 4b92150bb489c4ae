/**
 * The law as data: what a skill is once its source was read.
 *
 * Both front ends, `skills/kairos.ts` and `skills/kairos.rb`, end in this one tree. It holds JSON
 * values only, so that it can be hashed, diffed and sent; code stays text and is never run. See
 * `kairos_formats/law.md#the-tree`.
 *
 * @module
 */

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Source text of something that could run elsewhere; shown, hashed and diffed, never run here. */
export interface Code {
  /** What it is written in. */
  readonly language: "typescript" | "ruby";
  /** The text as it stands in the source. */
  readonly text: string;
}

/** The types of nodes the formal layer knows; a source may name others. */
export const NODE_TYPES = [
  "Constraint",
  "Check",
  "Plan",
  "ToolCall",
  "SemanticReasoning",
] as const;

/** One statement of a definition. */
export interface DefinitionNode {
  /** One of {@linkcode NODE_TYPES}, or a word of the author's. */
  readonly type: string;
  /** Its name within the skill. */
  readonly name: string;
  /** What it says, in the order in which it was written: `condition`, `steps`, `command`, `prompt` … */
  readonly options: JsonObject;
  /** The words of the content it was drawn from, or `null`. */
  readonly source_span: string | null;
}

/** A change outside that a skill may make. */
export interface Effect {
  /** Its name within the skill. */
  readonly name: string;
  /** What must be given first. */
  readonly requires: readonly string[];
  /** What is recorded when it happens. */
  readonly records: readonly string[];
  /** What does it, or `null`. */
  readonly run: Code | null;
}

/** A condition of a change that is written as code, so that only a person can judge it. */
export interface EvolveCondition {
  /** Its name. */
  readonly name: string;
  /** The code, or `null`. */
  readonly test: Code | null;
}

/** Which fields of a skill may change. */
export interface EvolveRules {
  /** Fields that may; every field when empty. */
  readonly allow: readonly string[];
  /** Fields that may not, before `allow`; `all` names every field. */
  readonly deny: readonly string[];
  /** Conditions for a person. */
  readonly conditions: readonly EvolveCondition[];
}

/** One argument of a tool. */
export interface ToolProperty {
  /** Its name. */
  readonly name: string;
  /** JSON Schema type. */
  readonly type: string;
  /** What it is, or `null`. */
  readonly description: string | null;
}

/** A tool that a skill describes. */
export interface ToolSpec {
  /** Its name, or `null` for one made of the skill's id. */
  readonly name: string | null;
  /** What it does, or `null`. */
  readonly description: string | null;
  /** Its arguments, in order. */
  readonly properties: readonly ToolProperty[];
  /** Names of the arguments that must be given. */
  readonly required: readonly string[];
  /** What does it, or `null`. */
  readonly execute: Code | null;
}

/** A word, a list of words, or nothing. Which of the two was written is part of the hash. */
export type Words = string | readonly string[] | null;

/** One unit of the law. Every field is always there; `null` or an empty list where nothing is said. */
export interface Skill {
  /** Its name: a small letter, then small letters, digits and `_`. */
  readonly id: string;
  /** Its version. */
  readonly version: string | null;
  /** Its title. */
  readonly title: string | null;
  /** When to read it. */
  readonly use_when: string | null;
  /** What it works on. */
  readonly inputs: readonly string[];
  /** What must be there. */
  readonly requires: Words;
  /** Skills it builds on. */
  readonly depends_on: Words;
  /** What it promises. */
  readonly guarantees: Words;
  /** Which of its fields may change; `null`: nothing is said, so all of them. */
  readonly evolve: EvolveRules | null;
  /** Changes outside that it may make. */
  readonly effects: readonly Effect[];
  /** Its formal statements; `null` when it has none. */
  readonly definition: readonly DefinitionNode[] | null;
  /** Its prose, Markdown. */
  readonly content: string | null;
  /** What it would compute. */
  readonly behavior: Code | null;
  /** The tool it describes. */
  readonly tool: ToolSpec | null;
  /** Remarks on how the definition was found. */
  readonly formalization_notes: string | null;
  /** What the instance itself obeys: allowed ids, immutable ids, limits, approval rules. */
  readonly law: JsonObject | null;
}

/** The whole source: its skills in order, no id twice. */
export interface Law {
  /** The skills. */
  readonly skills: readonly Skill[];
}

/** Fields of a skill in the order in which they are printed. */
export const SKILL_FIELDS = [
  "id",
  "version",
  "title",
  "use_when",
  "inputs",
  "requires",
  "depends_on",
  "guarantees",
  "evolve",
  "law",
  "effects",
  "definition",
  "content",
  "behavior",
  "tool",
  "formalization_notes",
] as const satisfies readonly (keyof Skill)[];

/**
 * A skill that says nothing but its name; front ends and tests begin with it.
 *
 * @param id Its name
 * @returns The skill
 * @example
 * ```ts
 * import { emptySkill } from "./ast.ts";
 *
 * const skill = { ...emptySkill("core_safety"), title: "Safety" };
 * if (skill.definition !== null) throw new Error("nothing was stated");
 * ```
 */
export function emptySkill(id: string): Skill {
  return {
    id,
    version: null,
    title: null,
    use_when: null,
    inputs: [],
    requires: null,
    depends_on: null,
    guarantees: null,
    evolve: null,
    law: null,
    effects: [],
    definition: null,
    content: null,
    behavior: null,
    tool: null,
    formalization_notes: null,
  };
}
