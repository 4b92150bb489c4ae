/**
 * Inflates data in pieces, each when the one before was taken.
 *
 * @module
 */

import { createInflateRaw, type InflateRaw } from "node:zlib";
import { PackageRefusedError, type Refusal } from "./refusal.ts";

/** Largest piece that is unpacked or handed on at once, in bytes. */
export const PIECE = 256 * 1024;

/**
 * Inflates data without header and trailer.
 *
 * @param body The data; what stands behind their end is not looked at
 * @param reason What to call data that cannot be inflated
 * @returns The content in pieces of at most {@linkcode PIECE} bytes, and in the end how many bytes of
 *   `body` it was made from
 * @throws {PackageRefusedError} `reason`
 *
 * @example
 * ```ts
 * import { deflateRawSync } from "node:zlib";
 * import { inflate } from "./inflate.ts";
 *
 * let length = 0;
 * const body = deflateRawSync(new Uint8Array(1_000_000));
 * for await (const piece of inflate(body, "bad_zip")) length += piece.length;
 * if (length !== 1_000_000) throw new Error("something is missing");
 * ```
 */
export async function* inflate(
  body: Uint8Array,
  reason: Refusal,
): AsyncGenerator<Uint8Array, number> {
  const inflater = createInflateRaw({ chunkSize: PIECE });
  feed(inflater, body);
  try {
    for await (const piece of inflater as AsyncIterable<Uint8Array>) yield piece;
  } catch (error) {
    if (error instanceof PackageRefusedError) throw error;
    throw new PackageRefusedError(reason);
  } finally {
    inflater.destroy();
  }
  return inflater.bytesWritten;
}

/** Writes in pieces, each when the one before was taken, so that nothing piles up. */
function feed(inflater: InflateRaw, body: Uint8Array): void {
  let at = 0;
  const next = () => {
    if (at >= body.length) return void inflater.end();
    const piece = body.subarray(at, at + PIECE);
    at += piece.length;
    inflater.write(piece, (error) => {
      if (!error && !inflater.destroyed) next();
    });
  };
  // What is wrong with the data is thrown where it is read.
  inflater.on("error", () => {});
  next();
}
