/**
 * Stored bytes as text, refusing what is no UTF-8.
 *
 * @module
 */

import { KairosError } from "../errors.ts";

/** Decodes the bytes of a ledger piece by piece. */
export class StrictText {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  /**
   * The text of the next piece; a character cut by its end waits for the piece after.
   *
   * @param piece Bytes that follow the ones before
   * @returns Their text
   * @throws {KairosError} `corrupt` at what is no UTF-8
   */
  next(piece: Uint8Array): string {
    return this.#decode(piece, true);
  }

  /**
   * Ends the input.
   *
   * @throws {KairosError} `corrupt` when it ends within a character
   */
  end(): void {
    this.#decode(new Uint8Array(0), false);
  }

  #decode(piece: Uint8Array, stream: boolean): string {
    try {
      return this.#decoder.decode(piece, { stream });
    } catch (cause) {
      throw new KairosError("corrupt", "Cannot read the ledger: it is no UTF-8", { cause });
    }
  }
}
