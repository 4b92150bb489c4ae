/**
 * Reads base64 in pieces: the standard alphabet, padded, no line breaks, no bits left over.
 *
 * @module
 */

import { PackageRefusedError } from "./refusal.ts";

/**
 * Puts the bytes of a base64 text together.
 *
 * @example
 * ```ts
 * import { Base64Reader } from "./base64_reader.ts";
 *
 * const reader = new Base64Reader(8, 1000);
 * const ascii = (text: string) => new TextEncoder().encode(text);
 * reader.push(ascii("aGVs"));
 * reader.push(ascii("bG8="));
 * if (new TextDecoder().decode(reader.bytes()) !== "hello") throw new Error("another text");
 * ```
 */
export class Base64Reader {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #filled = 0;
  /** Characters that are still to come. */
  #left: number;

  /**
   * @param length Characters of the whole text
   * @param limit Most bytes
   * @throws {PackageRefusedError} `too_large`, `bad_base64`
   */
  constructor(length: number, limit: number) {
    if (length > Math.ceil(limit / 3) * 4) throw new PackageRefusedError("too_large");
    if (length % 4 !== 0) throw new PackageRefusedError("bad_base64");
    this.#bytes = new Uint8Array(length / 4 * 3);
    this.#left = length;
  }

  /** Whether all of the text was read. */
  get isWhole(): boolean {
    return this.#left === 0;
  }

  /**
   * Reads the next piece.
   *
   * @param piece Some of the text, one byte a character, whole groups of four
   * @throws {PackageRefusedError} `bad_base64`
   */
  push(piece: Uint8Array): void {
    // Each byte becomes one character, so that what is no base64 is found as such.
    const text = new TextDecoder("latin1").decode(piece);
    const target = this.#bytes.subarray(this.#filled);
    const isLast = text.length === this.#left;
    const padding = !isLast ? 0 : text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
    const { read, written } = decodeInto(target, text);
    // Blanks are read without a complaint, but bring no bytes.
    if (read !== text.length || written !== text.length / 4 * 3 - padding) {
      throw new PackageRefusedError("bad_base64");
    }
    this.#filled += written;
    this.#left -= read;
  }

  /**
   * The bytes of everything that was read.
   *
   * @returns The bytes, not a copy
   */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#filled);
  }
}

function decodeInto(target: Uint8Array<ArrayBuffer>, text: string): Base64Progress {
  try {
    return target.setFromBase64(text, { lastChunkHandling: "strict" });
  } catch {
    throw new PackageRefusedError("bad_base64");
  }
}

/** How far a text was read. */
interface Base64Progress {
  /** Characters read. */
  readonly read: number;
  /** Bytes they stand for. */
  readonly written: number;
}
