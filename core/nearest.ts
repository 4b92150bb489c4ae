/**
 * The words somebody may have meant.
 *
 * @module
 */

import { visible } from "./text.ts";

/** Longest word that is compared; what is longer is no slip of the hand. */
const LONGEST = 40;
/** Most slips of the hand in one word. */
const MOST_EDITS = 2;

/**
 * The known word nearest to a word.
 *
 * @param word What was written
 * @param known What could have been meant
 * @returns The nearest within two edits and a third of its length, or `undefined`
 *
 * @example
 * ```ts
 * import { nearest } from "./nearest.ts";
 *
 * const known = ["verify", "context"];
 * if (nearest("verfy", known) !== "verify") throw new Error("missed");
 * if (nearest("nope", known) !== undefined) throw new Error("too far");
 * ```
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  return near(word, known)[0];
}

/**
 * What to say of words somebody may have meant, when there are some.
 *
 * @param word What was written
 * @param known What could have been meant
 * @param otherwise What to say when nothing is near
 * @returns `Did you mean x?`, or what to say otherwise
 */
export function didYouMean(word: string, known: Iterable<string>, otherwise: string): string {
  const meant = nearest(word, known);
  return meant === undefined ? otherwise : `Did you mean ${visible(meant)}?`;
}

/**
 * Known words, those somebody may have meant first.
 *
 * @param word What was written
 * @param known What could have been meant
 * @returns All of them once, the near ones by their edits, the others in their order
 */
export function nearFirst(word: string, known: readonly string[]): string[] {
  return [...new Set([...near(word, known), ...known])];
}

/** The near ones, nearest first. */
function near(word: string, known: Iterable<string>): string[] {
  if (word.length > LONGEST) return [];
  const from = word.toLowerCase();
  return [...known]
    .filter((one) => Math.abs(one.length - word.length) <= MOST_EDITS)
    .map((one) => ({ one, edits: editsBetween(from, one.toLowerCase()) }))
    .filter(({ one, edits }) => edits <= Math.min(MOST_EDITS, Math.ceil(one.length / 3)))
    .sort((a, b) => a.edits - b.edits || begins(b.one, word) - begins(a.one, word))
    .map(({ one }) => one);
}

/** Of two that are as near the one is meant that somebody has begun. */
function begins(one: string, word: string): number {
  return one.startsWith(word) ? 1 : 0;
}

/** Single letters put in, taken out or changed that lead from one word to the other. */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const changed = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
