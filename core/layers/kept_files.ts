/**
 * The other files of an entry, brought to what they were: from objects, below the entry and nowhere
 * else.
 *
 * @module
 */

import { isTransitName } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { sha256 } from "../objects/objects.ts";
import type { Store } from "../store.ts";
import { quote } from "../text.ts";
import type { EntryFile } from "./entry_folder.ts";
import type { View } from "./view.ts";

/** A file whose bytes are kept as an object. */
export interface KeptFile {
  /** Its path below the entry. */
  readonly path: string;
  /** SHA-256 of its bytes. */
  readonly hash: string;
  /** Whether its owner may execute it. */
  readonly executable: boolean;
}

/** One file that is not what it is to be. */
export interface FileChange {
  /** Its path below the entry. */
  readonly path: string;
  /** SHA-256 of what is there, kept as an object; `null` when nothing is. */
  readonly base: string | null;
  /** What it is to be; `null` when it goes. */
  readonly next: { readonly bytes: Uint8Array; readonly executable: boolean } | null;
}

/** Largest file that is replaced: larger ones are not kept. */
export const MAX_KEPT_FILE: number = 16 * 1024 * 1024;

/**
 * Whether a path stays below the entry it is said to be in.
 *
 * @param path The path
 * @returns `false` for one that leads elsewhere or is on its way in or out
 */
export function isInnerPath(path: string): boolean {
  return path.split("/").every((part) => !/^\.{0,2}$|[\\\0]/.test(part) && !isTransitName(part));
}

/** Largest sum of other files that a deletion keeps. */
const MAX_KEPT = MAX_KEPT_FILE;
/** Most other files that a deletion keeps. */
const MAX_KEPT_FILES = 512;

/**
 * Keeps every file of an entry but its document as an object; links are not followed.
 *
 * @param store Objects; the write lock is held
 * @param view The files
 * @param folder The entry
 * @param document Path of its document, or `null`
 * @returns Path below the entry to SHA-256
 * @throws {KairosError} `too_large` beyond 512 files or 16 MiB
 */
export function keepFiles(
  store: Store,
  view: View,
  folder: string,
  document: string | null,
): Record<string, string> {
  const kept: Record<string, string> = {};
  let count = 0;
  let sum = 0;
  const walk = (at: string) => {
    for (const { name: part, kind } of view.list(at)) {
      const path = `${at}/${part}`;
      if (path === document || isTransitName(part)) continue;
      if (kind === "folder") walk(path);
      if (kind !== "file") continue;
      sum += view.stat(path)?.size ?? 0;
      if (++count > MAX_KEPT_FILES || sum > MAX_KEPT) {
        throw new KairosError(
          "too_large",
          `Cannot delete ${quote(folder)}: its files are more than can be kept`,
          { hint: `Archive it instead; at most ${MAX_KEPT_FILES} files and ${MAX_KEPT} bytes` },
        );
      }
      const bytes = view.read(path, MAX_KEPT);
      if (bytes !== null) kept[path.slice(folder.length + 1)] = store.objects.put(bytes);
    }
  };
  walk(folder);
  return kept;
}

/** The folder of an entry. */
export interface EntryPlace {
  /** Its path. */
  readonly folder: string;
  /** The folder it must not lead out of. */
  readonly home: string;
}

/**
 * What has to change so that an entry has exactly these files. What goes or is replaced is kept first.
 *
 * @param store Disk and objects; the write lock is held
 * @param view The files
 * @param place Where the entry is
 * @param there The files it has
 * @param wanted The files it is to have
 * @returns The changes, sorted by path
 * @throws {KairosError} `not_found` when bytes are not kept, `refused` for a path that leads elsewhere,
 *   `too_large`
 */
export function fileChanges(
  store: Store,
  view: View,
  { folder, home }: EntryPlace,
  there: readonly EntryFile[],
  wanted: readonly KeptFile[],
): FileChange[] {
  const present = new Map(there.map((file) => [file.path, file]));
  const next = new Map(wanted.map((file) => [file.path, file]));
  const paths = [...new Set([...present.keys(), ...next.keys()])].sort();
  return paths.flatMap((path): FileChange[] => {
    const at = `${folder}/${path}`;
    const parts = path.split("/");
    // What is missing would be made where the folders above it lead.
    const stays = isInnerPath(path) && parts.length > 1 &&
      parts.every((_, count) =>
        view.isInside([folder, ...parts.slice(0, count + 1)].join("/"), home)
      );
    if (!stays) {
      throw new KairosError("refused", `Cannot change ${quote(at)}: it leads outside of the entry`);
    }
    const old = view.stat(at) === null ? null : view.read(at, MAX_KEPT_FILE);
    const base = old === null ? null : sha256(old);
    const file = next.get(path);
    const isSame = file !== undefined && base === file.hash &&
      present.get(path)?.executable === file.executable;
    if (isSame) return [];
    if (old !== null) store.objects.put(old);
    if (file === undefined) return [{ path, base, next: null }];
    const bytes = store.objects.get(file.hash);
    if (bytes === null) {
      throw new KairosError("not_found", `Cannot bring back ${quote(at)}: its bytes are not kept`);
    }
    return [{ path, base, next: { bytes, executable: file.executable } }];
  });
}
