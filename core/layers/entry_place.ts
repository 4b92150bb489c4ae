/**
 * Where a knowledge entry lies: in L1, or in a SkillSet that is in use. One name leads to one entry,
 * and L1's own comes first. See `kairos_formats/skillsets.md#knowledge`.
 *
 * @module
 */

import type { FolderEntry } from "../disk/mod.ts";
import { KNOWLEDGE } from "./knowledge_home.ts";
import type { Origin } from "./origin.ts";
import type { Shelf } from "./shelf.ts";
import type { View } from "./view.ts";

/** The folder of SkillSets, below the data directory. */
export const SKILLSETS = "skillsets";

/** Where an entry lies. */
export interface EntryPlace {
  /** The entry's name. */
  readonly name: string;
  /** Its folder, relative to the data directory. */
  readonly folder: string;
  /** The folder it must not lead out of. */
  readonly store: string;
  /** The SkillSet it comes from, `null` for L1's own. */
  readonly origin: Origin | null;
  /** Whether search finds it and it is offered as a skill; otherwise it is there for who asks for it. */
  readonly isOffered: boolean;
}

/** What the SkillSets in use bring along. It must not be changed. */
export interface Lent {
  /** Their entries by name, sorted; each name once. */
  readonly entries: ReadonlyMap<string, EntryPlace>;
  /** Entries behind another SkillSet's of the same name. */
  readonly hidden: readonly EntryPlace[];
}

/** Tells what the SkillSets in use bring along, as the files are now; the same object while they stay. */
export type Lender = (view: View) => Lent;

/** What finding entries needs of an instance. */
export interface EntrySource {
  /** The entries of L1. */
  readonly shelf: Shelf;
  /** The entries of SkillSets. */
  readonly lent: Lender;
}

/**
 * Whether L1 has an entry of a name, be it one that cannot be read.
 *
 * @param view The files
 * @param name The name
 * @returns Whether it does
 */
export function isOwn(view: View, name: string): boolean {
  const at = `${KNOWLEDGE}/${name}`;
  const kind = view.stat(at)?.kind;
  return kind === "folder" || (kind === undefined && view.statLink(at) !== null);
}

/**
 * Where L1 has an entry of a name, or would have it.
 *
 * @param name The name
 * @returns The place
 */
export function ownPlace(name: string): EntryPlace {
  const folder = `${KNOWLEDGE}/${name}`;
  return { name, folder, store: KNOWLEDGE, origin: null, isOffered: true };
}

/**
 * Finds an entry.
 *
 * @param source The instance
 * @param view The files
 * @param name Its name
 * @returns Where it lies, or `null` when nobody has it
 *
 * @example
 * ```ts
 * import { openInstance } from "../instance.ts";
 * import { findEntryPlace } from "./entry_place.ts";
 *
 * const root = Deno.makeTempDirSync();
 * Deno.mkdirSync(`${root}/knowledge/naming`, { recursive: true });
 * const instance = await openInstance(root, { mode: "read" });
 * const place = findEntryPlace(instance, instance.view(), "naming");
 * if (place?.folder !== "knowledge/naming" || place.origin !== null) throw new Error();
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export function findEntryPlace(
  { lent }: Pick<EntrySource, "lent">,
  view: View,
  name: string,
): EntryPlace | null {
  if (isOwn(view, name)) return ownPlace(name);
  return lent(view).entries.get(name) ?? null;
}

/** An entry in a list: of L1's own, which are many, the name alone. */
export type ListedEntry = FolderEntry | EntryPlace;

/**
 * All entries by name. None of them is looked at, but for links: what they lead to is no matter of the
 * folder they lie in.
 *
 * @param source The instance
 * @param view The files
 * @returns The entries, each name once, sorted; links of L1 to anything but a file count
 */
export function listEntries(
  { shelf, lent }: EntrySource,
  view: View,
): readonly ListedEntry[] {
  const own = shelf.list(view, KNOWLEDGE).filter(({ name, kind }) =>
    kind === "folder" || view.stat(`${KNOWLEDGE}/${name}`)?.kind !== "file"
  );
  const { entries } = lent(view);
  return entries.size === 0 ? own : merged(own, [...entries.values()]);
}

/**
 * Where an entry of a list lies.
 *
 * @param entry From {@linkcode listEntries}
 * @returns The place
 */
export function placeOf(entry: ListedEntry): EntryPlace {
  return "folder" in entry ? entry : ownPlace(entry.name);
}

/** Both are sorted; of two with one name the first list's stands. */
function merged(
  own: readonly FolderEntry[],
  others: readonly EntryPlace[],
): readonly ListedEntry[] {
  const all: ListedEntry[] = [];
  let next = 0;
  for (const entry of own) {
    while (next < others.length && others[next]!.name < entry.name) all.push(others[next++]!);
    if (others[next]?.name === entry.name) next++;
    all.push(entry);
  }
  return [...all, ...others.slice(next)];
}
