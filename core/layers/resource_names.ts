/**
 * Names of entries and sessions alone, for completion: no document is opened.
 *
 * @module
 */

import type { Safety } from "../config/safety.ts";
import type { FolderEntry } from "../disk/mod.ts";
import type { EntrySource } from "./entry_place.ts";
import { KNOWLEDGE } from "./knowledge_home.ts";
import type { View } from "./view.ts";

/** What listing names needs of an instance. */
export interface NameSource extends EntrySource {
  /** The rules for reading. */
  readonly safety: Safety;
  /** The files as readers see them. */
  view(): View;
}

/**
 * The names of all knowledge entries that may be served, those of SkillSets among them.
 *
 * @param source The instance
 * @returns Names, sorted
 *
 * @example
 * ```ts
 * import { openInstance } from "../instance.ts";
 * import { knowledgeNames } from "./resource_names.ts";
 *
 * const root = Deno.makeTempDirSync();
 * Deno.mkdirSync(`${root}/knowledge/naming`, { recursive: true });
 * const instance = await openInstance(root, { mode: "read" });
 * if (knowledgeNames(instance).join() !== "naming") throw new Error();
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export function knowledgeNames(source: NameSource): string[] {
  const own = folders(source, KNOWLEDGE, KNOWLEDGE);
  const lent = [...source.lent(source.view()).entries.keys()]
    .filter((name) => !source.safety.isBlocked(name));
  return lent.length === 0 ? own : [...new Set([...own, ...lent])].sort();
}

/**
 * The ids of all sessions that may be served.
 *
 * @param source The instance
 * @returns Ids, the last one by name first: ids begin with their time
 */
export function sessionNames(source: NameSource): string[] {
  return folders(source, "context", "context").reverse();
}

/**
 * The names of contexts.
 *
 * @param source The instance
 * @param session Only those of this session; of all sessions unless given
 * @returns Names, each once, sorted
 */
export function contextNames(source: NameSource, session?: string): string[] {
  const sessions = sessionNames(source)
    .filter((name) => session === undefined || name === session);
  const names = sessions.flatMap((name) => folders(source, "context", `context/${name}`));
  return [...new Set(names)].sort();
}

/** Folders that lists show, that no rule blocks and that lie inside their layer. */
function folders(source: NameSource, layer: string, home: string): string[] {
  const { safety, shelf } = source;
  const view = source.view();
  // What is no link lies where its folder lies.
  if (!view.isInside(home, layer)) return [];
  const isServed = ({ name, kind }: FolderEntry) =>
    !safety.isBlocked(name) &&
    (kind === "folder" || isFolderInside(view, layer, `${home}/${name}`));
  return shelf.list(view, home).filter(isServed).map(({ name }) => name);
}

function isFolderInside(view: View, layer: string, path: string): boolean {
  return view.stat(path)?.kind === "folder" && view.isInside(path, layer);
}
