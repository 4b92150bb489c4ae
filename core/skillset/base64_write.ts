/**
 * Writes base64 in pieces: the standard alphabet, padded at the end of the whole, no line breaks.
 *
 * @module
 */

/** Bytes of a group; only whole groups can be written before the end is known. */
const GROUP = 3;

/**
 * Writes bytes as base64, each piece when the one before was taken.
 *
 * @param pieces The bytes, cut anywhere
 * @returns The text in pieces
 *
 * @example
 * ```ts
 * import { base64Pieces } from "./base64_write.ts";
 *
 * const pieces = ["he", "ll", "o"].map((text) => new TextEncoder().encode(text));
 * if ([...base64Pieces(pieces)].join("") !== "aGVsbG8=") throw new Error("another text");
 * ```
 */
export function* base64Pieces(pieces: Iterable<Uint8Array>): Generator<string, void> {
  let rest: Uint8Array = new Uint8Array(0);
  for (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : joined(rest, piece);
    const whole = bytes.length - bytes.length % GROUP;
    yield bytes.subarray(0, whole).toBase64();
    // A copy: whoever gave the piece may use its memory again.
    rest = bytes.slice(whole);
  }
  yield rest.toBase64();
}

function joined(start: Uint8Array, end: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(start.length + end.length);
  bytes.set(start);
  bytes.set(end, start.length);
  return bytes;
}
