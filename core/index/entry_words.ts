/**
 * Words an entry is to have in its name, description or tags, for lists. Unlike a search it ranks
 * nothing and takes no word for another.
 *
 * @module
 */

import type { EntrySummary } from "../layers/entry_folder.ts";
import { foldText } from "./fold.ts";

/** What an entry says of itself. */
export type EntryFacts = Pick<EntrySummary, "name" | "declaredName" | "description" | "tags">;

/**
 * The words of a text.
 *
 * @param text Words with white space between them
 * @returns The words, folded
 */
export function entryWords(text: string): string[] {
  return text.split(/\s+/).map(foldText).filter((word) => word !== "");
}

/**
 * Whether an entry has all words, each of them anywhere. The index says the same of what it knows.
 *
 * @param entry The entry
 * @param words From {@linkcode entryWords}
 * @returns Whether it has
 *
 * @example
 * ```ts
 * import { entryWords, hasWords } from "./entry_words.ts";
 *
 * const entry = { name: "naming", declaredName: null, description: "Ｃafé", tags: ["style"] };
 * if (!hasWords(entry, entryWords("CAFE nam tyl"))) throw new Error("each word is there");
 * ```
 */
export function hasWords(
  { name, declaredName, description, tags }: EntryFacts,
  words: readonly string[],
): boolean {
  const texts = [name, declaredName ?? "", description ?? "", ...tags]
    .map((text) => foldText(text.replace(/\s+/g, " ")));
  return words.every((word) => texts.some((text) => text.includes(word)));
}
