/**
 * Asking for passphrases and recovery codes: on a terminal only, never from a pipe, an argument or the
 * environment, where other programs could read or give them.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import { checkNewPassphrase, passphraseBytes, wipe } from "../core/keys/passphrase.ts";
import { newRecoveryCode, recoverySecret } from "../core/keys/recovery_code.ts";
import { type OpenKey, type SealedKey, sealKey } from "../core/keys/sealed_key.ts";
import { visible } from "../core/text.ts";
import type { CliContext } from "./context.ts";

/** Tries at typing the same new passphrase twice. */
const TRIES = 3;

/**
 * Refuses to go on where no person can be asked for a passphrase.
 *
 * @param context Streams
 * @throws {KairosError} `refused`
 */
export function requireTerminal({ io }: CliContext): void {
  if (io.stdin.isTerminal && io.stderr.isTerminal) return;
  throw new KairosError("refused", "Cannot ask for a passphrase: this is no terminal", {
    hint: "Run it yourself in a terminal; a passphrase is never read from a pipe or an argument",
  });
}

/**
 * Asks for a passphrase.
 *
 * @param context Streams
 * @param question What is asked, without a colon
 * @returns Its bytes, to be wiped by the caller
 * @throws {KairosError} `refused` without a terminal or an answer, `invalid`
 */
export async function askPassphrase(context: CliContext, question: string): Promise<Uint8Array> {
  return passphraseBytes(await askUnseen(context, question));
}

/**
 * Asks twice for a new passphrase.
 *
 * @param context Streams
 * @returns Its bytes, to be wiped by the caller
 * @throws {KairosError} `refused` without a terminal or an answer, `invalid` for one that is too weak or
 *   was not typed the same twice
 */
export async function askNewPassphrase(context: CliContext): Promise<Uint8Array> {
  for (let left = TRIES; left > 0; left--) {
    const passphrase = await askPassphrase(context, "New passphrase");
    try {
      checkNewPassphrase(passphrase);
      const again = await askPassphrase(context, "The same again");
      const isSame = passphrase.length === again.length &&
        passphrase.every((byte, at) => byte === again[at]);
      wipe(again);
      if (isSame) return passphrase.slice();
    } finally {
      wipe(passphrase);
    }
    context.io.stderr.write("They differ.\n");
  }
  throw new KairosError("invalid", "Cannot set the passphrase: it was not typed the same twice");
}

/**
 * Asks for a recovery code.
 *
 * @param context Streams
 * @returns The secret in it, to be wiped by the caller
 * @throws {KairosError} `refused` without a terminal or an answer, `invalid` at a typing error
 */
export async function askRecoveryCode(context: CliContext): Promise<Uint8Array> {
  const typed = await askUnseen(context, "Recovery code");
  try {
    return recoverySecret(new TextDecoder().decode(typed));
  } finally {
    wipe(typed);
  }
}

/**
 * Seals a key under a passphrase that is asked for and a fresh recovery code.
 *
 * @param context Streams
 * @param key The key
 * @returns The sealed key, and the code: to be shown once the key is kept
 * @throws {KairosError} those of {@linkcode askNewPassphrase}
 */
export async function sealAnew(
  context: CliContext,
  key: OpenKey,
): Promise<{ readonly sealed: SealedKey; readonly code: string }> {
  const passphrase = await askNewPassphrase(context);
  const code = newRecoveryCode();
  const recovery = recoverySecret(code);
  try {
    return { sealed: await sealKey(key, { passphrase, recovery }), code };
  } finally {
    wipe(passphrase, recovery);
  }
}

/**
 * Shows a recovery code, once and to the person only.
 *
 * @param context Streams
 * @param code The code
 */
export function showRecoveryCode({ io }: CliContext, code: string): void {
  io.stderr.write(
    `\nRecovery code, shown only now:\n\n    ${code}\n\n` +
      "Write it down on paper. Who has it and the key file can decide in your place.\n\n",
  );
}

async function askUnseen(context: CliContext, question: string): Promise<Uint8Array> {
  requireTerminal(context);
  const { stdin, stderr } = context.io;
  stderr.write(`${visible(question)}: `);
  try {
    return await stdin.secret();
  } finally {
    stderr.write("\n");
  }
}
