/**
 * Bytes that arrive in pieces, up to a limit. A sender of many small pieces costs no more than one of
 * few large ones: a piece may be one byte and hold the 64 KiB it was read into, so none is kept.
 *
 * @module
 */

/**
 * Bytes as they arrive.
 *
 * @example
 * ```ts
 * import { BoundedBytes } from "./bounded_bytes.ts";
 *
 * const body = new BoundedBytes(3);
 * if (!body.add(new Uint8Array([104, 105])) || body.add(new Uint8Array(2))) throw new Error("unbounded");
 * if (body.text() !== "hi") throw new Error("not the bytes");
 * ```
 */
export class BoundedBytes {
  readonly #limit: number;
  #bytes = new Uint8Array(4096);
  #length = 0;

  /** @param limit Most bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Takes a piece.
   *
   * @param piece The bytes
   * @returns `false` when they are too many; nothing is taken then
   */
  add(piece: Uint8Array): boolean {
    const length = this.#length + piece.length;
    if (length > this.#limit) return false;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = length;
    return true;
  }

  /**
   * What arrived.
   *
   * @returns The bytes
   */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /**
   * What arrived, as text.
   *
   * @returns The text, or `null` when it is not UTF-8
   */
  text(): string | null {
    try {
      const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      return decoder.decode(this.bytes());
    } catch {
      return null;
    }
  }
}
