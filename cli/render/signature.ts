/**
 * Signatures of packages, for programs and for people.
 *
 * @module
 */

import type { SignatureReport } from "../../core/skillset/signature.ts";

const VERDICTS: Readonly<Record<SignatureReport["verdict"], string>> = {
  valid: "verifies",
  other_content: "verifies, but other content was signed",
  invalid: "does NOT verify",
};

/**
 * A signature for programs.
 *
 * @param signature What it is worth, or `null` for none
 * @returns Plain data, keys in snake case
 */
export function signatureJson(signature: SignatureReport | null): SignatureReport | null {
  return signature;
}

/**
 * A signature as labels and values.
 *
 * @param signature What it is worth, or `null` for none
 * @returns The pairs
 */
export function signaturePairs(
  signature: SignatureReport | null,
): (readonly [label: string, value: string])[] {
  if (signature === null) return [["Signed by", "nobody"]];
  const { id, verdict, trusted } = signature;
  const known = trusted === null ? "" : trusted ? "; a trusted key" : "; NOT a trusted key";
  return [["Signed by", `${id ?? "an unreadable key"}: ${VERDICTS[verdict]}${known}`]];
}
