/**
 * Files that hold a private key: for their owner only, never a link, never overwritten by a new one.
 *
 * @module
 */

import { baseName, type Disk, parentOf, writeAtomic } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";

const PRIVATE = 0o600;
const PRIVATE_FOLDER = 0o700;
/** What the group and everybody else may do. */
const OTHERS = 0o077;

/**
 * Writes a new private file, durably; its folder is made for the owner only.
 *
 * @param disk The disk
 * @param path The file
 * @param content Written as indented JSON
 * @throws {KairosError} `exists` when something is at the path, `io`
 */
export function createPrivateFile(disk: Disk, path: string, content: unknown): void {
  disk.makeFolder(parentOf(path), PRIVATE_FOLDER);
  if (disk.statLink(path) !== null) throw taken(path);
  // The name is taken first, which only one can do; the content then replaces what we made ourselves.
  disk.open(path, "createNew", PRIVATE).close();
  try {
    replacePrivateFile(disk, path, content);
  } catch (error) {
    if (disk.statLink(path)?.size === 0) disk.remove(path);
    throw error;
  }
}

/**
 * Replaces a private file in one step, durably: the old or the new one is there, whatever happens.
 *
 * @param disk The disk
 * @param path The file
 * @param content Written as indented JSON
 * @throws {KairosError} `io`
 */
export function replacePrivateFile(disk: Disk, path: string, content: unknown): void {
  const bytes = new TextEncoder().encode(JSON.stringify(content, null, 2) + "\n");
  writeAtomic(disk, path, bytes, { permissions: PRIVATE });
}

/**
 * Reads a private file.
 *
 * @param disk The disk
 * @param path The file
 * @param options `maxBytes`: most bytes; `missing`: what to do when there is none, a sentence
 * @returns Its bytes
 * @throws {KairosError} `not_found`; `refused` for a link, for what is no file, for a file that others
 *   may read or write and for one that is too long
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { createPrivateFile, readPrivateFile } from "./private_file.ts";
 *
 * const folder = Deno.makeTempDirSync();
 * createPrivateFile(new Disk(), `${folder}/key.json`, { version: 1 });
 * const bytes = readPrivateFile(new Disk(), `${folder}/key.json`, { maxBytes: 99, missing: "" });
 * if (JSON.parse(new TextDecoder().decode(bytes)).version !== 1) throw new Error("it was changed");
 * Deno.removeSync(folder, { recursive: true });
 * ```
 */
export function readPrivateFile(
  disk: Disk,
  path: string,
  { maxBytes, missing }: { readonly maxBytes: number; readonly missing: string },
): Uint8Array {
  const seen = disk.statLink(path);
  if (seen === null) {
    throw new KairosError("not_found", `Cannot open the key file ${quote(path)}: it is missing`, {
      hint: missing,
    });
  }
  if (seen.kind !== "file") {
    throw unsafe(path, seen.kind === "link" ? "it is a link" : "it is no file", "Put a file there");
  }
  using file = disk.open(path, "read");
  const { device, inode, mode, size } = file.facts();
  if (device !== seen.device || inode !== seen.inode) {
    throw unsafe(path, "it was exchanged while it was opened", "Look who writes in that folder");
  }
  if ((mode & OTHERS) !== 0) {
    const found = `others may use it, its mode is ${mode.toString(8)}`;
    throw unsafe(
      path,
      found,
      `Run chmod 600 ${quote(path)}, and doubt the key if others could read it`,
    );
  }
  if (size > maxBytes) throw unsafe(path, "it is too long for a key", "Name a key file");
  return file.readAt(0, size);
}

function taken(path: string): KairosError {
  return new KairosError("exists", `Cannot make the key file ${quote(baseName(path))}: it exists`, {
    hint: "A key is never overwritten; take another --name, or move the file away",
  });
}

function unsafe(path: string, found: string, hint: string): KairosError {
  return new KairosError("refused", `Cannot open the key file ${quote(path)}: ${found}`, { hint });
}
