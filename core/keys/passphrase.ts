/**
 * Passphrases as bytes that can be wiped.
 *
 * @module
 */

import { KairosError } from "../errors.ts";

/** Fewest characters of a passphrase. */
export const MIN_PASSPHRASE = 12;
/** Most bytes of a passphrase. */
export const MAX_PASSPHRASE = 1024;

/**
 * What is derived from when somebody types a passphrase: its UTF-8 in Normalization Form C, so that the
 * same characters count as the same whatever keyboard they came from. The given bytes are wiped.
 *
 * @param typed What was typed, as UTF-8
 * @returns The bytes, to be wiped by the caller
 * @throws {KairosError} `invalid` for what is no UTF-8 or too long; the passphrase is not in it
 */
export function passphraseBytes(typed: Uint8Array): Uint8Array {
  try {
    if (typed.length <= MAX_PASSPHRASE) {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(typed);
      return new TextEncoder().encode(text.normalize("NFC"));
    }
  } catch {
    // Told below, without the bytes.
  } finally {
    wipe(typed);
  }
  throw new KairosError(
    "invalid",
    `Cannot use the passphrase: it must be UTF-8 text of at most ${MAX_PASSPHRASE} bytes`,
  );
}

/**
 * Refuses a new passphrase that is guessed too soon.
 *
 * @param passphrase Bytes of {@linkcode passphraseBytes}
 * @throws {KairosError} `invalid`; the passphrase is not in it
 *
 * @example
 * ```ts
 * import { checkNewPassphrase, passphraseBytes } from "./passphrase.ts";
 *
 * const typed = new TextEncoder().encode("correct horse battery");
 * checkNewPassphrase(passphraseBytes(typed));
 * if (typed.some((byte) => byte !== 0)) throw new Error("what was typed is still there");
 * ```
 */
export function checkNewPassphrase(passphrase: Uint8Array): void {
  const characters = [...new TextDecoder().decode(passphrase)];
  const few = characters.length < MIN_PASSPHRASE;
  if (!few && new Set(characters).size >= MIN_PASSPHRASE / 3) return;
  throw new KairosError(
    "invalid",
    few
      ? `Cannot use the passphrase: it has fewer than ${MIN_PASSPHRASE} characters`
      : "Cannot use the passphrase: it repeats too few characters",
    { hint: "Take four or more words that do not belong together" },
  );
}

/**
 * Overwrites secret bytes. The runtime may have moved copies of them about; this takes away the one
 * that is left for certain.
 *
 * @param secrets The bytes
 */
export function wipe(...secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}
