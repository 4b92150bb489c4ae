/**
 * All knowledge there is to read: L1's own entries, and those of the SkillSets in use.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import type { Entry, EntrySummary } from "./entry_folder.ts";
import {
  type EntrySource,
  findEntryPlace,
  isOwn,
  type ListedEntry,
  listEntries,
  ownPlace,
  placeOf,
} from "./entry_place.ts";
import { KNOWLEDGE, noKnowledge } from "./knowledge_home.ts";
import { checkSegment } from "./names.ts";
import { type Origin, originText } from "./origin.ts";
import type { View } from "./view.ts";

/** What reading knowledge needs of an instance. */
export interface LibrarySource extends EntrySource {
  /** The files as readers see them. */
  view(): View;
}

/** Says where an entry comes from. */
export interface WithOrigin {
  /** The SkillSet it comes from, `null` for L1's own. */
  readonly origin: Origin | null;
}

/** An entry as lists show it, with its origin. */
export type KnownEntry = EntrySummary & WithOrigin;

/** Which entries a page holds. */
export interface LibraryRange {
  /** Position of the first one, from 0; 0 unless given. */
  readonly from?: number;
  /** Most entries; all unless given. */
  readonly limit?: number;
  /** Only entries it accepts count; all of them unless given. */
  readonly accepts?: ((entry: KnownEntry) => boolean) | undefined;
  /**
   * By name, what `accepts` is known to say: of other entries it is asked, which takes a look at each.
   * Of the page it is asked all the same. Nothing unless given.
   */
  readonly known?: ReadonlyMap<string, boolean> | null;
}

/** Some of the entries. */
export interface LibraryPage {
  /** Their summaries with their origins. */
  readonly entries: readonly KnownEntry[];
  /** How many there are in all. */
  readonly total: number;
}

/**
 * A page of all entries, sorted by name. One that cannot be read is listed with its problem. Of the
 * entries of other pages only the names are looked at.
 *
 * @param source The instance
 * @param range Which ones
 * @returns The page
 */
export function pageLibrary(
  source: LibrarySource,
  { from = 0, limit = Infinity, accepts, known }: LibraryRange,
): LibraryPage {
  const view = source.view();
  const look = (entry: ListedEntry): KnownEntry => {
    const { name, folder, store, origin } = placeOf(entry);
    return { ...source.shelf.outline(view, store, folder, name), origin };
  };
  const all = listEntries(source, view);
  const found = accepts === undefined
    ? all
    : all.filter((entry) => known?.get(entry.name) ?? accepts(look(entry)));
  const page = found.slice(from, from + limit).map(look);
  const entries = accepts === undefined ? page : page.filter(accepts);
  return { entries, total: found.length - (page.length - entries.length) };
}

/**
 * All entries, sorted by name. One that cannot be read is listed with its problem.
 *
 * @param source The instance
 * @returns Their summaries with their origins
 */
export function listLibrary(source: LibrarySource): readonly KnownEntry[] {
  return pageLibrary(source, {}).entries;
}

/**
 * One entry with its content.
 *
 * @param source The instance
 * @param name Its name
 * @returns The entry with its origin
 * @throws {KairosError} `not_found` with the names that are there, `invalid` for a name that is none
 *
 * @example
 * ```ts
 * import { openInstance } from "../instance.ts";
 * import { readLibrary } from "./library.ts";
 *
 * const root = Deno.makeTempDirSync();
 * Deno.mkdirSync(`${root}/knowledge/naming`, { recursive: true });
 * Deno.writeTextFileSync(`${root}/knowledge/naming/naming.md`, "# Naming\n");
 * const { body, origin } = readLibrary(await openInstance(root, { mode: "read" }), "naming");
 * if (body !== "# Naming" || origin !== null) throw new Error(body);
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export function readLibrary(source: LibrarySource, name: string): Entry & WithOrigin {
  checkSegment(name, KNOWLEDGE);
  const { shelf } = source;
  const view = source.view();
  const own = ownPlace(name);
  const entry = shelf.entry(view, KNOWLEDGE, own.folder, name);
  // What has a document is there; of anything else it has to be found out.
  const place = entry.path === null ? findEntryPlace(source, view, name) : own;
  if (place === null) throw missing(source, view, name);
  const { store, folder, origin } = place;
  return { ...(origin === null ? entry : shelf.entry(view, store, folder, name)), origin };
}

/**
 * Refuses to go on with what only a SkillSet has.
 *
 * @param source The instance
 * @param name Name of an entry
 * @throws {KairosError} `refused`, naming the SkillSet; `invalid` for a name that is none
 */
export function refuseLent(source: LibrarySource, name: string): void {
  checkSegment(name, KNOWLEDGE);
  const view = source.view();
  const origin = isOwn(view, name) ? null : findEntryPlace(source, view, name)?.origin ?? null;
  if (origin === null) return;
  throw new KairosError(
    "refused",
    `Knowledge ${quote(name)} belongs to ${originText(origin)}: it is read only here`,
    { hint: "To say it differently, create an entry of this name; it comes first then" },
  );
}

/**
 * Why the chain tells nothing of an entry. What a SkillSet brings along is held by the SkillSet's records.
 *
 * @param source The instance
 * @param name Name of an entry without records that is not the project's own
 * @returns The error to throw, `not_found`
 */
export function withoutRecords(source: LibrarySource, name: string): KairosError {
  const origin = source.lent(source.view()).entries.get(name)?.origin ?? null;
  if (origin === null) {
    return new KairosError("not_found", `Knowledge ${quote(name)} was never on this chain`, {
      hint: "List the entries with `kairos knowledge list`",
    });
  }
  const from = originText(origin);
  return new KairosError("not_found", `Knowledge ${quote(name)} has no records: it is of ${from}`, {
    hint: `Its SkillSet has the records: kairos skillset info ${origin.skillset}`,
  });
}

function missing(source: LibrarySource, view: View, name: string): KairosError {
  return noKnowledge(name, listEntries(source, view).map((entry) => entry.name));
}
