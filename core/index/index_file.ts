/**
 * Where the index of an instance is kept, and whether it can be used there.
 *
 * @module
 */

import type { Disk } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import type { DatabaseOptions } from "./database.ts";

/** What the index needs of an instance to be kept. */
export interface IndexHome {
  /** The data directory. */
  readonly root: string;
  /** The disk, and whether something may be written. */
  readonly store: { readonly disk: Disk; readonly writable: boolean };
}

const FILE = "storage/index.db";

/**
 * How to open the index file.
 *
 * @param home The instance
 * @returns Path, mode and owner, or `null` when there is no file that could be used
 */
export function indexFile(
  { root, store: { disk, writable } }: IndexHome,
): Required<DatabaseOptions> | null {
  const path = `${root}/${FILE}`;
  const facts = disk.stat(root);
  // A link would let the database write wherever it leads.
  const kind = disk.statLink(path)?.kind;
  if (kind === undefined && !(writable && disk.stat(`${root}/storage`)?.kind === "folder")) {
    return null;
  }
  if (kind !== undefined && kind !== "file") return null;
  // SQLite would make the file for everybody to read.
  if (kind === undefined) disk.open(path, "create", 0o600)[Symbol.dispose]();
  // Documents of another folder could have the same names, and files the same numbers.
  const instance = `${root}\n${facts?.device}:${facts?.inode}`;
  return { path, readOnly: !writable, instance };
}

/**
 * Removes an index file that is no good.
 *
 * @param home The instance
 * @returns Whether that could be done
 */
export function discardIndex({ root, store: { disk, writable } }: IndexHome): boolean {
  if (!writable) return false;
  try {
    for (const suffix of ["-journal", "-wal", "-shm", ""]) {
      disk.remove(`${root}/${FILE}${suffix}`);
    }
    return true;
  } catch (error) {
    if (error instanceof KairosError) return false;
    throw error;
  }
}
