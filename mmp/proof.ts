/**
 * The proof that who introduces itself holds its key, here and now. A signed identity can be copied by
 * anybody; a proof is made for one asker, of one random word, and for a few minutes. See
 * `kairos_formats/meeting.md#proof`.
 *
 * @module
 */

import { isRsaSignature, type RsaPublicKey } from "../core/keys/rsa.ts";
import { quote } from "../core/text.ts";
import type { OwnIdentity } from "./identity.ts";
import { isWireMap, textAt, type Wire } from "./wire_json.ts";
import { isWireTime, wireTime } from "./wire_time.ts";

/**
 * Who proves: the one that answers a question, or the one that introduces itself. What is signed differs,
 * so that an answer, which anybody can ask for, is no introduction elsewhere.
 */
export type ProofRole = "answer" | "introduce";

/** A proof as it is sent. */
export interface Proof {
  /** The word of the other side. */
  readonly nonce: string;
  /** The instance id of the other side; empty when it did not say one. */
  readonly aud: string;
  /** When, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly ts: string;
  /** The signature, base64. */
  readonly signature: string;
}

/** What a proof is about. */
export interface ProofTerms {
  /** Who proves. */
  readonly role: ProofRole;
  /** The word of the other side. */
  readonly nonce: string;
  /** The instance id of the other side. */
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** How far two clocks may be apart, in milliseconds. */
export const PROOF_WINDOW = 5 * 60 * 1000;

const NONCE = /^[A-Za-z0-9_-]{16,128}$/;
const AUDIENCE = /^[A-Za-z0-9_.:@-]{0,128}$/;

/**
 * Whether a text may be signed as a nonce.
 *
 * @param text Any value
 * @returns `true` for 16 to 128 letters, digits, `_` and `-`
 */
export function isNonce(text: unknown): text is string {
  return typeof text === "string" && NONCE.test(text);
}

/**
 * Whether a text may be signed as an audience.
 *
 * @param text Any value
 * @returns `true` for an instance id, and for nothing at all
 */
export function isAudience(text: unknown): text is string {
  return typeof text === "string" && AUDIENCE.test(text);
}

/**
 * Proves to another instance that we hold our key.
 *
 * @param own Who we are
 * @param terms To whom, of which word, when
 * @returns The proof
 * @throws {TypeError} For a nonce or an audience that must not be signed
 */
export function makeProof(own: OwnIdentity, terms: ProofTerms): Proof {
  const { role, nonce, audience, now } = terms;
  if (!isNonce(nonce) || !isAudience(audience)) throw new TypeError("Cannot sign these terms");
  const ts = wireTime(now);
  const signature = own.sign(proofText(role, nonce, audience, ts, own.publicKey));
  return { nonce, aud: audience, ts, signature };
}

/**
 * What is wrong with another instance's proof.
 *
 * @param proof What it sent
 * @param key The key of its introduction
 * @param terms What was asked for; our id is the audience
 * @returns What is wrong, or `null` when it holds
 */
export function proofProblem(
  proof: Wire | undefined,
  key: RsaPublicKey,
  terms: ProofTerms,
): string | null {
  if (!isWireMap(proof)) return "there is no proof";
  const { role, nonce, audience, now } = terms;
  const [sent, aud, ts] = ["nonce", "aud", "ts"].map((field) => textAt(proof, field));
  if (sent !== nonce) return "the proof is of another nonce";
  if (aud !== audience) return `the proof was made for ${quote(aud)}`;
  if (!isWireTime(ts)) return "the proof says no time";
  if (!(Math.abs(Date.parse(ts) - now) <= PROOF_WINDOW)) return "the proof is of another time";
  const text = proofText(role, nonce, audience, ts, key);
  const signed = isRsaSignature(key, text, proof.get("signature"));
  return signed ? null : "the proof is not signed by that key";
}

function proofText(
  role: ProofRole,
  nonce: string,
  audience: string,
  ts: string,
  key: RsaPublicKey,
): string {
  return `mmp-proof-v1|${role}|${nonce}|${audience}|${ts}|${key.spki}`;
}
