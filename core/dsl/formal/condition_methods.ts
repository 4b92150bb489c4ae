/**
 * What a condition may ask of a value: a table, and nothing outside it.
 *
 * @module
 */

import type { Json, JsonObject, Skill } from "../ast.ts";
import { canEvolve } from "./can_evolve.ts";
import type { Scalar } from "./parse_condition.ts";
import { className } from "./value_text.ts";

/** What is asked: plain data, or a skill. */
export type Subject = { readonly value: Json } | { readonly skill: Skill };

/** One method: least and most arguments, and its answer; `undefined` where the subject has none. */
interface Method {
  readonly least: 0 | 1;
  readonly most: 0 | 1;
  answer(subject: Subject, argument: Scalar): Json | undefined;
}

/** A method of data; skills have none of them. */
function ofData(
  least: 0 | 1,
  most: 0 | 1,
  answer: (value: Json, argument: Scalar) => Json | undefined,
): Method {
  return {
    least,
    most,
    answer: (subject, argument) => "value" in subject ? answer(subject.value, argument) : undefined,
  };
}

function ofSkill(arity: 0 | 1, answer: (skill: Skill, argument: Scalar) => Json): Method {
  return {
    least: arity,
    most: arity,
    answer: (subject, argument) => "skill" in subject ? answer(subject.skill, argument) : undefined,
  };
}

const METHODS: Readonly<Record<string, Method>> = {
  "can_evolve?": ofSkill(1, (skill, field) => canEvolve(skill, String(field))),
  "has_tool?": ofSkill(0, (skill) => skill.tool !== null),
  "include?": ofData(1, 1, holds),
  "key?": ofData(
    1,
    1,
    (value, key) => isMap(value) ? Object.hasOwn(value, String(key)) : undefined,
  ),
  "empty?": ofData(0, 0, (value) => {
    const size = sizeOf(value);
    return size === undefined ? undefined : size === 0;
  }),
  size: ofData(0, 0, sizeOf),
  length: ofData(0, 0, sizeOf),
  count: {
    least: 0,
    most: 1,
    answer: (subject, argument) => {
      if (!("value" in subject) || !isList(subject.value)) return undefined;
      if (argument === null) return subject.value.length;
      return subject.value.filter((item) => item === argument).length;
    },
  },
  "nil?": {
    least: 0,
    most: 0,
    answer: (subject) => "value" in subject && subject.value === null,
  },
  "is_a?": ofData(
    1,
    1,
    (value, name) => className(value) === name || (typeof value === "number" && name === "Numeric"),
  ),
  "respond_to?": {
    least: 1,
    most: 1,
    answer: (subject, name) => {
      const method = typeof name === "string" ? methodOf(name) : undefined;
      return method !== undefined && method.answer(subject, "") !== undefined;
    },
  },
};

/** What asking came to: an answer, or why there is none. */
export type Answer = { readonly value: Json } | { readonly problem: string };

/**
 * Asks a subject.
 *
 * @param subject Data or a skill
 * @param method Name of the method
 * @param argument Its argument; `undefined` without one
 * @returns The answer, a problem, or `null` when subjects of this kind do not have the method
 */
export function askMethod(
  subject: Subject,
  method: string,
  argument: Scalar | undefined,
): Answer | null {
  const known = methodOf(method);
  if (known === undefined) return { problem: `Method '${method}' not in allowed list` };
  // Whether the subject has the method is asked first, as if with an argument that is missing.
  const value = known.answer(subject, argument ?? (known.least === 1 ? "" : null));
  if (value === undefined) return null;
  const given = argument === undefined ? 0 : 1;
  if (given < known.least || given > known.most) {
    const expected = known.least === known.most
      ? `${known.least}`
      : `${known.least}..${known.most}`;
    return {
      problem:
        `Error calling ${method}: wrong number of arguments (given ${given}, expected ${expected})`,
    };
  }
  return { value };
}

function methodOf(name: string): Method | undefined {
  return Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
}

/**
 * Whether a list has an item, a text a part, a map a key.
 *
 * @param value Where to look
 * @param wanted What to look for
 * @returns `undefined` when nothing can be in the value
 */
export function holds(value: Json, wanted: Scalar): boolean | undefined {
  if (isList(value)) return value.some((item) => item === wanted);
  if (typeof value === "string") {
    return typeof wanted === "string" ? value.includes(wanted) : undefined;
  }
  return isMap(value) ? Object.hasOwn(value, String(wanted)) : undefined;
}

function sizeOf(value: Json): number | undefined {
  if (typeof value === "string") return [...value].length;
  if (isList(value)) return value.length;
  return isMap(value) ? Object.keys(value).length : undefined;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isMap(value: Json): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
