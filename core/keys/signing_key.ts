/**
 * The key with which this instance signs what it sends to others: made when it is first needed, kept
 * for its owner only and without a passphrase, since nobody need be there when something is packed. It
 * decides nothing; decisions are signed by approvers with keys of their own.
 *
 * ```json
 * {"version":1,"kind":"package","id":"…","public_key":"…","private_key":"…"}
 * ```
 *
 * See `kairos_formats/skillsets.md#signatures`.
 *
 * @module
 */

import type { Disk } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { KEY_BYTES, newSeed, publicKeyOf, signText } from "./ed25519.ts";
import { createPrivateFile, readPrivateFile } from "./private_file.ts";
import { keyId } from "./sealed_key.ts";
import { isBase64 } from "./slot.ts";

/** The key file, relative to the data directory. */
export const SIGNING_KEY_FILE = "storage/keys/package.json";

const KIND = "package";
const MAX_BYTES = 4096;

/** A private key for signatures of packages. It lives as long as a `using` block. */
export class SigningKey implements Disposable {
  /** Fingerprint of the public key. */
  readonly id: string;
  /** 32 bytes, base64. */
  readonly publicKey: string;
  readonly #seed: Uint8Array;

  private constructor(seed: Uint8Array) {
    const publicKey = publicKeyOf(seed);
    this.#seed = seed;
    this.id = keyId(publicKey);
    this.publicKey = publicKey.toBase64();
  }

  /**
   * Whether an instance has a key.
   *
   * @param disk The disk
   * @param root The data directory
   * @returns `true` when something is where the key belongs; an empty file is what is left of making
   *   one that was interrupted
   */
  static exists(disk: Disk, root: string): boolean {
    const found = disk.statLink(`${root}/${SIGNING_KEY_FILE}`);
    return found !== null && (found.kind !== "file" || found.size > 0);
  }

  /**
   * Makes the key of an instance. Only one may do so at a time.
   *
   * @param disk The disk
   * @param root The data directory
   * @returns The key
   * @throws {KairosError} `exists`, `io`
   */
  static make(disk: Disk, root: string): SigningKey {
    const key = new SigningKey(newSeed());
    const path = `${root}/${SIGNING_KEY_FILE}`;
    if (disk.statLink(path) !== null && !SigningKey.exists(disk, root)) disk.remove(path);
    createPrivateFile(disk, path, {
      version: 1,
      kind: KIND,
      id: key.id,
      public_key: key.publicKey,
      private_key: key.#seed.toBase64(),
    });
    return key;
  }

  /**
   * Opens the key of an instance.
   *
   * @param disk The disk
   * @param root The data directory
   * @returns The key
   * @throws {KairosError} `not_found`; `refused` for a file that others may use or that is a link;
   *   `invalid` for content that is no such key
   *
   * @example
   * ```ts
   * import { Disk } from "../disk/mod.ts";
   * import { SigningKey } from "./signing_key.ts";
   *
   * const root = Deno.makeTempDirSync();
   * using made = SigningKey.make(new Disk(), root);
   * using read = SigningKey.open(new Disk(), root);
   * if (made.sign("a text") !== read.sign("a text")) throw new Error("another key came out");
   * Deno.removeSync(root, { recursive: true });
   * ```
   */
  static open(disk: Disk, root: string): SigningKey {
    const missing = "`kairos skillset key` makes it";
    const path = `${root}/${SIGNING_KEY_FILE}`;
    const bytes = readPrivateFile(disk, path, { maxBytes: MAX_BYTES, missing });
    const { version, kind, id, public_key, private_key } = fieldsOf(bytes);
    if (version !== 1 || kind !== KIND) throw broken("it is no key for packages");
    if (!isBase64(private_key, KEY_BYTES)) throw broken("the key is not 32 bytes of base64");
    const key = new SigningKey(Uint8Array.fromBase64(private_key));
    if (key.publicKey === public_key && key.id === id) return key;
    key[Symbol.dispose]();
    throw broken("its public key belongs to another");
  }

  /**
   * Signs a text.
   *
   * @param text What is signed
   * @returns 64 bytes, base64
   */
  sign(text: string): string {
    return signText(this.#seed, text).toBase64();
  }

  /** Wipes the private key. */
  [Symbol.dispose](): void {
    this.#seed.fill(0);
  }

  /** The public part only, whoever prints the object. */
  toJSON(): { id: string; public_key: string } {
    return { id: this.id, public_key: this.publicKey };
  }
}

function fieldsOf(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (value !== null && typeof value === "object") return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw broken("it is no JSON object");
}

function broken(found: string): KairosError {
  return new KairosError("invalid", `Cannot use the key file ${SIGNING_KEY_FILE}: ${found}`, {
    hint: "Bring it back from a copy, or move it away; `kairos skillset key` then makes another",
  });
}
