/**
 * RSA keys of the Model Meeting Protocol: 2048 bits or more, PKCS #1 v1.5 with SHA-256. See
 * `kairos_formats/meeting.md#identity`.
 *
 * @module
 */

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  hash,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { Buffer } from "node:buffer";

/** Bits of the keys we make, and the least that is accepted. */
export const RSA_BITS = 2048;
/** Most bits that are accepted: verifying takes longer with every one of them. */
const MAX_BITS = 8192;
/** Longest text of a public key that is looked at. */
const MAX_PEM = 4096;

/** A public key that may be used. */
export interface RsaPublicKey {
  /** Its text: SubjectPublicKeyInfo, 64 columns, a newline at the end. */
  readonly pem: string;
  /** SHA-256 of its DER, 64 hexadecimal digits. */
  readonly spki: string;
  /** The first half of that, in pairs with colons; for people to compare. */
  readonly fingerprint: string;
}

/**
 * Makes a private key.
 *
 * @returns PKCS #1 as PEM
 */
export function newRsaKey(): Promise<string> {
  return new Promise((resolve, reject) => {
    generateKeyPair("rsa", { modulusLength: RSA_BITS }, (error, _public, key) => {
      if (error === null) resolve(String(key.export({ format: "pem", type: "pkcs1" })));
      else reject(error);
    });
  });
}

/** A private key that was opened. It never shows itself. */
export class RsaKey {
  /** What goes with it, for everybody. */
  readonly publicKey: RsaPublicKey;
  readonly #key: KeyObject;

  private constructor(key: KeyObject, publicKey: RsaPublicKey) {
    this.#key = key;
    this.publicKey = publicKey;
  }

  /**
   * Opens a private key.
   *
   * @param pem PKCS #1 or PKCS #8 as PEM, not encrypted
   * @returns The key, or what is wrong with it
   *
   * @example
   * ```ts
   * import { isRsaSignature, newRsaKey, RsaKey } from "./rsa.ts";
   *
   * const key = RsaKey.open(await newRsaKey());
   * if (typeof key === "string") throw new Error(key);
   * if (!isRsaSignature(key.publicKey, "hello", key.sign("hello"))) throw new Error("not signed");
   * ```
   */
  static open(pem: string): RsaKey | string {
    let key: KeyObject;
    try {
      key = createPrivateKey(pem);
    } catch {
      return "it is no private key";
    }
    const publicKey = judge(createPublicKey(key));
    return typeof publicKey === "string" ? publicKey : new RsaKey(key, publicKey);
  }

  /**
   * Signs a text.
   *
   * @param text What is signed, as UTF-8
   * @returns The signature, base64
   */
  sign(text: string): string {
    return sign("sha256", Buffer.from(text), this.#key).toString("base64");
  }
}

/**
 * Reads somebody's public key.
 *
 * @param pem What was sent as the key
 * @returns The key, or why it is not accepted
 */
export function readRsaPublicKey(pem: unknown): RsaPublicKey | string {
  if (typeof pem !== "string") return "there is no public key";
  if (pem.length > MAX_PEM || !PUBLIC_PEM.test(pem)) return "the public key is no PEM";
  try {
    return judge(createPublicKey(pem));
  } catch {
    return "the public key cannot be read";
  }
}

/**
 * Reads a public key that was accepted before and kept as `pem` has it. Opening a key takes so long that
 * a list of a thousand of them would keep everybody waiting; to compare them that is not needed.
 *
 * @param pem What was kept
 * @returns The key, or what is wrong with it
 */
export function keptRsaPublicKey(pem: unknown): RsaPublicKey | string {
  const text = typeof pem === "string" ? KEPT_PEM.exec(pem)?.[1] : undefined;
  if (text === undefined) return readRsaPublicKey(pem);
  const der = Buffer.from(text, "base64");
  // A sequence whose length is told in two bytes, and all of it: so begins every key that is accepted.
  const isWhole = der.readUInt16BE(0) === 0x3082 && der.readUInt16BE(2) === der.length - 4;
  return isWhole ? publicKey(String(pem), der) : "the public key cannot be read";
}

/**
 * Whether a text was signed with the private key that goes with a public one.
 *
 * @param key The public key
 * @param text What was signed
 * @param signature The signature, strict base64
 * @returns `false` for anything else, and never an exception
 */
export function isRsaSignature(key: RsaPublicKey, text: string, signature: unknown): boolean {
  if (typeof signature !== "string" || signature.length > MAX_PEM) return false;
  try {
    const bytes = Uint8Array.fromBase64(signature, { lastChunkHandling: "strict" });
    if (bytes.toBase64() !== signature) return false;
    return verify("sha256", Buffer.from(text), createPublicKey(key.pem), bytes);
  } catch {
    return false;
  }
}

/** Only a public key: a private one, or a certificate, would be read as well. */
const PUBLIC_PEM =
  /^\s*-----BEGIN (?:RSA )?PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END (?:RSA )?PUBLIC KEY-----\s*$/;

/** The form in which `pem` is made. */
const KEPT_PEM =
  /^-----BEGIN PUBLIC KEY-----\n((?:[A-Za-z0-9+/]{64}\n){5,60}[A-Za-z0-9+/=]{0,64})\n?-----END PUBLIC KEY-----\n$/;

function judge(key: KeyObject): RsaPublicKey | string {
  if (key.asymmetricKeyType !== "rsa") return "the public key is not RSA";
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < RSA_BITS) return `the public key has ${bits} bits, at least ${RSA_BITS} are needed`;
  if (bits > MAX_BITS) return `the public key has ${bits} bits, at most ${MAX_BITS} are accepted`;
  // Under an exponent of one every number is its own signature.
  if ((key.asymmetricKeyDetails?.publicExponent ?? 0n) < 3n) return "the public key signs nothing";
  const der = key.export({ format: "der", type: "spki" });
  return publicKey(String(key.export({ format: "pem", type: "spki" })), der);
}

function publicKey(pem: string, der: Buffer): RsaPublicKey {
  const spki = hash("sha256", der, "hex");
  return { pem, spki, fingerprint: spki.slice(0, 32).match(/../g)!.join(":") };
}
