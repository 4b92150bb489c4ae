/**
 * The place in a text where the searched words stand.
 *
 * @module
 */

import { foldMapped } from "./fold.ts";

/** Where matches begin and end in a text, in UTF-16 units, in order, never overlapping. */
export type Matches = readonly (readonly [start: number, end: number])[];

/** A part of a text with its matches. */
export interface Snippet {
  /** The part, on one line; `…` where the text goes on. */
  readonly text: string;
  /** Where the matches are in it. */
  readonly matches: Matches;
}

/** Units of text shown before the first match. */
const LEAD = 40;

/** Units of text shown in all, cut at a character. */
const WIDTH = 160;

/** Most matches that are looked at. */
const MAX_MATCHES = 1000;

/**
 * Cuts the part with the most different terms out of a text.
 *
 * @param text The text as it stands
 * @param terms Folded terms
 * @returns The part, or `null` when no term is in the text
 *
 * @example
 * ```ts
 * import { snippetOf } from "./snippet.ts";
 *
 * const snippet = snippetOf("We name files\nin Snake Case.", ["snake case"]);
 * const [start, end] = snippet!.matches[0]!;
 * if (snippet!.text.slice(start, end) !== "Snake Case") throw new Error(snippet!.text);
 * ```
 */
export function snippetOf(text: string, terms: readonly string[]): Snippet | null {
  const line = text.replace(/\s+/g, " ").trim();
  const matches = findMatches(line, terms);
  if (matches.length === 0) return null;
  let best = 0;
  let most = 0;
  for (const [at, { start }] of matches.entries()) {
    const seen = new Set<string>();
    for (const { end, term } of matches.slice(at, at + 50)) {
      if (end - start <= WIDTH - LEAD) seen.add(term);
    }
    if (seen.size > most) [best, most] = [at, seen.size];
  }
  const from = atCharacter(line, Math.max(0, matches[best]!.start - LEAD));
  const to = atCharacter(line, Math.min(line.length, Math.max(from + WIDTH, matches[best]!.end)));
  const head = from > 0 ? "…" : "";
  const shift = head.length - from;
  return {
    text: `${head}${line.slice(from, to)}${to < line.length ? "…" : ""}`,
    matches: joined(matches.filter(({ start, end }) => start >= from && end <= to))
      .map(([start, end]) => [start + shift, end + shift] as const),
  };
}

/**
 * Where terms stand in a whole text.
 *
 * @param text The text as it stands
 * @param terms Folded terms
 * @returns The matches; none when no term is in the text
 */
export function matchesIn(text: string, terms: readonly string[]): Matches {
  return joined(findMatches(text, terms));
}

/**
 * Marks a match where there is nothing but text, such as in Markdown.
 *
 * @param match The match
 * @returns The match between marks that can be told from it
 */
export function markPlain(match: string): string {
  return match.includes("*") ? `[${match}]` : `**${match}**`;
}

/**
 * Writes a text with its matches marked.
 *
 * @param snippet The text and its matches
 * @param mark Marks a match
 * @param plain Writes the rest
 * @returns The text
 */
export function markSnippet(
  { text, matches }: Snippet,
  mark: (match: string) => string,
  plain: (text: string) => string,
): string {
  let at = 0;
  let marked = "";
  for (const [start, end] of matches) {
    marked += plain(text.slice(at, start)) + mark(text.slice(start, end));
    at = end;
  }
  return marked + plain(text.slice(at));
}

interface Match {
  readonly start: number;
  readonly end: number;
  readonly term: string;
}

/** Where the terms stand in a line; a term that does not stand there as it is counts by its words. */
function findMatches(line: string, terms: readonly string[]): readonly Match[] {
  const folded = foldMapped(line);
  const found: Match[] = [];
  const find = (needle: string, term: string) => {
    const before = found.length;
    let at = folded.text.indexOf(needle);
    while (at >= 0 && found.length < MAX_MATCHES) {
      const last = at + needle.length - 1;
      found.push({ start: folded.starts[at]!, end: folded.ends[last]!, term });
      at = folded.text.indexOf(needle, last + 1);
    }
    return found.length > before;
  };
  for (const term of terms) {
    if (find(term, term)) continue;
    for (const word of term.match(/[\p{L}\p{N}]{2,}/gu) ?? []) find(word, word);
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Sorted ranges with those that overlap made one. */
function joined(matches: readonly Match[]): [start: number, end: number][] {
  const ranges: [number, number][] = [];
  for (const { start, end } of matches) {
    const last = ranges.at(-1);
    if (last !== undefined && start < last[1]) last[1] = Math.max(last[1], end);
    else ranges.push([start, end]);
  }
  return ranges;
}

/** The offset itself, or the one before when it cuts a character in two. */
function atCharacter(text: string, offset: number): number {
  const unit = text.charCodeAt(offset);
  return unit >= 0xdc00 && unit <= 0xdfff ? offset - 1 : offset;
}
