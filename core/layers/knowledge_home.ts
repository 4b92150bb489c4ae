/**
 * Where knowledge lies, and how an entry of it is found.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import {
  type Entry,
  type EntryLimits,
  type EntrySummary,
  readEntry,
  summaryOf,
} from "./entry_folder.ts";
import { checkSegment, isListed } from "./names.ts";
import type { View } from "./view.ts";

/** The folder of L1, below the data directory. */
export const KNOWLEDGE = "knowledge";

/** The folder of archived entries. */
export const ARCHIVE = "knowledge/.archived";

/** Most names an error lists. */
const MAX_NAMED = 20;

/**
 * All entries of a folder, sorted by name. One that cannot be read is listed with its problem.
 *
 * @param view The files
 * @param home {@linkcode KNOWLEDGE} or {@linkcode ARCHIVE}
 * @param limits Bounds of reading
 * @returns Their summaries
 */
export function listKnowledge(view: View, home: string, limits: EntryLimits): EntrySummary[] {
  return view.list(home)
    .filter(({ name, kind }) => isListed(name) && (kind === "folder" || kind === "link"))
    .filter(({ name }) => view.stat(`${home}/${name}`)?.kind !== "file")
    .map(({ name }) => summaryOf(readEntry(view, KNOWLEDGE, `${home}/${name}`, name, limits)));
}

/**
 * One entry with its content.
 *
 * @param view The files
 * @param name Its name
 * @param limits Bounds of reading
 * @returns The entry
 * @throws {KairosError} `not_found` with the names that are there, `invalid` for a name that is none
 */
export function findKnowledge(view: View, name: string, limits: EntryLimits): Entry {
  checkSegment(name, KNOWLEDGE);
  const folder = `${KNOWLEDGE}/${name}`;
  if (view.stat(folder)?.kind === "folder") return readEntry(view, KNOWLEDGE, folder, name, limits);
  const names = view.list(KNOWLEDGE).map((entry) => entry.name).filter(isListed);
  const more = names.length > MAX_NAMED ? `, and ${names.length - MAX_NAMED} more` : "";
  throw new KairosError("not_found", `Knowledge ${quote(name)} not found`, {
    hint: names.length === 0
      ? "There are no entries yet"
      : `Available: ${names.slice(0, MAX_NAMED).map((one) => quote(one)).join(", ")}${more}`,
  });
}
