/**
 * Ed25519: making a key, signing, verifying strictly.
 *
 * A public key and the two halves of a signature have one encoding each here; others that some
 * libraries let pass are refused, and so are keys under which anything verifies.
 *
 * @module
 */

import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from "node:crypto";
import { Buffer } from "node:buffer";

/** Bytes of a private key's seed and of a public key. */
export const KEY_BYTES = 32;
/** Bytes of a signature. */
export const SIGNATURE_BYTES = 64;

/** What stands before the 32 bytes in PKCS #8 and in SubjectPublicKeyInfo. */
const PRIVATE_HEAD = Uint8Array.fromHex("302e020100300506032b657004220420");
const PUBLIC_HEAD = Uint8Array.fromHex("302a300506032b6570032100");

/** The field's prime. */
const P = 2n ** 255n - 19n;
/** The order of the base point. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
/** Second coordinates of the points of small order, under which forged signatures verify. */
const SMALL_ORDER: readonly bigint[] = [
  0n,
  1n,
  P - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
];

/** A fresh private key: 32 random bytes. */
export function newSeed(): Uint8Array {
  return randomBytes(KEY_BYTES);
}

/**
 * The public key that goes with a private one.
 *
 * @param seed The private key, 32 bytes
 * @returns 32 bytes
 */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  const key = createPublicKey(privateKey(seed));
  return new Uint8Array(key.export({ format: "der", type: "spki" }).subarray(PUBLIC_HEAD.length));
}

/**
 * Signs a text.
 *
 * @param seed The private key, 32 bytes
 * @param text What is signed, as UTF-8
 * @returns 64 bytes
 */
export function signText(seed: Uint8Array, text: string): Uint8Array {
  return new Uint8Array(sign(null, Buffer.from(text), privateKey(seed)));
}

/**
 * Whether a text was signed with the private key that goes with a public one.
 *
 * @param publicKey 32 bytes
 * @param text What was signed
 * @param signature 64 bytes
 * @returns `false` for anything else, and never an exception
 *
 * @example
 * ```ts
 * import { isSignature, newSeed, publicKeyOf, signText } from "./ed25519.ts";
 *
 * const seed = newSeed();
 * const signature = signText(seed, "yes");
 * if (!isSignature(publicKeyOf(seed), "yes", signature)) throw new Error("it was signed");
 * if (isSignature(publicKeyOf(seed), "no", signature)) throw new Error("that was not signed");
 * ```
 */
export function isSignature(publicKey: Uint8Array, text: string, signature: Uint8Array): boolean {
  if (!isPublicKey(publicKey) || signature.length !== SIGNATURE_BYTES) return false;
  if (littleEndian(signature.subarray(KEY_BYTES)) >= L) return false;
  try {
    const der = Buffer.concat([PUBLIC_HEAD, publicKey]);
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    return verify(null, Buffer.from(text), key, signature);
  } catch {
    return false;
  }
}

/**
 * Whether bytes can be somebody's public key: the one encoding of a point that is not of small order.
 *
 * @param bytes Any bytes
 * @returns `false` for what must not be accepted
 */
export function isPublicKey(bytes: Uint8Array): boolean {
  if (bytes.length !== KEY_BYTES) return false;
  const y = littleEndian(bytes) & (2n ** 255n - 1n);
  return y < P && !SMALL_ORDER.includes(y);
}

function privateKey(seed: Uint8Array): ReturnType<typeof createPrivateKey> {
  const der = Buffer.concat([PRIVATE_HEAD, seed]);
  try {
    return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  } finally {
    der.fill(0);
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${new Uint8Array(bytes).reverse().toHex()}`);
}
