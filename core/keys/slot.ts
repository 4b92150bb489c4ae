/**
 * One way to open a sealed key: a secret, what is derived from it, and the key encrypted under that.
 *
 * ```json
 * {"kdf":{"name":"scrypt","N":131072,"r":8,"p":1,"salt":"…"},
 *  "cipher":{"name":"aes-256-gcm","nonce":"…"},"sealed":"…"}
 * ```
 *
 * See `kairos_formats/approvers.md#key-file`.
 *
 * @module
 */

import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import { wipe } from "./passphrase.ts";

/** A sealed copy of a key. */
export interface Slot {
  /** How the encryption key is derived from the secret. */
  readonly kdf: {
    readonly name: "scrypt";
    /** Cost, a power of two from {@linkcode MIN_COST} to {@linkcode MAX_COST}. */
    readonly N: number;
    readonly r: 8;
    readonly p: 1;
    /** 32 bytes, base64. */
    readonly salt: string;
  };
  /** How the key is encrypted. */
  readonly cipher: {
    readonly name: "aes-256-gcm";
    /** 12 bytes, base64. */
    readonly nonce: string;
  };
  /** The encrypted key and 16 bytes that authenticate it, base64. */
  readonly sealed: string;
}

/** Least cost of the derivation: 128 MiB and about half a second. */
export const MIN_COST: number = 2 ** 17;
/** Greatest cost a file can ask for: 512 MiB. */
export const MAX_COST: number = 2 ** 19;

const BLOCK = 8;
const SALT_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = "aes-256-gcm";

/**
 * Seals a key under a secret, with a salt and a nonce of its own.
 *
 * @param key The private key, as bytes
 * @param secret Passphrase or recovery code, as bytes
 * @param context What the slot belongs to; opening it with another context fails
 * @returns The slot
 *
 * @example
 * ```ts
 * import { openSlot, sealSlot } from "./slot.ts";
 *
 * const bytes = (text: string) => new TextEncoder().encode(text);
 * const slot = await sealSlot(new Uint8Array(32), bytes("four words of secret"), "a key");
 * const wrong = await openSlot(slot, 32, bytes("four words of regret"), "a key");
 * if (wrong !== null) throw new Error("another secret opened it");
 * ```
 */
export async function sealSlot(
  key: Uint8Array,
  secret: Uint8Array,
  context: string,
): Promise<Slot> {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const derived = await derive(secret, salt, MIN_COST);
  try {
    const cipher = createCipheriv(CIPHER, derived, nonce);
    cipher.setAAD(new TextEncoder().encode(context));
    const parts = [cipher.update(key), cipher.final(), cipher.getAuthTag()];
    const sealed = new Uint8Array(key.length + TAG_BYTES);
    let at = 0;
    for (const part of parts) {
      sealed.set(part, at);
      at += part.length;
    }
    return {
      kdf: { name: "scrypt", N: MIN_COST, r: BLOCK, p: 1, salt: salt.toBase64() },
      cipher: { name: CIPHER, nonce: nonce.toBase64() },
      sealed: sealed.toBase64(),
    };
  } finally {
    wipe(derived);
  }
}

/**
 * Opens a slot.
 *
 * @param slot A slot of {@linkcode asSlot}
 * @param length Bytes of the key
 * @param secret Passphrase or recovery code, as bytes
 * @param context What the slot belongs to
 * @returns The key, to be wiped by the caller; `null` when secret or context is another, or the slot was
 *   changed: which of them it was cannot be told
 */
export async function openSlot(
  slot: Slot,
  length: number,
  secret: Uint8Array,
  context: string,
): Promise<Uint8Array | null> {
  const sealed = Uint8Array.fromBase64(slot.sealed);
  if (sealed.length !== length + TAG_BYTES) return null;
  const derived = await derive(secret, Uint8Array.fromBase64(slot.kdf.salt), slot.kdf.N);
  try {
    const nonce = Uint8Array.fromBase64(slot.cipher.nonce);
    const cipher = createDecipheriv(CIPHER, derived, nonce);
    cipher.setAAD(new TextEncoder().encode(context));
    cipher.setAuthTag(sealed.subarray(length));
    const key = cipher.update(sealed.subarray(0, length));
    try {
      cipher.final();
    } catch {
      wipe(key);
      return null;
    }
    return key;
  } finally {
    wipe(derived);
  }
}

/**
 * Reads a slot from parsed JSON, within bounds: a file cannot make us spend more than
 * {@linkcode MAX_COST}, nor less than {@linkcode MIN_COST}.
 *
 * @param value Parsed JSON
 * @returns The slot, or what is wrong with it
 */
export function asSlot(value: unknown): Slot | string {
  const { kdf, cipher, sealed } = fields(value);
  const { name, N, r, p, salt } = fields(kdf);
  if (name !== "scrypt") return "the key derivation is not scrypt";
  if (typeof N !== "number" || !Number.isInteger(Math.log2(N)) || N < MIN_COST || N > MAX_COST) {
    return `the cost N is no power of two from ${MIN_COST} to ${MAX_COST}`;
  }
  if (r !== BLOCK || p !== 1) return `r and p are not ${BLOCK} and 1`;
  const { name: cipherName, nonce } = fields(cipher);
  if (cipherName !== CIPHER) return `the cipher is not ${CIPHER}`;
  if (!isBase64(salt, SALT_BYTES)) return `the salt is not ${SALT_BYTES} bytes of base64`;
  if (!isBase64(nonce, NONCE_BYTES)) return `the nonce is not ${NONCE_BYTES} bytes of base64`;
  if (!isBase64(sealed)) return "what is sealed is not base64";
  return {
    kdf: { name, N, r: BLOCK, p, salt },
    cipher: { name: cipherName, nonce },
    sealed,
  };
}

/**
 * Whether a value is standard base64 with its padding, in its one canonical form.
 *
 * @param value Any value
 * @param bytes How many bytes it must stand for; any small number unless given
 * @returns `false` for everything else
 */
export function isBase64(value: unknown, bytes?: number): value is string {
  if (typeof value !== "string" || value.length > MAX_BASE64) return false;
  try {
    const decoded = Uint8Array.fromBase64(value, { lastChunkHandling: "strict" });
    return decoded.toBase64() === value && (bytes === undefined || decoded.length === bytes);
  } catch {
    return false;
  }
}

const MAX_BASE64 = 4096;

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" ? value as Record<string, unknown> : {};
}

function derive(secret: Uint8Array, salt: Uint8Array, cost: number): Promise<Uint8Array> {
  const maxmem = 128 * BLOCK * cost + 1024 * 1024;
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, 32, { N: cost, r: BLOCK, p: 1, maxmem }, (error, derived) => {
      if (error === null) resolve(derived);
      else reject(error);
    });
  });
}
