/**
 * Whole files, written so that a reader finds the old or the new content and never a mixture.
 *
 * @module
 */

import { type Disk, parentOf } from "./disk.ts";

/** Options of {@linkcode writeAtomic} and {@linkcode writeDurable}. */
export interface WriteOptions {
  /** Mode bits of the new file. */
  readonly permissions?: number;
}

/** Marks names that are on their way in; lists leave them out because of the leading dot. */
export const STAGE_PREFIX = ".stage-";

/** Marks names that are on their way out. */
const TRASH_PREFIX = ".trash-";

const UNIQUE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A name for something on its way in or out.
 *
 * @param way `stage` for what comes, `trash` for what goes
 * @returns A name with a leading dot and a random UUID
 */
export function transitName(way: "stage" | "trash"): string {
  return (way === "stage" ? STAGE_PREFIX : TRASH_PREFIX) + crypto.randomUUID();
}

/**
 * Whether a name was made by {@linkcode transitName}; nothing else is ever cleared away.
 *
 * @param name One path segment
 * @returns `true` for a prefix and a UUID
 */
export function isTransitName(name: string): boolean {
  return [STAGE_PREFIX, TRASH_PREFIX].some((prefix) =>
    name.startsWith(prefix) && UNIQUE.test(name.slice(prefix.length))
  );
}

/**
 * Writes a new file and makes its bytes durable; its name is durable only after the folder is synced.
 *
 * @param disk The disk
 * @param path The file, which must not exist
 * @param bytes Its content
 * @param options Mode bits
 * @throws {KairosError} `io`; nothing is left behind then
 */
export function writeDurable(
  disk: Disk,
  path: string,
  bytes: Uint8Array,
  options: WriteOptions = {},
): void {
  using file = disk.open(path, "createNew", options.permissions);
  try {
    file.writeAt(0, bytes);
    file.sync();
  } catch (error) {
    removeQuietly(disk, path);
    throw error;
  }
}

/**
 * Replaces or creates a file in one step: staged beside the target, synced, renamed, folder synced.
 *
 * @param disk The disk
 * @param path The file
 * @param bytes Its new content
 * @param options Mode bits
 * @throws {KairosError} `io`; the old content stands then, or the new one when only syncing the folder
 *   failed
 *
 * @example
 * ```ts
 * import { Disk } from "./disk.ts";
 * import { writeAtomic } from "./atomic.ts";
 *
 * const folder = Deno.makeTempDirSync();
 * writeAtomic(new Disk(), `${folder}/note.md`, new TextEncoder().encode("new"));
 * if (Deno.readTextFileSync(`${folder}/note.md`) !== "new") throw new Error("not written");
 * Deno.removeSync(folder, { recursive: true });
 * ```
 */
export function writeAtomic(
  disk: Disk,
  path: string,
  bytes: Uint8Array,
  options: WriteOptions = {},
): void {
  writeAllAtomic(disk, [[path, bytes]], options);
}

/**
 * Replaces or creates files, each in one step: all of them are staged and synced before the first gets
 * its name, and each folder is synced once.
 *
 * @param disk The disk
 * @param files Path and new content of each
 * @param options Mode bits
 * @throws {KairosError} `io`; each of them has its old content then or its new one
 */
export function writeAllAtomic(
  disk: Disk,
  files: Iterable<readonly [path: string, bytes: Uint8Array]>,
  options: WriteOptions = {},
): void {
  const staged: { readonly stage: string; readonly path: string }[] = [];
  try {
    for (const [path, bytes] of files) {
      const stage = `${parentOf(path)}/${transitName("stage")}`;
      writeDurable(disk, stage, bytes, options);
      staged.push({ stage, path });
    }
    for (const { stage, path } of staged) disk.rename(stage, path);
  } catch (error) {
    for (const { stage } of staged) removeQuietly(disk, stage);
    throw error;
  }
  for (const folder of new Set(staged.map(({ path }) => parentOf(path)))) disk.syncFolder(folder);
}

/** Tidies up after a failure that is about to be reported; a second failure adds nothing to it. */
function removeQuietly(disk: Disk, path: string): void {
  try {
    disk.remove(path);
  } catch {
    // The stage is left for the next sweep.
  }
}
