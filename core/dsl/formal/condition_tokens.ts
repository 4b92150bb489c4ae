/**
 * The words of a condition. See `kairos_formats/definitions.md#conditions`.
 *
 * @module
 */

/** One word of a condition. */
export interface Token {
  /** A name, a number, quoted text, a name with a colon before it, a sign, or the end. */
  readonly kind: "name" | "number" | "text" | "symbol" | "sign" | "end";
  /** What it says: text without its quotes, a symbol without its colon. */
  readonly value: string;
  /** Where it begins in the condition, in UTF-16 units. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
}

const NAME = String.raw`[\p{L}_][\p{L}\p{M}\p{N}_]*\??`;

/** One alternative for each kind; what none of them takes is no condition. */
const TOKEN = new RegExp(
  String.raw`(?<name>${NAME})` +
    String.raw`|(?<number>-?[0-9]{1,15}(?:\.[0-9]{1,15})?)(?![\p{L}\p{N}_.])` +
    String.raw`|"(?<double>(?:[^"\\]|\\["'\\])*)"|'(?<single>(?:[^'\\]|\\["'\\])*)'` +
    `|:(?<symbol>${NAME})` +
    String.raw`|(?<sign>&&|\|\||==|!=|<=|>=|[<>!().])`,
  "uy",
);

/** The names of those alternatives. */
const KINDS = ["name", "number", "double", "single", "symbol", "sign"] as const;

/**
 * Takes a condition apart.
 *
 * @param text The condition
 * @returns Its words and an end, or `null` where something is none
 */
export function conditionTokens(text: string): Token[] | null {
  const tokens: Token[] = [];
  const blanks = /[ \t\r\n]*/y;
  for (let at = 0;;) {
    blanks.lastIndex = at;
    at += blanks.exec(text)![0].length;
    if (at === text.length) return [...tokens, { kind: "end", value: "", start: at, end: at }];
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) return null;
    const kind = KINDS.find((one) => groups[one] !== undefined)!;
    tokens.push({ ...wordOf(kind, groups[kind]!), start: at, end: TOKEN.lastIndex });
    at = TOKEN.lastIndex;
  }
}

function wordOf(kind: (typeof KINDS)[number], value: string): Pick<Token, "kind" | "value"> {
  return kind === "double" || kind === "single"
    ? { kind: "text", value: value.replace(/\\(.)/gu, "$1") }
    : { kind, value };
}
