/**
 * Where knowledge lies, and how an entry of it is found.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { nearFirst } from "../nearest.ts";
import { quote } from "../text.ts";
import type { Entry, EntrySummary } from "./entry_folder.ts";
import { checkSegment } from "./names.ts";
import type { Shelf } from "./shelf.ts";
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
 * @param shelf The entries
 * @param view The files
 * @param home {@linkcode KNOWLEDGE} or {@linkcode ARCHIVE}
 * @returns Their summaries
 */
export function listKnowledge(shelf: Shelf, view: View, home: string): EntrySummary[] {
  return shelf.list(view, home)
    .filter(({ name, kind }) => kind === "folder" || view.stat(`${home}/${name}`)?.kind !== "file")
    .map(({ name }) => shelf.outline(view, KNOWLEDGE, `${home}/${name}`, name));
}

/**
 * One entry with its content.
 *
 * @param shelf The entries
 * @param view The files
 * @param name Its name
 * @returns The entry
 * @throws {KairosError} `not_found` with the names that are there, `invalid` for a name that is none
 */
export function findKnowledge(shelf: Shelf, view: View, name: string): Entry {
  checkSegment(name, KNOWLEDGE);
  const folder = `${KNOWLEDGE}/${name}`;
  const entry = shelf.entry(view, KNOWLEDGE, folder, name);
  // What has a document is there; of anything else it has to be found out.
  if (entry.path !== null || view.stat(folder)?.kind === "folder") return entry;
  throw noKnowledge(name, shelf.list(view, KNOWLEDGE).map((entry) => entry.name));
}

/**
 * The error for an entry that is not there.
 *
 * @param name The name that was asked for
 * @param known The names there are
 * @returns `not_found` with some of the names, those that may be meant first
 */
export function noKnowledge(name: string, known: readonly string[]): KairosError {
  const named = nearFirst(name, known).slice(0, MAX_NAMED).map((one) => quote(one));
  const more = known.length > MAX_NAMED ? `, and ${known.length - MAX_NAMED} more` : "";
  return new KairosError("not_found", `Knowledge ${quote(name)} not found`, {
    hint: known.length === 0 ? "There are no entries yet" : `Available: ${named.join(", ")}${more}`,
  });
}
