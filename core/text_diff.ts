/**
 * Texts compared line by line.
 *
 * The work is bounded: texts that differ too much count as replaced as a whole, which is true as
 * well and takes no time.
 *
 * @module
 */

import { diffArrays, FILE_HEADERS_ONLY, formatPatch, structuredPatch } from "diff";
import { visible } from "./text.ts";

/** Lines that belong together. */
export interface LineRun {
  /** Whether they are in both texts, in the first or in the second only. */
  readonly kind: "same" | "removed" | "added";
  /** The lines, with their ends. */
  readonly lines: readonly string[];
}

/** One side of a comparison. */
export interface DiffSide {
  /** What it is called in the heading. */
  readonly label: string;
  /** Its text. */
  readonly text: string;
}

/** Bounds of a comparison. */
export interface DiffBounds {
  /** Most lines that may differ; the work grows with its square. 2000 unless given. */
  readonly maxEdits?: number;
}

/** Most lines that may differ: a quarter of a second. */
const MAX_EDITS = 2000;

/** Lines around a change. */
const CONTEXT = 3;

/**
 * Compares two texts.
 *
 * @param before The first text
 * @param after The second text
 * @param bounds How much work may be done
 * @returns Runs that give the first text without those added, the second without those removed
 *
 * @example
 * ```ts
 * import { diffLines } from "./text_diff.ts";
 *
 * const kinds = diffLines("a\nb\n", "a\nc\n").map(({ kind }) => kind).join();
 * if (kinds !== "same,removed,added") throw new Error(kinds);
 * ```
 */
export function diffLines(
  before: string,
  after: string,
  { maxEdits = MAX_EDITS }: DiffBounds = {},
): LineRun[] {
  const from = linesOf(before);
  const to = linesOf(after);
  const changes = diffArrays(from, to, { maxEditLength: maxEdits });
  if (changes !== undefined) {
    return changes.map(({ value, added, removed }) => ({
      kind: added ? "added" : removed ? "removed" : "same",
      lines: value,
    }));
  }
  return [{ kind: "removed", lines: from }, { kind: "added", lines: to }];
}

/**
 * Compares two texts for people: a unified diff.
 *
 * @param before The first text
 * @param after The second text
 * @param bounds How much work may be done
 * @returns The diff, empty when the texts are the same; hidden characters in the lines are as they are
 */
export function unifiedDiff(
  before: DiffSide,
  after: DiffSide,
  { maxEdits = MAX_EDITS }: DiffBounds = {},
): string {
  if (before.text === after.text) return "";
  const names = [visible(before.label), visible(after.label)] as const;
  const patch = (from: string, to: string) =>
    structuredPatch(...names, from, to, undefined, undefined, {
      context: CONTEXT,
      maxEditLength: maxEdits,
    });
  const found = patch(before.text, after.text) ?? wholly(names, before.text, after.text);
  return formatPatch(found, FILE_HEADERS_ONLY);
}

/** A patch that takes all of one text away and puts all of the other there. */
function wholly(
  [oldFileName, newFileName]: readonly [string, string],
  before: string,
  after: string,
): Parameters<typeof formatPatch>[0] {
  const marked = (mark: string, text: string) =>
    linesOf(text).flatMap((line) =>
      line.endsWith("\n")
        ? [mark + line.slice(0, -1)]
        : [mark + line, "\\ No newline at end of file"]
    );
  const hunk = {
    oldStart: 1,
    oldLines: linesOf(before).length,
    newStart: 1,
    newLines: linesOf(after).length,
    lines: [...marked("-", before), ...marked("+", after)],
  };
  const headers = { oldHeader: undefined, newHeader: undefined };
  return { oldFileName, newFileName, ...headers, hunks: [hunk] };
}

/**
 * The lines of a text.
 *
 * @param text Any text
 * @returns Each with its end, so that joined they give the text
 */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
