/**
 * What a law may hold, as data. See `kairos_formats/law.md#the-tree`.
 *
 * @module
 */

import { type Json, SKILL_FIELDS } from "./ast.ts";

/** What a value may be. */
export type Shape =
  /** Text; `pattern` with its `says` narrows it. */
  | { readonly is: "text"; readonly pattern?: RegExp; readonly says?: string }
  /** One of some words. */
  | { readonly is: "word"; readonly of: readonly string[] }
  /** A word or a list of words. */
  | { readonly is: "words" }
  /** Any JSON, or any JSON object. */
  | { readonly is: "json" | "json object" }
  /** A statement of a definition, whose options depend on its type. */
  | { readonly is: "node" }
  /** A list; `unique` names a field that no two items share. */
  | { readonly is: "list"; readonly of: Shape; readonly unique?: string }
  /** An object with these fields and no other; `says` is how messages call it. */
  | { readonly is: "record"; readonly says: string; readonly fields: Fields };

/** A field: its shape, and what stands for it when it is left out; without that it is required. */
export interface Field {
  /** What it holds. */
  readonly shape: Shape;
  /** Its value when it is left out. `null` also lets `null` be written. */
  readonly absent?: Json;
}

/** Fields by name, in the order of the tree. */
export type Fields = Readonly<Record<string, Field>>;

const TEXT: Shape = { is: "text" };
const TEXTS: Shape = { is: "list", of: TEXT };
const MAYBE_TEXT: Field = { shape: TEXT, absent: null };
const WORDS: Field = { shape: { is: "words" }, absent: null };
const NAME: Field = {
  shape: {
    is: "text",
    pattern: /^(?!__proto__$)[^]{1,200}$/,
    says: "a name of 1 to 200 characters",
  },
};
const CODE: Field = {
  shape: {
    is: "record",
    says: "a function, or an object { language, text }",
    fields: {
      language: { shape: { is: "word", of: ["typescript", "ruby"] } },
      text: { shape: TEXT },
    },
  },
  absent: null,
};

/** A list of records that are told apart by their names. */
function named(says: string, fields: Fields): Shape {
  return {
    is: "list",
    unique: "name",
    of: { is: "record", says, fields: { name: NAME, ...fields } },
  };
}

const EVOLVE: Shape = {
  is: "record",
  says: "an object { allow, deny, conditions }",
  fields: {
    allow: { shape: TEXTS, absent: [] },
    deny: { shape: TEXTS, absent: [] },
    conditions: { shape: named("a condition", { test: CODE }), absent: [] },
  },
};

const TOOL: Shape = {
  is: "record",
  says: "an object { name, description, properties, required, execute }",
  fields: {
    name: MAYBE_TEXT,
    description: MAYBE_TEXT,
    properties: {
      shape: named("an object { type, description }", {
        type: { shape: TEXT },
        description: MAYBE_TEXT,
      }),
      absent: [],
    },
    required: { shape: TEXTS, absent: [] },
    execute: CODE,
  },
};

const SKILL_SHAPES: Readonly<Record<(typeof SKILL_FIELDS)[number], Field>> = {
  id: {
    shape: {
      is: "text",
      pattern: /^[a-z][a-z0-9_]{0,99}$/,
      says: "a small letter, then at most 99 small letters, digits and _",
    },
  },
  version: MAYBE_TEXT,
  title: MAYBE_TEXT,
  use_when: MAYBE_TEXT,
  inputs: { shape: TEXTS, absent: [] },
  requires: WORDS,
  depends_on: WORDS,
  guarantees: WORDS,
  evolve: { shape: EVOLVE, absent: null },
  law: { shape: { is: "json object" }, absent: null },
  effects: {
    shape: named("an object { requires, records, run }", {
      requires: { shape: TEXTS, absent: [] },
      records: { shape: TEXTS, absent: [] },
      run: CODE,
    }),
    absent: [],
  },
  definition: { shape: { is: "list", of: { is: "node" } }, absent: null },
  content: MAYBE_TEXT,
  behavior: CODE,
  tool: { shape: TOOL, absent: null },
  formalization_notes: MAYBE_TEXT,
};

/** A skill. */
export const SKILL: Shape = { is: "record", says: "a skill", fields: SKILL_SHAPES };

/** A law. */
export const LAW: Shape = {
  is: "record",
  says: "a law",
  fields: { skills: { shape: { is: "list", unique: "id", of: SKILL } } },
};

/** A statement of a definition, its options aside. */
export const NODE_FIELDS: Fields = {
  type: NAME,
  name: NAME,
  options: { shape: { is: "json object" } },
  source_span: MAYBE_TEXT,
};

/** The verbs that write a statement, and the type each makes. */
export const NODE_VERBS: Readonly<Record<string, string>> = {
  constraint: "Constraint",
  check: "Check",
  plan: "Plan",
  toolCall: "ToolCall",
};

/** Options with a rule, by type; any other option may hold any JSON. */
export const NODE_OPTIONS: Readonly<Record<string, Fields>> = {
  Constraint: { condition: MAYBE_TEXT },
  Check: { condition: MAYBE_TEXT },
  Plan: { steps: { shape: TEXTS } },
  ToolCall: { command: { shape: TEXT } },
};

/** Options of every other type, which is written with `node`. */
export const OTHER_OPTIONS: Fields = { prompt: { shape: TEXT } };
