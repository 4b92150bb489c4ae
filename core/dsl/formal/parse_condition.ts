/**
 * The grammar of conditions: text in, tree out. See `kairos_formats/definitions.md#conditions`.
 *
 * @module
 */

import { conditionTokens, type Token } from "./condition_tokens.ts";

/** Longest condition, in UTF-16 units. */
export const MAX_CONDITION_LENGTH = 2000;

/** Most parentheses and `!` inside each other. */
export const MAX_CONDITION_DEPTH = 64;

/** A value that stands in the condition itself. */
export type Scalar = null | boolean | number | string;

/** Signs between two values. */
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** A part of a condition; `text` is how it was written. */
export type Condition =
  & { readonly text: string }
  & (
    | { readonly kind: "literal"; readonly value: Scalar }
    | { readonly kind: "name"; readonly name: string }
    | {
      readonly kind: "call";
      readonly subject: string;
      readonly method: string;
      /** Its argument; `undefined` without one. */
      readonly argument: Scalar | undefined;
    }
    | { readonly kind: "not"; readonly of: Condition }
    | {
      readonly kind: "compare";
      readonly sign: Comparison;
      readonly left: Condition;
      readonly right: Condition;
    }
    | { readonly kind: "exclusion"; readonly left: Condition; readonly right: Condition }
    | { readonly kind: "all" | "any"; readonly parts: readonly Condition[] }
  );

/**
 * Reads a condition.
 *
 * @param text The condition
 * @returns Its tree, or `null` when it is none: another grammar, too long, too deep
 */
export function parseCondition(text: string): Condition | null {
  if (text.length > MAX_CONDITION_LENGTH) return null;
  const tokens = conditionTokens(text);
  if (tokens === null) return null;
  try {
    return new Reader(text, tokens).whole();
  } catch (error) {
    if (error instanceof NoCondition) return null;
    throw error;
  }
}

/** Leaves the reader from wherever it is. */
class NoCondition extends Error {}

const COMPARISONS: readonly string[] = ["==", "!=", "<", "<=", ">", ">="] satisfies Comparison[];

const CONSTANTS: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["nil", null],
]);

/** Recursive descent; each method reads one level of the grammar. */
class Reader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  whole(): Condition {
    const condition = this.#any();
    if (this.#next.kind !== "end") throw new NoCondition();
    return condition;
  }

  #any(): Condition {
    return this.#chain("||", "any", () => this.#chain("&&", "all", () => this.#pair()));
  }

  #chain(sign: string, kind: "all" | "any", part: () => Condition): Condition {
    const start = this.#next.start;
    const parts = [part()];
    while (this.#takes("sign", sign)) parts.push(part());
    return parts.length === 1 ? parts[0]! : { kind, parts, text: this.#since(start) };
  }

  #pair(): Condition {
    const start = this.#next.start;
    const left = this.#operand();
    const sign = this.#next;
    if (sign.kind === "sign" && COMPARISONS.includes(sign.value)) {
      this.#at++;
      const right = this.#operand();
      const text = this.#since(start);
      return { kind: "compare", sign: sign.value as Comparison, left, right, text };
    }
    if (!this.#takes("name", "not")) return left;
    if (!this.#takes("name", "in")) throw new NoCondition();
    return { kind: "exclusion", left, right: this.#operand(), text: this.#since(start) };
  }

  #operand(): Condition {
    const { kind, value, start } = this.#next;
    if (kind === "sign" && (value === "!" || value === "(")) {
      this.#at++;
      if (++this.#depth > MAX_CONDITION_DEPTH) throw new NoCondition();
      const inner = value === "!" ? this.#operand() : this.#inParentheses();
      this.#depth--;
      return value === "!" ? { kind: "not", of: inner, text: this.#since(start) } : inner;
    }
    if (kind === "name") return this.#named();
    return { kind: "literal", value: this.#literal(), text: this.#since(start) };
  }

  #inParentheses(): Condition {
    const inner = this.#any();
    if (!this.#takes("sign", ")")) throw new NoCondition();
    return inner;
  }

  /** A constant, a variable, or a call on one. */
  #named(): Condition {
    const { value: name, start } = this.#next;
    this.#at++;
    if (this.#takes("sign", ".")) return this.#call(name, start);
    if (name.endsWith("?") || name === "not" || name === "in") throw new NoCondition();
    const constant = CONSTANTS.get(name);
    const text = this.#since(start);
    return constant === undefined
      ? { kind: "name", name, text }
      : { kind: "literal", value: constant, text };
  }

  #call(subject: string, start: number): Condition {
    const { kind, value: method } = this.#next;
    if (kind !== "name" || subject.endsWith("?")) throw new NoCondition();
    this.#at++;
    if (!this.#takes("sign", "(")) throw new NoCondition();
    let argument: Scalar | undefined;
    if (!this.#takes("sign", ")")) {
      argument = this.#literal();
      if (!this.#takes("sign", ")")) throw new NoCondition();
    }
    return { kind: "call", subject, method, argument, text: this.#since(start) };
  }

  /** A number or text; as an argument a bare word or a symbol is text. */
  #literal(): Scalar {
    const { kind, value } = this.#next;
    if (kind === "sign" || kind === "end") throw new NoCondition();
    this.#at++;
    return kind === "number" ? Number(value) : value;
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #takes(kind: Token["kind"], value: string): boolean {
    const isNext = this.#next.kind === kind && this.#next.value === value;
    if (isNext) this.#at++;
    return isNext;
  }

  #since(start: number): string {
    return this.#text.slice(start, this.#tokens[this.#at - 1]!.end);
  }
}
