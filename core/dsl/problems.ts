/**
 * What is wrong with a law, said so that a person finds the place.
 *
 * @module
 */

import type { ErrorPlace } from "../error_places.ts";
import { type ErrorCode, KairosError } from "../errors.ts";
import { quote, visible } from "../text.ts";
import { widthOf } from "../text_width.ts";
import { LAW_LIMITS } from "./limits.ts";

/** One thing that is wrong, at an offset of the source or at a JSON pointer. */
export interface Found<Where> {
  /** Where. */
  readonly at: Where;
  /** What was found, a sentence without a trailing period. */
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}

/** One thing that is wrong with a source; a long line of it is cut. */
export type LawProblem = Required<ErrorPlace>;

/** A source that is no law; says where and why, for several places at once. */
export class LawError extends KairosError {
  /** What is wrong, in the order of the source; at least one, at most `LAW_LIMITS.problems`. */
  readonly problems: readonly LawProblem[];

  /**
   * @param file Name of the source
   * @param source Its text
   * @param found What is wrong, at offsets of the text; at least one
   * @param code `too_large` when a bound is exceeded
   */
  constructor(
    file: string,
    source: string,
    found: readonly Found<number>[],
    code: ErrorCode = "invalid",
  ) {
    const problems = locate(source, found);
    const { line, column, message, hint } = problems[0]!;
    const more = found.length - 1;
    super(
      code,
      `Cannot read the law ${quote(file)}: line ${line}, column ${column}: ${message}` +
        (more === 0 ? "" : ` (and ${more} more ${more === 1 ? "problem" : "problems"})`),
      { hint, data: { file, problems } },
    );
    this.problems = problems;
  }
}

/** Blanks as wide as the character above them; a tab goes as far as the tab above it. */
const BLANKS = ["", " ", "\u3000"] as const;

/** Characters shown before and behind the place. */
const BEFORE = 60;
const BEHIND = 40;

function locate(source: string, found: readonly Found<number>[]): LawProblem[] {
  const sorted = [...found].sort((a, b) => a.at - b.at).slice(0, LAW_LIMITS.problems);
  let line = 1;
  let start = 0;
  return sorted.map(({ at, message, hint }) => {
    for (let end = source.indexOf("\n", start); end >= 0 && end < at;) {
      line++;
      start = end + 1;
      end = source.indexOf("\n", start);
    }
    const column = [...source.slice(start, at)].length + 1;
    return { line, column, message, hint, excerpt: excerpt(source, start, at) };
  });
}

/**
 * A line of a source and, below it, a caret under a place; a long line is cut.
 *
 * @param source The source
 * @param start Where the line begins
 * @param at The place
 * @returns Two lines, without a line break behind them
 */
export function excerpt(source: string, start: number, at: number): string {
  const newline = source.indexOf("\n", at);
  const before = [...source.slice(Math.max(start, at - 2 * BEFORE), at)].slice(-BEFORE).join("");
  const end = Math.min(newline < 0 ? source.length : newline, at + 2 * BEHIND);
  const behind = [...source.slice(at, end)].slice(0, BEHIND).join("");
  const shown = visible(before, "\t");
  const blank = [...shown].map((char) => char === "\t" ? char : BLANKS[widthOf(char)]);
  return `${shown}${visible(behind, "\t")}\n${blank.join("")}^`;
}
