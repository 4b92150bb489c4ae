/**
 * Who gave an entry. That somebody holds a key is proven for a moment and can be passed on by whoever stands
 * between two instances; what is signed with the key is its owner's, whichever way it came. See
 * `kairos_formats/meeting.md#offers`.
 *
 * @module
 */

import { isRsaSignature, type RsaPublicKey } from "../core/keys/rsa.ts";
import type { OwnIdentity } from "./identity.ts";

/** An entry as it is signed. */
export interface SignedSkill {
  /** Its name. */
  readonly name: string;
  /** SHA-256 of its document. */
  readonly hash: string;
}

/**
 * Signs an entry that is handed out.
 *
 * @param own Who hands it out
 * @param skill The entry
 * @returns The signature, base64
 */
export function signSkill(
  own: Pick<OwnIdentity, "publicKey" | "sign">,
  skill: SignedSkill,
): string {
  return own.sign(signedText(own.publicKey, skill));
}

/**
 * Whether an entry was signed with a key.
 *
 * @param key The key
 * @param skill The entry
 * @param signature What came with it
 * @returns `false` also when nothing did
 *
 * @example
 * ```ts
 * import { newRsaKey, RsaKey } from "../core/keys/rsa.ts";
 * import { isSignedSkill, signSkill } from "./skill_signature.ts";
 *
 * const key = RsaKey.open(await newRsaKey());
 * if (typeof key === "string") throw new Error(key);
 * const { publicKey } = key;
 * const tip = { name: "tip", hash: "0".repeat(64) };
 * const signature = signSkill({ publicKey, sign: (text) => key.sign(text) }, tip);
 * if (!isSignedSkill(publicKey, tip, signature)) throw new Error("not its own");
 * if (isSignedSkill(publicKey, { ...tip, name: "top" }, signature)) throw new Error("another one");
 * ```
 */
export function isSignedSkill(key: RsaPublicKey, skill: SignedSkill, signature: unknown): boolean {
  return isRsaSignature(key, signedText(key, skill), signature);
}

function signedText({ spki }: RsaPublicKey, { name, hash }: SignedSkill): string {
  // The name is the last, because it may hold anything.
  return `mmp-skill-v1|${spki}|${hash}|${name}`;
}
