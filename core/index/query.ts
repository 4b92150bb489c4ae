/**
 * What somebody typed to search for, taken apart. Nothing in it is an operator.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { foldText } from "./fold.ts";

/** Most terms of one query; more are left out. */
const MAX_TERMS = 16;

/** Longest term in UTF-16 units. */
const MAX_TERM = 200;

/**
 * The terms of a query: words, and phrases in quotes.
 *
 * @param query What was typed
 * @returns Folded terms, each once
 * @throws {KairosError} `invalid` when there is none
 *
 * @example
 * ```ts
 * import { parseQuery } from "./query.ts";
 *
 * const terms = parseQuery('Naming "two words" naming NEAR(');
 * if (terms.join("|") !== "naming|two words|near(") throw new Error(terms.join("|"));
 * ```
 */
export function parseQuery(query: string): readonly string[] {
  const terms = foldText(query).matchAll(/"([^"]*)"|[^\s"]+/g)
    .map(([word, phrase]) => (phrase ?? word).replace(/\s+/g, " ").trim().slice(0, MAX_TERM))
    .filter((term) => term !== "");
  const found = [...new Set(terms)].slice(0, MAX_TERMS);
  if (found.length > 0) return found;
  throw new KairosError("invalid", "Cannot search: the query holds no word", {
    hint: "Give a word, a part of one, or a phrase in double quotes",
  });
}

/**
 * The words inside terms, for when the terms as they stand are not found. Scripts that write no
 * blanks between words are cut where a dictionary cuts them.
 *
 * @param terms Folded terms
 * @returns The terms and the words in them, each once
 */
export function looserTerms(terms: readonly string[]): readonly string[] {
  const segmenter = new Intl.Segmenter("ja", { granularity: "word" });
  const words = terms.flatMap((term) =>
    [...segmenter.segment(term)]
      .filter(({ segment, isWordLike }) => isWordLike === true && tells(segment))
      .map(({ segment }) => segment)
  );
  return [...new Set([...terms, ...words])].slice(0, 4 * MAX_TERMS);
}

/** A single letter tells nothing by itself, a single Han character does. */
function tells(word: string): boolean {
  return word.length > 1 || /\p{Script=Han}/u.test(word);
}
