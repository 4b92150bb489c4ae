/**
 * Files of sealed keys: for their owner only, never a link, never overwritten by a new key.
 *
 * @module
 */

import { baseName, type Disk, parentOf, writeAtomic } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import { MAX_KEY_FILE, parseSealedKey, type SealedKey } from "./sealed_key.ts";

const PRIVATE = 0o600;
const PRIVATE_FOLDER = 0o700;
/** What the group and everybody else may do. */
const OTHERS = 0o077;
/** Most files of a folder of keys that are looked at. */
const MAX_FILES = 256;

/** A file that was found where keys are. */
export interface FoundKey {
  /** Its path. */
  readonly path: string;
  /** What it holds, or `null` when that cannot be used. */
  readonly key: SealedKey | null;
  /** Why it cannot be used, or `null`. */
  readonly problem: string | null;
}

/**
 * Writes a new key file, durably; its folder is made for the owner only.
 *
 * @param disk The disk
 * @param path The file
 * @param key The sealed key
 * @throws {KairosError} `exists` when something is at the path, `io`
 */
export function createKeyFile(disk: Disk, path: string, key: SealedKey): void {
  disk.makeFolder(parentOf(path), PRIVATE_FOLDER);
  if (disk.statLink(path) !== null) throw taken(path);
  // The name is taken first, which only one can do; the content then replaces what we made ourselves.
  disk.open(path, "createNew", PRIVATE).close();
  try {
    replaceKeyFile(disk, path, key);
  } catch (error) {
    if (disk.statLink(path)?.size === 0) disk.remove(path);
    throw error;
  }
}

/**
 * Replaces a key file in one step, durably: the old or the new one is there, whatever happens.
 *
 * @param disk The disk
 * @param path The file
 * @param key The sealed key
 * @throws {KairosError} `io`
 */
export function replaceKeyFile(disk: Disk, path: string, key: SealedKey): void {
  const bytes = new TextEncoder().encode(JSON.stringify(key, null, 2) + "\n");
  writeAtomic(disk, path, bytes, { permissions: PRIVATE });
}

/**
 * Reads a key file.
 *
 * @param disk The disk
 * @param path The file
 * @returns The sealed key
 * @throws {KairosError} `not_found`; `refused` for a link, for what is no file and for a file that others
 *   may read or write; `invalid` for content that is no key
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { createKeyFile, readKeyFile } from "./key_file.ts";
 * import { OpenKey, sealKey } from "./sealed_key.ts";
 *
 * const folder = Deno.makeTempDirSync();
 * const secret = new TextEncoder().encode("a secret");
 * using key = OpenKey.generate("Ada");
 * const sealed = await sealKey(key, { passphrase: secret, recovery: secret });
 * createKeyFile(new Disk(), `${folder}/ada.json`, sealed);
 * if (readKeyFile(new Disk(), `${folder}/ada.json`).id !== key.id) throw new Error("another key");
 * Deno.removeSync(folder, { recursive: true });
 * ```
 */
export function readKeyFile(disk: Disk, path: string): SealedKey {
  const seen = disk.statLink(path);
  if (seen === null) {
    throw new KairosError("not_found", `Cannot open the key file ${quote(path)}: it is missing`, {
      hint: "Name it with --key-file, or make a key with `kairos approver init`",
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
  if (size > MAX_KEY_FILE) throw unsafe(path, "it is too long for a key", "Name a key file");
  return parseSealedKey(file.readAt(0, size));
}

/**
 * The files in a folder of keys.
 *
 * @param disk The disk
 * @param folder The folder; it may be missing
 * @returns What ends in `.json`, in the order of the names
 */
export function listKeyFiles(disk: Disk, folder: string): FoundKey[] {
  const names = disk.list(folder).filter(({ name, kind }) =>
    kind === "file" && name.endsWith(".json") && !name.startsWith(".")
  );
  return names.slice(0, MAX_FILES).map(({ name }) => {
    const path = `${folder}/${name}`;
    try {
      return { path, key: readKeyFile(disk, path), problem: null };
    } catch (error) {
      if (error instanceof KairosError) return { path, key: null, problem: error.message };
      throw error;
    }
  });
}

function taken(path: string): KairosError {
  return new KairosError("exists", `Cannot make the key file ${quote(baseName(path))}: it exists`, {
    hint: "A key is never overwritten; take another --name, or move the file away",
  });
}

function unsafe(path: string, found: string, hint: string): KairosError {
  return new KairosError("refused", `Cannot open the key file ${quote(path)}: ${found}`, { hint });
}
