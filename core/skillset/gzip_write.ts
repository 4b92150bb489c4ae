/**
 * Compresses an archive while it is put together: what is compressed already need not be kept.
 *
 * @module
 */

import { constants, crc32, deflateRawSync } from "node:zlib";

/** No name, no time, and always the same system. */
const HEADER = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);

/** How much is compressed at once, in bytes. */
const PIECE = 1024 * 1024;

/** What gzip itself uses; more costs far more time than it saves bytes. */
const LEVEL = 6;

/**
 * Compresses an archive into one gzip stream. The same bytes give the same stream, however they are
 * cut into pieces.
 *
 * @param pieces The archive
 * @returns The stream in pieces, each made when the one before was taken
 *
 * @example
 * ```ts
 * import { Buffer } from "node:buffer";
 * import { gunzipSync } from "node:zlib";
 * import { compress } from "./gzip_write.ts";
 *
 * const pieces = [...compress([new Uint8Array(700_000), new Uint8Array(700_000)])];
 * const stream = Buffer.concat(pieces);
 * if (gunzipSync(stream).length !== 1_400_000) throw new Error("something is missing");
 * ```
 */
export function* compress(
  pieces: Iterable<Uint8Array>,
): Generator<Uint8Array, void> {
  yield HEADER;
  const buffer = new Uint8Array(PIECE);
  let filled = 0;
  let check = 0;
  let length = 0;
  const deflate = (finishFlush: number) => {
    const input = buffer.subarray(0, filled);
    check = crc32(input, check);
    length += filled;
    filled = 0;
    return deflateRawSync(input, { level: LEVEL, finishFlush });
  };
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      if (filled === PIECE) yield deflate(constants.Z_SYNC_FLUSH);
      const part = piece.subarray(at, at + PIECE - filled);
      buffer.set(part, filled);
      filled += part.length;
      at += part.length;
    }
  }
  yield deflate(constants.Z_FINISH);
  const trailer = new DataView(new ArrayBuffer(8));
  trailer.setUint32(0, check, true);
  trailer.setUint32(4, length, true);
  yield new Uint8Array(trailer.buffer);
}
