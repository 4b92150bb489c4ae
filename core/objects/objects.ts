/**
 * Every version an entry ever had, kept under the SHA-256 its record carries.
 *
 * An object is `storage/objects/<first two digits>/<all 64 digits>`, readable by its owner only. It is
 * complete or absent: written aside, synced, renamed. See `kairos_formats/entries.md#objects`.
 *
 * @module
 */

import { hash } from "node:crypto";
import { type Disk, isTransitName, parentOf, writeAllAtomic } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";

/** Largest object that is kept or read, in bytes. */
export const MAX_OBJECT = 64 * 1024 * 1024;

/** One stored object. */
export interface StoredObject {
  /** Its SHA-256. */
  readonly id: string;
  /** Its size in bytes. */
  readonly size: number;
}

/**
 * The SHA-256 of bytes or text.
 *
 * @param content Bytes, or text hashed as UTF-8
 * @returns 64 lower-case hexadecimal digits
 */
export function sha256(content: Uint8Array | string): string {
  return hash("sha256", content);
}

/**
 * The objects of one instance.
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { ObjectStore } from "./objects.ts";
 *
 * const folder = Deno.makeTempDirSync();
 * const objects = new ObjectStore(new Disk(), folder);
 * const id = objects.put(new TextEncoder().encode("a version"));
 * if (objects.get(id)?.length !== 9) throw new Error("the version is gone");
 * Deno.removeSync(folder, { recursive: true });
 * ```
 */
export class ObjectStore {
  readonly #disk: Disk;
  readonly #folder: string;

  /**
   * @param disk The disk
   * @param folder The folder objects are kept in
   */
  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  /**
   * Keeps bytes. Bytes that are kept already cost a comparison and no sync.
   *
   * @param bytes What to keep
   * @returns Their SHA-256
   * @throws {KairosError} `too_large` beyond {@linkcode MAX_OBJECT}, `io`
   */
  put(bytes: Uint8Array): string {
    return this.putAll([bytes])[0]!;
  }

  /**
   * Keeps many at once, which takes far fewer syncs than one after the other.
   *
   * @param contents What to keep
   * @returns The SHA-256 of each, in their order
   * @throws {KairosError} as {@linkcode put}
   */
  putAll(contents: readonly Uint8Array[]): string[] {
    const missing = new Map<string, Uint8Array>();
    const ids = contents.map((bytes) => {
      if (bytes.length > MAX_OBJECT) {
        throw new KairosError("too_large", `Cannot keep ${bytes.length} bytes as one object`, {
          hint: `Keep it below ${MAX_OBJECT} bytes`,
        });
      }
      const id = sha256(bytes);
      if (!missing.has(id) && !this.#isWhole(id, bytes.length)) missing.set(id, bytes);
      return id;
    });
    const folders = new Set([...missing.keys()].map((id) => parentOf(this.#path(id))));
    this.#disk.makeFolders(folders, 0o700);
    const files = [...missing].map(([id, bytes]) => [this.#path(id), bytes] as const);
    writeAllAtomic(this.#disk, files, { permissions: 0o600 });
    return ids;
  }

  /**
   * Reads an object and checks that it is what its name says.
   *
   * @param id Its SHA-256
   * @returns The bytes, or `null` when it is not kept
   * @throws {KairosError} `invalid` for what is no SHA-256, `corrupt` when the bytes are others
   */
  get(id: string): Uint8Array | null {
    if (!isObjectId(id)) {
      throw new KairosError("invalid", `Cannot read the object ${quote(id)}: it is no SHA-256`);
    }
    const bytes = this.#disk.read(this.#path(id), MAX_OBJECT);
    if (bytes !== null && sha256(bytes) !== id) {
      throw new KairosError("corrupt", `Cannot read the object ${quote(id)}: its bytes changed`, {
        hint: "Restore the file from a backup, or remove it to let the loss show",
      });
    }
    return bytes;
  }

  /** All objects, in the order of their names; nothing is read but names and sizes. */
  *list(): Generator<StoredObject> {
    for (const { name: prefix, kind } of this.#disk.list(this.#folder)) {
      if (kind !== "folder" || prefix.length !== 2) continue;
      for (const { name: id } of this.#disk.list(`${this.#folder}/${prefix}`)) {
        const facts = isObjectId(id) ? this.#disk.stat(this.#path(id)) : null;
        if (facts !== null) yield { id, size: facts.size };
      }
    }
  }

  /**
   * Removes an object.
   *
   * @param id Its SHA-256
   */
  remove(id: string): void {
    if (isObjectId(id)) this.#disk.remove(this.#path(id));
  }

  /** Removes what writers that were interrupted left; needs the write lock. */
  sweep(): void {
    for (const { name: prefix, kind } of this.#disk.list(this.#folder)) {
      if (kind !== "folder") continue;
      for (const { name } of this.#disk.list(`${this.#folder}/${prefix}`)) {
        if (isTransitName(name)) this.#disk.remove(`${this.#folder}/${prefix}/${name}`);
      }
    }
  }

  /** Whether an object is there with the bytes its name says. */
  #isWhole(id: string, size: number): boolean {
    const path = this.#path(id);
    return this.#disk.stat(path)?.size === size &&
      sha256(this.#disk.read(path, MAX_OBJECT) ?? "") === id;
  }

  #path(id: string): string {
    return `${this.#folder}/${id.slice(0, 2)}/${id}`;
  }
}

/**
 * Whether a text is a SHA-256 as objects are named.
 *
 * @param text Any text
 * @returns `true` for 64 lower-case hexadecimal digits
 */
export function isObjectId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
