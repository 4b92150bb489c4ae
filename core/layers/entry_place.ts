/**
 * Where a knowledge entry lies: in L1, or in a SkillSet that is in use. One name leads to one entry,
 * and L1's own comes first. See `kairos_formats/skillsets.md#knowledge`.
 *
 * @module
 */

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

/**
 * All entries.
 *
 * @param source The instance
 * @param view The files
 * @returns Where they lie, sorted by name; links of L1 to anything but a file count
 */
export function listEntryPlaces({ shelf, lent }: EntrySource, view: View): EntryPlace[] {
  const own = shelf.list(view, KNOWLEDGE)
    .filter(({ name, kind }) =>
      kind === "folder" || view.stat(`${KNOWLEDGE}/${name}`)?.kind !== "file"
    )
    .map(({ name }) => ownPlace(name));
  const { entries } = lent(view);
  if (entries.size === 0) return own;
  const names = new Set(own.map(({ name }) => name));
  const others = [...entries.values()].filter(({ name }) => !names.has(name));
  return [...own, ...others].sort((a, b) => a.name < b.name ? -1 : 1);
}
