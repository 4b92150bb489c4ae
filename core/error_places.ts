/**
 * Where in a source something is wrong, as people and models read it.
 *
 * @module
 */

import type { KairosError } from "./errors.ts";
import { visible } from "./text.ts";

/** One thing that is wrong, and where. */
export interface ErrorPlace {
  /** Line, from 1. */
  readonly line: number;
  /** Column in characters, from 1. */
  readonly column: number;
  /** What was found, a sentence without a trailing period. */
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
  /** The line and, below it, a caret under the place. */
  readonly excerpt?: string;
}

/** The places an error tells of. */
export interface ErrorPlaces {
  /** Name of the source, or `null` where it is not told. */
  readonly file: string | null;
  /** The places, in the order of the source. */
  readonly problems: readonly ErrorPlace[];
}

/** Most places that are told in text; as data there are all of them. */
const MOST = 10;

/**
 * The places an error tells of.
 *
 * @param error An error whose data may hold `problems` and the name of their `file`
 * @returns The places, or `null` when it tells of none
 */
export function errorPlaces({ data }: KairosError): ErrorPlaces | null {
  const problems: readonly unknown[] = Array.isArray(data?.["problems"]) ? data["problems"] : [];
  if (problems.length === 0 || !problems.every(isPlace)) return null;
  const file = data?.["file"];
  return { file: typeof file === "string" ? file : null, problems };
}

/**
 * Places as text: each with its line of the source, a caret under the place, and what to do.
 *
 * @param places The places
 * @param marks What is done with the heading of a place and with its caret, such as colouring
 * @returns The first ten, a blank line between them, and how many more there are; each line ended by a
 *   newline
 *
 * @example
 * ```ts
 * import { placesText } from "./error_places.ts";
 *
 * const problem = { line: 2, column: 3, message: "No such field", excerpt: "  titel,\n  ^" };
 * const text = placesText({ file: "a.ts", problems: [problem] });
 * if (text !== "a.ts:2:3 No such field\n  titel,\n  ^\n") throw new Error(text);
 * ```
 */
export function placesText(
  { file, problems }: ErrorPlaces,
  marks: { readonly heading?: Mark; readonly caret?: Mark } = {},
): string {
  const { heading = same, caret = same } = marks;
  const told = problems.slice(0, MOST).map(({ line, column, message, hint, excerpt }) => {
    const [source = "", under = ""] = (excerpt ?? "").split("\n");
    const lines = [
      heading(visible(`${file === null ? "" : `${file}:`}${line}:${column} ${message}`)),
      ...excerpt === undefined ? [] : [visible(source, "\t"), caret(visible(under, "\t"))],
      ...hint === undefined ? [] : [visible(hint)],
    ];
    return lines.map((text) => `${text}\n`).join("");
  });
  const more = problems.length - MOST;
  return [...told, ...more > 0 ? [`and ${more} more\n`] : []].join("\n");
}

type Mark = (text: string) => string;

const same: Mark = (text) => text;

function isPlace(value: unknown): value is ErrorPlace {
  if (typeof value !== "object" || value === null) return false;
  const { line, column, message, hint, excerpt } = value as Record<string, unknown>;
  return typeof line === "number" && typeof column === "number" && typeof message === "string" &&
    [hint, excerpt].every((text) => text === undefined || typeof text === "string");
}
