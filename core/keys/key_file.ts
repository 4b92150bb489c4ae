/**
 * Files of sealed keys: for their owner only, never a link, never overwritten by a new key.
 *
 * @module
 */

import type { Disk } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { createPrivateFile, readPrivateFile, replacePrivateFile } from "./private_file.ts";
import { MAX_KEY_FILE, parseSealedKey, type SealedKey } from "./sealed_key.ts";

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
  createPrivateFile(disk, path, key);
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
  replacePrivateFile(disk, path, key);
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
  const missing = "Name it with --key-file, or make a key with `kairos approver init`";
  return parseSealedKey(readPrivateFile(disk, path, { maxBytes: MAX_KEY_FILE, missing }));
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
