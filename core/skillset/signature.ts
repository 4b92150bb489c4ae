/**
 * Who vouches for a package: an Ed25519 signature in its envelope.
 *
 * ```json
 * "package_signature": {"alg":"Ed25519","key":"<32 bytes, base64>","sig":"<64 bytes, base64>"}
 * ```
 *
 * See `kairos_formats/skillsets.md#signatures`.
 *
 * @module
 */

import type { Config } from "../config/config.ts";
import type { Disk } from "../disk/mod.ts";
import { digitValues, groupedDigits } from "../keys/base32.ts";
import { isPublicKey, isSignature, KEY_BYTES, SIGNATURE_BYTES } from "../keys/ed25519.ts";
import { keyId } from "../keys/sealed_key.ts";
import { SigningKey } from "../keys/signing_key.ts";
import { isBase64 } from "../keys/slot.ts";
import { PackageRefusedError } from "./refusal.ts";

/** The only algorithm there is. */
const ALGORITHM = "Ed25519";

/** A signature as the envelope carries it, keys in the order they are written. */
export interface PackageSignature {
  /** The algorithm. */
  readonly alg: typeof ALGORITHM;
  /** The public key, 32 bytes, base64. */
  readonly key: string;
  /** The signature, 64 bytes, base64. */
  readonly sig: string;
}

/** What is signed. */
export interface SignedFacts {
  /** Name of the SkillSet. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** Its content hash. */
  readonly contentHash: string;
  /** SHA-256 of the archive as it travels, packed. */
  readonly archiveHash: string;
}

/** Vouches for a package. */
export type Signer = (facts: SignedFacts) => PackageSignature;

/** A signature that was kept, with what it needs to be verified again. */
export interface KeptSignature extends Omit<SignedFacts, "name"> {
  /** The public key, 32 bytes, base64. */
  readonly key: string;
  /** The signature, 64 bytes, base64. */
  readonly sig: string;
}

/** The settings about signatures. */
export type SigningConfig = Pick<Config, "exchange.require_signature" | "exchange.trusted_keys">;

/** Which signatures are asked for. */
export interface SignaturePolicy {
  /** Whether every package must be signed. */
  readonly required: boolean;
  /** Fingerprints of the only keys that count; empty for all. */
  readonly trusted: readonly string[];
}

/** What a signature is worth. */
export interface SignatureReport {
  /** Fingerprint of the key, or `null` when there is no key in it. */
  readonly id: string | null;
  /** The public key, or `null`. */
  readonly key: string | null;
  /**
   * `valid`: it is about this content; `other_content`: it is good, and the content is not what was
   * signed; `invalid`: it does not verify.
   */
  readonly verdict: "valid" | "other_content" | "invalid";
  /** Whether the settings name the key; `null` when they name none. */
  readonly trusted: boolean | null;
}

/**
 * Which signatures the settings ask for.
 *
 * @param config The settings
 * @returns What is asked for
 */
export function policyOf(config: SigningConfig): SignaturePolicy {
  return {
    required: config["exchange.require_signature"],
    trusted: config["exchange.trusted_keys"],
  };
}

/**
 * The text that is signed. No part of it can hold a `|`.
 *
 * @param facts What it is about
 * @returns `mmp-package-v1|name|version|content hash|archive hash`
 */
export function signedText({ name, version, contentHash, archiveHash }: SignedFacts): string {
  return ["mmp-package-v1", name, version, contentHash, archiveHash].join("|");
}

/**
 * Signs a package.
 *
 * @param key The key of this instance
 * @param facts What is signed
 * @returns The signature
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { SigningKey } from "../keys/signing_key.ts";
 * import { checkSignature, signFacts } from "./signature.ts";
 *
 * const root = Deno.makeTempDirSync();
 * using key = SigningKey.make(new Disk(), root);
 * const hash = "0".repeat(64);
 * const facts = { name: "notes", version: "1.0", contentHash: hash, archiveHash: hash };
 * const signature = signFacts(key, facts);
 * if (checkSignature(signature, facts)?.key !== key.publicKey) throw new Error("it was signed");
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export function signFacts(key: SigningKey, facts: SignedFacts): PackageSignature {
  return { alg: ALGORITHM, key: key.publicKey, sig: key.sign(signedText(facts)) };
}

/**
 * Signs with the key of an instance. A package is signed when all of it has been written; whether it can
 * be is known before, and the key is in memory for no longer than it takes.
 *
 * @param disk The disk
 * @param root The data directory
 * @returns What signs
 * @throws {KairosError} As `SigningKey.open`
 */
export function signerOf(disk: Disk, root: string): Signer {
  const open = () => SigningKey.open(disk, root);
  open()[Symbol.dispose]();
  return (facts) => {
    using key = open();
    return signFacts(key, facts);
  };
}

/**
 * Verifies the signature of an envelope, strictly: one encoding of every part, no key under which
 * anything verifies, and no other algorithm, since what we cannot verify must not pass for unsigned.
 *
 * @param value The field as it came; `null` when there is none
 * @param facts What must have been signed
 * @returns The signature, or `null` when there is none
 * @throws {PackageRefusedError} `bad_signature`
 */
export function checkSignature(value: unknown, facts: SignedFacts): PackageSignature | null {
  if (value === null) return null;
  const signature = asSignature(value);
  if (typeof signature === "string") throw refused(signature);
  if (verifies(signature, facts)) return signature;
  throw refused(`not signed by ${idOf(signature.key)}`);
}

/**
 * Holds a package to the settings.
 *
 * @param signature Its signature, verified; `null` when there is none
 * @param policy What is asked for
 * @throws {PackageRefusedError} `not_signed`, `untrusted_key`
 */
export function judgeSigner(
  signature: Pick<PackageSignature, "key"> | null,
  { required, trusted }: SignaturePolicy,
): void {
  if (signature === null) {
    if (required || trusted.length > 0) throw new PackageRefusedError("not_signed");
  } else if (isTrusted(signature.key, trusted) === false) {
    throw new PackageRefusedError("untrusted_key", undefined, idOf(signature.key));
  }
}

/**
 * Whether a value has the form of a kept signature; what is in it shows when it is verified.
 *
 * @param value Any value
 * @returns `true` when each of its parts is a text
 */
export function isKeptSignature(value: unknown): value is KeptSignature {
  if (typeof value !== "object" || value === null) return false;
  const parts = value as Readonly<Record<string, unknown>>;
  return ["key", "sig", "version", "contentHash", "archiveHash"]
    .every((part) => typeof parts[part] === "string");
}

/**
 * What a kept signature says about a SkillSet as it is now.
 *
 * @param kept The signature as it was kept
 * @param present Name of the SkillSet, and its content hash now
 * @param trusted Fingerprints of the keys the settings name
 * @returns What it is worth
 */
export function reportSignature(
  kept: KeptSignature,
  present: { readonly name: string; readonly contentHash: string | null },
  trusted: readonly string[],
): SignatureReport {
  const signature = asSignature({ ...kept, alg: ALGORITHM });
  if (typeof signature === "string") {
    return { id: null, key: null, verdict: "invalid", trusted: isTrusted("", trusted) };
  }
  const isGood = verifies(signature, { ...kept, name: present.name });
  const isSame = kept.contentHash === present.contentHash;
  return {
    id: idOf(signature.key),
    key: signature.key,
    verdict: !isGood ? "invalid" : isSame ? "valid" : "other_content",
    trusted: isTrusted(signature.key, trusted),
  };
}

/** Reads a signature, or says what is wrong with it. */
function asSignature(value: unknown): PackageSignature | string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "it is no object";
  const { alg, key, sig } = value as Record<string, unknown>;
  if (alg !== ALGORITHM) return `its algorithm is not ${ALGORITHM}`;
  if (!isBase64(key, KEY_BYTES)) return `its key is not ${KEY_BYTES} bytes of base64`;
  if (!isBase64(sig, SIGNATURE_BYTES)) return `it is not ${SIGNATURE_BYTES} bytes of base64`;
  if (!isPublicKey(Uint8Array.fromBase64(key))) return "its key is none that may be used";
  return { alg, key, sig };
}

function verifies({ key, sig }: PackageSignature, facts: SignedFacts): boolean {
  return isSignature(Uint8Array.fromBase64(key), signedText(facts), Uint8Array.fromBase64(sig));
}

function idOf(key: string): string {
  return keyId(Uint8Array.fromBase64(key));
}

function isTrusted(key: string, trusted: readonly string[]): boolean | null {
  if (trusted.length === 0) return null;
  if (key === "") return false;
  const id = idOf(key);
  return trusted.some((one) => groupedDigits(digitValues(one) ?? []) === id);
}

function refused(detail: string): PackageRefusedError {
  return new PackageRefusedError("bad_signature", undefined, detail);
}
