/**
 * A private key as it is kept: sealed twice, under a passphrase and under a recovery code.
 *
 * ```json
 * {"version":1,"kind":"approver","id":"…","name":"Ada","public_key":"…","passphrase":{…},
 *  "recovery":{…}}
 * ```
 *
 * See `kairos_formats/approvers.md#key-file`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { isWellFormed, visible } from "../text.ts";
import { fingerprintOf } from "./base32.ts";
import { isPublicKey, KEY_BYTES, newSeed, publicKeyOf, signText } from "./ed25519.ts";
import { wipe } from "./passphrase.ts";
import { asSlot, isBase64, openSlot, sealSlot, type Slot } from "./slot.ts";

/** What a key is for. Each purpose has keys of its own. */
export type KeyKind = "approver";

/** The public part of a key. */
export interface PublicKey {
  /** Fingerprint of the public key: five groups of four digits. */
  readonly id: string;
  /** Whose it is, as that person calls themselves. */
  readonly name: string;
  /** 32 bytes, base64. */
  readonly public_key: string;
}

/** A sealed key, keys in the order they are written. */
export interface SealedKey extends PublicKey {
  /** Version of the format. */
  readonly version: 1;
  /** What the key is for. */
  readonly kind: KeyKind;
  /** Opens with the passphrase. */
  readonly passphrase: Slot;
  /** Opens with the recovery code. */
  readonly recovery: Slot;
}

/** Which secret is at hand. */
export type SlotName = "passphrase" | "recovery";

/** Longest name, in characters. */
export const MAX_KEY_NAME = 64;
/** Longest key file that is read, in bytes. */
export const MAX_KEY_FILE: number = 16 * 1024;

/** Groups of digits in the id of a key: 100 bits. */
const ID_GROUPS = 5;

/** A private key that was opened. It lives as long as a `using` block. */
export class OpenKey implements PublicKey, Disposable {
  /** Fingerprint of the public key. */
  readonly id: string;
  /** Whose it is. */
  readonly name: string;
  /** 32 bytes, base64. */
  readonly public_key: string;
  readonly #seed: Uint8Array;

  /**
   * @param name Whose it is
   * @param seed The private key; owned by this object from here on
   */
  constructor(name: string, seed: Uint8Array) {
    const publicKey = publicKeyOf(seed);
    this.#seed = seed;
    this.name = checkKeyName(name);
    this.id = keyId(publicKey);
    this.public_key = publicKey.toBase64();
  }

  /**
   * A new key.
   *
   * @param name Whose it is
   * @returns The key, to be sealed
   * @throws {KairosError} `invalid` for a name that hides something
   */
  static generate(name: string): OpenKey {
    return new OpenKey(name, newSeed());
  }

  /**
   * Signs a text.
   *
   * @param text What is signed
   * @returns 64 bytes, base64
   * @throws {KairosError} `internal` after the key was wiped
   */
  sign(text: string): string {
    if (this.#seed.every((byte) => byte === 0)) {
      throw new KairosError("internal", "Cannot sign: the key is closed");
    }
    return signText(this.#seed, text).toBase64();
  }

  /**
   * Seals the key.
   *
   * @param kind What it is for
   * @param slot Which secret this is
   * @param secret The secret, as bytes
   * @returns The slot
   */
  seal(kind: KeyKind, slot: SlotName, secret: Uint8Array): Promise<Slot> {
    return sealSlot(this.#seed, secret, slotContext(kind, this, slot));
  }

  /** Wipes the private key. */
  [Symbol.dispose](): void {
    wipe(this.#seed);
  }

  /** The public part only, whoever prints the object. */
  toJSON(): PublicKey {
    return { id: this.id, name: this.name, public_key: this.public_key };
  }
}

/**
 * Seals a key under both secrets.
 *
 * @param key The key
 * @param secrets Passphrase and recovery code, as bytes
 * @returns What is kept
 */
export async function sealKey(
  key: OpenKey,
  secrets: Readonly<Record<SlotName, Uint8Array>>,
): Promise<SealedKey> {
  const passphrase = await key.seal("approver", "passphrase", secrets.passphrase);
  const recovery = await key.seal("approver", "recovery", secrets.recovery);
  return { version: 1, kind: "approver", ...key.toJSON(), passphrase, recovery };
}

/**
 * Opens a sealed key.
 *
 * @param sealed The sealed key
 * @param slot Which secret is given
 * @param secret The secret, as bytes
 * @returns The key, to be closed by the caller
 * @throws {KairosError} `refused`, always with the same words, when it does not open
 *
 * @example
 * ```ts
 * import { OpenKey, openSealedKey, sealKey } from "./sealed_key.ts";
 *
 * const bytes = (text: string) => new TextEncoder().encode(text);
 * using key = OpenKey.generate("Ada");
 * const sealed = await sealKey(key, { passphrase: bytes("one secret"), recovery: bytes("another") });
 * using again = await openSealedKey(sealed, "recovery", bytes("another"));
 * if (again.sign("yes") !== key.sign("yes")) throw new Error("another key came out");
 * ```
 */
export async function openSealedKey(
  sealed: SealedKey,
  slot: SlotName,
  secret: Uint8Array,
): Promise<OpenKey> {
  const context = slotContext(sealed.kind, sealed, slot);
  const seed = await openSlot(sealed[slot], KEY_BYTES, secret, context);
  if (seed !== null) {
    const key = new OpenKey(sealed.name, seed);
    if (key.public_key === sealed.public_key) return key;
    key[Symbol.dispose]();
  }
  const what = slot === "passphrase" ? "passphrase" : "recovery code";
  throw new KairosError("refused", `Cannot open the key: the ${what} does not fit`, {
    hint: slot === "passphrase"
      ? "Try again; `kairos approver recover` sets a new one with the recovery code"
      : "Check that the code belongs to this key",
  });
}

/**
 * Reads a sealed key, strictly.
 *
 * @param bytes The file
 * @returns The sealed key
 * @throws {KairosError} `invalid`, naming what is wrong and nothing of the content
 */
export function parseSealedKey(bytes: Uint8Array): SealedKey {
  let value: unknown = null;
  try {
    if (bytes.length <= MAX_KEY_FILE) {
      value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    }
  } catch {
    // Told below.
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw bytes.length === 0
      ? broken("it is empty", "Remove it: making the key was interrupted")
      : broken("it is no JSON object");
  }
  const fields = value as Record<string, unknown>;
  if (fields.version !== 1) throw broken("it has another version");
  if (fields.kind !== "approver") throw broken("it is no key of an approver");
  const key = asPublicKey(fields);
  if (typeof key === "string") throw broken(key);
  const [passphrase, recovery] = [asSlot(fields.passphrase), asSlot(fields.recovery)];
  if (typeof passphrase === "string") throw broken(passphrase);
  if (typeof recovery === "string") throw broken(recovery);
  return { version: 1, kind: "approver", ...key, passphrase, recovery };
}

/**
 * Reads the public part of a key from parsed JSON, strictly.
 *
 * @param value Parsed JSON
 * @returns The public part, or what is wrong with it
 */
export function asPublicKey(value: unknown): PublicKey | string {
  if (value === null || typeof value !== "object") return "there is no key";
  const { id, name, public_key } = value as Record<string, unknown>;
  if (!isBase64(public_key, KEY_BYTES)) return "the public key is not 32 bytes of base64";
  const bytes = Uint8Array.fromBase64(public_key);
  if (!isPublicKey(bytes)) return "the public key is none that may be used";
  if (id !== keyId(bytes)) return "the id is not that of the public key";
  if (typeof name !== "string" || !isKeyName(name)) return "the name is empty, long or hidden";
  return { id, name, public_key };
}

/**
 * The id of a key.
 *
 * @param publicKey 32 bytes
 * @returns Five groups of four digits
 */
export function keyId(publicKey: Uint8Array): string {
  return fingerprintOf(publicKey, ID_GROUPS);
}

function isKeyName(name: string): boolean {
  return name !== "" && [...name].length <= MAX_KEY_NAME && isWellFormed(name) &&
    visible(name) === name && name.trim() === name && !/[|:]/.test(name);
}

function checkKeyName(name: string): string {
  if (isKeyName(name)) return name;
  throw new KairosError("invalid", "Cannot use the name of a key: it is empty, long or hidden", {
    hint: `Take at most ${MAX_KEY_NAME} visible characters, without | and :`,
  });
}

function slotContext(kind: KeyKind, key: PublicKey, slot: SlotName): string {
  return `kairos-key-v1|${kind}|${key.id}|${key.public_key}|${slot}`;
}

function broken(found: string, hint = "Bring it back from a copy"): KairosError {
  return new KairosError("invalid", `Cannot use the key file: ${found}`, { hint });
}
