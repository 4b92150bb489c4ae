/**
 * Signatures of approvers, and how many of them count.
 *
 * @module
 */

import { isSignature, SIGNATURE_BYTES } from "../keys/ed25519.ts";
import type { PublicKey } from "../keys/sealed_key.ts";
import { isBase64 } from "../keys/slot.ts";

/** A signature. */
export interface Signature {
  /** Id of the key. */
  readonly key: string;
  /** 64 bytes, base64. */
  readonly signature: string;
}

/** A key that can sign. */
export interface Signer extends PublicKey {
  /**
   * Signs a text.
   *
   * @param text What is signed
   * @returns 64 bytes, base64
   */
  sign(text: string): string;
}

/** Whose signatures hold. */
export interface Signers {
  /** The keys, each once. */
  readonly signers: readonly PublicKey[];
  /** What was passed over, one sentence each without a trailing period. */
  readonly notes: readonly string[];
}

/** Most signatures under one text. */
export const MAX_SIGNATURES = 64;
const ID = /^[0-9A-HJKMNP-TV-Z-]{1,40}$/;

/**
 * Reads a list of signatures from parsed JSON, strictly.
 *
 * @param value Parsed JSON
 * @returns The signatures, or `null` when it is anything else
 */
export function asSignatures(value: unknown): readonly Signature[] | null {
  if (!Array.isArray(value) || value.length > MAX_SIGNATURES) return null;
  const signatures: Signature[] = [];
  for (const one of value) {
    if (one === null || typeof one !== "object") return null;
    const { key, signature } = one as Record<string, unknown>;
    if (typeof key !== "string" || !ID.test(key)) return null;
    if (!isBase64(signature, SIGNATURE_BYTES)) return null;
    signatures.push({ key, signature });
  }
  return signatures;
}

/**
 * The keys that have signed a text. A key counts once however often it signed.
 *
 * @param text What was signed
 * @param signatures The signatures
 * @param keys Keys that may sign
 * @returns The keys whose signatures hold, and what was passed over
 */
export function countSigners(
  text: string,
  signatures: readonly Signature[],
  keys: readonly PublicKey[],
): Signers {
  const signers: PublicKey[] = [];
  const notes: string[] = [];
  for (const { key: id, signature } of signatures.slice(0, MAX_SIGNATURES)) {
    const key = keys.find((one) => one.id === id);
    if (key === undefined) {
      notes.push(`A signature of ${id} is passed over: the set has no such key`);
    } else if (signers.includes(key)) notes.push(`A second signature of ${id} is passed over`);
    else if (!holds(key, text, signature)) notes.push(`The signature of ${id} does not hold`);
    else signers.push(key);
  }
  return { signers, notes };
}

function holds({ public_key }: PublicKey, text: string, signature: string): boolean {
  if (!isBase64(signature, SIGNATURE_BYTES)) return false;
  return isSignature(Uint8Array.fromBase64(public_key), text, Uint8Array.fromBase64(signature));
}
