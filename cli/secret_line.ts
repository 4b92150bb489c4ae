/**
 * A line that a person types and nobody sees.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import { MAX_PASSPHRASE, wipe } from "../core/keys/passphrase.ts";

const ENTER = [0x0a, 0x0d];
const BACKSPACE = [0x08, 0x7f];
const CTRL_C = 0x03;
const CTRL_D = 0x04;
const CTRL_U = 0x15;

/**
 * Reads bytes of a terminal in raw mode up to the end of the line. Backspace takes the last character
 * away, Ctrl-U all of them; Ctrl-C, Ctrl-D and the end of the input give up.
 *
 * @param next Gives the next byte, or `null` at the end
 * @returns The bytes of the line, to be wiped by the caller
 * @throws {KairosError} `refused` when the person gives up
 *
 * @example
 * ```ts
 * import { readSecretLine } from "./secret_line.ts";
 *
 * const typed = [...new TextEncoder().encode("secrex\u007ft\n")];
 * const line = await readSecretLine(() => Promise.resolve(typed.shift() ?? null));
 * if (new TextDecoder().decode(line) !== "secret") throw new Error("misread");
 * ```
 */
export async function readSecretLine(next: () => Promise<number | null>): Promise<Uint8Array> {
  // One byte more than a passphrase may have, so that a longer one is told from its beginning.
  const typed = new Uint8Array(MAX_PASSPHRASE + 1);
  let length = 0;
  try {
    for (;;) {
      const byte = await next();
      if (byte === null || byte === CTRL_C || byte === CTRL_D) throw givenUp();
      if (ENTER.includes(byte)) return typed.slice(0, length);
      if (byte === CTRL_U) length = 0;
      else if (BACKSPACE.includes(byte)) length = withoutLast(typed, length);
      else if (length < typed.length) typed[length++] = byte;
    }
  } finally {
    wipe(typed);
  }
}

/** The length without the last character, which may have several bytes. */
function withoutLast(typed: Uint8Array, length: number): number {
  let shorter = Math.max(0, length - 1);
  while (shorter > 0 && (typed[shorter]! & 0xc0) === 0x80) shorter--;
  return shorter;
}

function givenUp(): KairosError {
  return new KairosError("refused", "Cannot go on: the question was not answered", {
    hint: "Nothing was changed",
  });
}
