/**
 * The door to the parser: text to syntax, with every failure a value.
 *
 * Only JavaScript is read, not the types of TypeScript: their grammar makes the parser try twice at
 * each `<`, and twenty of them nested would take seconds. The declaration file types a function's
 * parameters, so a law rarely needs its own.
 *
 * @module
 */

import { parse, parseExpression } from "@babel/parser";
import { visible } from "../text.ts";
import { LAW_LIMITS } from "./limits.ts";
import type { Found } from "./problems.ts";

/** A statement as the parser gives it. */
export type Statement = ReturnType<typeof parse>["program"]["body"][number];

/** An expression as the parser gives it. */
export type Expression = Extract<Statement, { type: "ExpressionStatement" }>["expression"];

/** A function that stands for itself: the code of a law. */
export type FunctionNode = Extract<
  Expression,
  { type: "ArrowFunctionExpression" | "FunctionExpression" }
>;

const OPTIONS = {
  sourceType: "module",
  attachComment: false,
  // Offsets are enough, and a source full of commas would take twice the memory with lines.
  locations: false,
  createParenthesizedExpressions: true,
} as const;

const DEEP = {
  message: "The source is nested too deeply",
  hint: `Keep lists and objects within ${LAW_LIMITS.depth} levels`,
};

const TYPED = {
  message: "Types are not read",
  hint: "Leave them out: kairos.d.ts gives the parameters theirs",
};

/** How far back a list of parameters is looked for. */
const PARAMETERS = 500;

/** Whether a `:` that does not fit stands behind a parameter, or behind all of them. */
function isTyped(source: string, at: number): boolean {
  const before = source.slice(Math.max(0, at - PARAMETERS), at);
  return source[at] === ":" && /\((?:[^(){}]*[\w$\]?]|\s*\{[^(){}]*\}|[^()]*\))\s*$/.test(before);
}

/**
 * Parses a source; nothing of it is run.
 *
 * @param source Text within the bounds
 * @returns Its statements, or what is wrong
 */
export function parseStatements(source: string): Statement[] | Found<number> {
  const parsed = attempt(source, () => parse(source, OPTIONS).program);
  if ("message" in parsed) return parsed;
  const other = parsed.interpreter ?? parsed.directives[0];
  if (other === undefined) return parsed.body;
  return {
    at: other.start ?? 0,
    message: "Something else stands where a skill was expected",
    hint: 'Write skill("id", { ... });',
  };
}

/**
 * Whether a text is one function and nothing else, so that it can stand in a law as it is.
 *
 * @param text Any text
 * @returns `false` also for a function with more levels than the law allows
 */
export function isFunction(text: string): boolean {
  const parsed = attempt(text, () => parseExpression(text, OPTIONS));
  if ("message" in parsed || !isFunctionNode(parsed)) return false;
  return parsed.start === 0 && parsed.end === text.length && !isDeep(parsed);
}

/**
 * Whether an expression is a function.
 *
 * @param node The expression
 * @returns `true` for arrow functions and function expressions
 */
export function isFunctionNode(node: { readonly type: string }): node is FunctionNode {
  return node.type === "ArrowFunctionExpression" || node.type === "FunctionExpression";
}

/**
 * Whether a function has more levels than {@linkcode LAW_LIMITS} allows; without recursion, since
 * its depth is what is asked.
 *
 * @param node The function
 * @returns `true` when it is too deep
 */
export function isDeep(node: FunctionNode): boolean {
  const open: object[] = [node];
  const depths = [0];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const depth = depths.pop()!;
    if (depth > LAW_LIMITS.codeDepth) return true;
    // A list of children is no level of its own.
    const below = Array.isArray(value) ? depth : depth + 1;
    const children: unknown[] = Object.values(value);
    for (const child of children) {
      if (typeof child !== "object" || child === null) continue;
      open.push(child);
      depths.push(below);
    }
  }
  return false;
}

/**
 * The parser recurses, so deep nesting ends in a `RangeError` of the stack. It is caught on purpose:
 * telling depth beforehand would need a second reader of strings, templates and regular expressions
 * that agrees with the parser. The parser keeps nothing between calls, and every depth this bound
 * allows lies far below the stack's.
 */
function attempt<T extends object>(source: string, read: () => T): T | Found<number> {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof RangeError) return { at: 0, ...DEEP };
    if (!(thrown instanceof SyntaxError)) throw thrown;
    const at = "pos" in thrown && typeof thrown.pos === "number" ? thrown.pos : 0;
    if (isTyped(source, at)) return { at, ...TYPED };
    const message = visible(thrown.message.replace(/\s*\(\d+:\d+\)$/, "").replace(/\.$/, ""));
    return { at, message, hint: "Write plain values, and functions without types" };
  }
}
