/**
 * What a condition says, given what its names stand for: true, false, or unknown and why. Nothing of
 * it is ever run as code. See `kairos_formats/definitions.md#conditions`.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Json } from "../ast.ts";
import type { Bindings } from "./bindings.ts";
import { askMethod, holds } from "./condition_methods.ts";
import { type Comparison, type Condition, parseCondition } from "./parse_condition.ts";
import { className, shownValue } from "./value_text.ts";

/** What a condition came to. */
export interface ConditionResult {
  /** Whether it holds; `unknown` when that cannot be said. */
  readonly satisfied: boolean | "unknown";
  /** Whether it could be said. */
  readonly evaluable: boolean;
  /** What was found, or what is missing. */
  readonly detail: string;
}

/** What names may stand for. */
export type Names = Pick<Bindings, "variables" | "skills">;

/** Longest detail, in UTF-16 units. */
const MAX_DETAIL = 4000;

/**
 * Evaluates a condition.
 *
 * @param text The condition
 * @param names What its names stand for
 * @returns What it came to; no text makes it throw
 *
 * @example
 * ```ts
 * import { evaluateCondition } from "./evaluate_condition.ts";
 *
 * const names = { variables: { count: 2, max: 3 }, skills: {} };
 * const { satisfied, detail } = evaluateCondition("count < max", names);
 * if (satisfied !== true || detail !== "count(2) < max(3) = true") throw new Error(detail);
 * ```
 */
export function evaluateCondition(text: string, names: Names): ConditionResult {
  const condition = parseCondition(text);
  const { truth, detail } = condition === null
    ? unknown(`Unrecognized condition pattern: ${text}`)
    : judge(condition, names);
  return {
    satisfied: truth ?? "unknown",
    evaluable: truth !== null,
    detail: detail.length > MAX_DETAIL ? `${detail.slice(0, MAX_DETAIL)}…` : detail,
  };
}

/** A truth value, `null` when unknown, and how it came about. */
interface Judged {
  readonly truth: boolean | null;
  readonly detail: string;
}

/** A value, or what keeps it from being known: a name that is not bound, or a problem. */
type Found =
  | { readonly value: Json; readonly label: string }
  | { readonly unbound: string }
  | { readonly problem: string };

const unknown = (detail: string): Judged => ({ truth: null, detail });

function judge(condition: Condition, names: Names): Judged {
  switch (condition.kind) {
    case "all":
    case "any":
      return combined(condition.kind, condition.parts.map((part) => judge(part, names)));
    case "not": {
      const { truth, detail } = judge(condition.of, names);
      return truth === null ? unknown(detail) : { truth: !truth, detail: `not (${detail})` };
    }
    case "compare":
      return condition.sign === "==" || condition.sign === "!="
        ? equality(condition, names)
        : order(condition, names);
    case "exclusion":
      return exclusion(condition, names);
    default:
      return truthOf(condition, names);
  }
}

/** Three-valued: one part can decide, else one that is unknown leaves the whole unknown. */
function combined(kind: "all" | "any", parts: readonly Judged[]): Judged {
  const decisive = kind === "any";
  const truth = parts.some((part) => part.truth === decisive)
    ? decisive
    : parts.some((part) => part.truth === null)
    ? null
    : !decisive;
  const told = parts.filter((part) => part.truth === truth).map((part) => part.detail);
  return { truth, detail: told.join("; ") };
}

/** A value standing where a truth is expected. */
function truthOf(condition: Condition, names: Names): Judged {
  const found = find(condition, names);
  if (!("value" in found)) return unknown(missing([found]));
  const detail = `${condition.text} = ${shownValue(found.value)}`;
  return typeof found.value === "boolean"
    ? { truth: found.value, detail }
    : unknown(`${detail}, which is neither true nor false`);
}

function equality(
  { sign, left, right, text }: Condition & { kind: "compare" },
  names: Names,
): Judged {
  const [a, b] = [find(left, names), find(right, names)];
  if (!("value" in a) || !("value" in b)) return unknown(missing([a, b]));
  if (isCompound(a.value) && isCompound(b.value)) {
    return unknown(`Cannot compare lists or maps: ${text}`);
  }
  const isEqual = a.value === b.value;
  if (sign === "==" && right.kind === "literal") {
    const detail = `${left.text}: expected ${shownValue(b.value)}, got ${shownValue(a.value)}`;
    return { truth: isEqual, detail };
  }
  const truth = isEqual === (sign === "==");
  return { truth, detail: `${a.label} ${sign} ${b.label} = ${truth}` };
}

function order({ sign, left, right }: Condition & { kind: "compare" }, names: Names): Judged {
  const [a, b] = [find(left, names), find(right, names)];
  if ("problem" in a || "problem" in b) return unknown(missing([a, b]));
  if ("unbound" in a || "unbound" in b || a.value === null || b.value === null) {
    const unbound = [a, b].flatMap((found) => "unbound" in found ? [found.unbound] : []);
    return unknown(`Missing variables: ${unbound.join(", ")}`);
  }
  const difference = distance(a.value, b.value);
  if (difference === null) {
    const than = ["string", "object"].includes(typeof b.value)
      ? className(b.value)
      : shownValue(b.value);
    return unknown(
      `Type error in comparison: comparison of ${className(a.value)} with ${than} failed`,
    );
  }
  const truth = ORDERS[sign as keyof typeof ORDERS](difference);
  return { truth, detail: `${a.label} ${sign} ${b.label} = ${truth}` };
}

const ORDERS = {
  "<": (difference) => difference < 0,
  "<=": (difference) => difference <= 0,
  ">": (difference) => difference > 0,
  ">=": (difference) => difference >= 0,
} as const satisfies Partial<Record<Comparison, (difference: number) => boolean>>;

/** Numbers by size, texts by their UTF-8 bytes; `null` for anything else. */
function distance(a: Json, b: Json): number | null {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== "string" || typeof b !== "string") return null;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function exclusion(
  { left, right, text }: Condition & { kind: "exclusion" },
  names: Names,
): Judged {
  const [item, list] = [find(left, names), find(right, names)];
  const isIn = "value" in item && "value" in list && !isCompound(item.value)
    ? holds(list.value, item.value)
    : undefined;
  return isIn === undefined
    ? unknown(`Cannot evaluate exclusion: ${text}`)
    : { truth: !isIn, detail: `${text}: ${!isIn}` };
}

function find(condition: Condition, names: Names): Found {
  switch (condition.kind) {
    case "literal":
      return { value: condition.value, label: condition.text };
    case "name": {
      const { name } = condition;
      if (Object.hasOwn(names.variables, name)) {
        const value = names.variables[name]!;
        return { value, label: `${name}(${shownValue(value)})` };
      }
      return Object.hasOwn(names.skills, name)
        ? { problem: `'${name}' is a skill and no value` }
        : { unbound: name };
    }
    case "call": {
      const answer = call(condition, names);
      return "value" in answer
        ? { value: answer.value, label: `${condition.text}(${shownValue(answer.value)})` }
        : answer;
    }
    default: {
      const { truth, detail } = judge(condition, names);
      return truth === null ? { problem: detail } : { value: truth, label: condition.text };
    }
  }
}

function call(
  { subject, method, argument, text }: Condition & { kind: "call" },
  { variables, skills }: Names,
): { readonly value: Json } | { readonly problem: string } {
  const asked = Object.hasOwn(variables, subject)
    ? askMethod({ value: variables[subject]! }, method, argument)
    : Object.hasOwn(skills, subject)
    ? askMethod({ skill: skills[subject]! }, method, argument)
    : null;
  return asked ?? { problem: `Cannot evaluate: ${text}` };
}

function missing(found: readonly Found[]): string {
  for (const one of found) if ("problem" in one) return one.problem;
  const unbound = found.flatMap((one) => "unbound" in one ? [one.unbound] : []);
  return unbound.length === 1
    ? `Variable '${unbound[0]}' not in binding context`
    : `Missing variables: ${unbound.join(", ")}`;
}

function isCompound(value: Json): value is Exclude<Json, null | boolean | number | string> {
  return value !== null && typeof value === "object";
}
