/**
 * The word somebody may have meant.
 *
 * @module
 */

/** Longest word that is compared; what is longer is no slip of the hand. */
const LONGEST = 40;

/**
 * The known word nearest to a word.
 *
 * @param word What was written
 * @param known What could have been meant
 * @returns The nearest within two edits and a third of its length, or `undefined`
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined;
  const ranked = known
    .map((one) => ({ one, edits: editsBetween(word.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, edits }) => edits <= Math.min(2, Math.ceil(one.length / 3)))
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.one;
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
