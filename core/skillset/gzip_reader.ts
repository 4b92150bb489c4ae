/**
 * Unpacks one gzip stream in pieces: one member, whole, its checks right, nothing after it.
 *
 * @module
 */

import { crc32 } from "node:zlib";
import { inflate } from "./inflate.ts";
import { PackageRefusedError } from "./refusal.ts";

/** Longest header that is read: name and comment are of no use here. */
const MAX_HEADER = 4096;

const FLAG_TEXT = 1;
const FLAG_CHECK = 2;
const FLAG_EXTRA = 4;
const FLAG_NAME = 8;
const FLAG_COMMENT = 16;

/**
 * Unpacks a gzip stream.
 *
 * @param bytes The stream
 * @returns Its content in pieces of at most `PIECE` bytes; whoever takes them one by one
 * sets the pace
 * @throws {PackageRefusedError} `bad_gzip`, `trailing_data`
 *
 * @example
 * ```ts
 * import { gzipSync } from "node:zlib";
 * import { gunzip } from "./gzip_reader.ts";
 *
 * let length = 0;
 * for await (const piece of gunzip(gzipSync(new Uint8Array(1_000_000)))) length += piece.length;
 * if (length !== 1_000_000) throw new Error("something is missing");
 * ```
 */
export async function* gunzip(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const body = bytes.subarray(headerLength(bytes));
  let check = 0;
  let length = 0;
  const pieces = inflate(body, "bad_gzip");
  let end = 0;
  try {
    let step = await pieces.next();
    for (; !step.done; step = await pieces.next()) {
      check = crc32(step.value, check);
      length = (length + step.value.length) >>> 0;
      yield step.value;
    }
    end = step.value;
  } finally {
    // Whoever stops asking lets go of what it was made with.
    await pieces.return(0);
  }
  if (body.length < end + 8) throw new PackageRefusedError("bad_gzip");
  if (body.length > end + 8) throw new PackageRefusedError("trailing_data");
  const trailer = new DataView(body.buffer, body.byteOffset + end, 8);
  if (trailer.getUint32(0, true) !== check || trailer.getUint32(4, true) !== length) {
    throw new PackageRefusedError("bad_gzip");
  }
}

/** Where the deflated data begin. */
function headerLength(bytes: Uint8Array): number {
  const head = bytes.subarray(0, MAX_HEADER);
  const flags = head[3] ?? 0xff;
  const isGzip = head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
  const known = FLAG_TEXT | FLAG_CHECK | FLAG_EXTRA | FLAG_NAME | FLAG_COMMENT;
  if (!isGzip || head.length < 18 || (flags & ~known) !== 0) {
    throw new PackageRefusedError("bad_gzip");
  }
  let at = 10;
  if (flags & FLAG_EXTRA) at += 2 + head[at]! + (head[at + 1]! << 8);
  for (const flag of [FLAG_NAME, FLAG_COMMENT]) {
    if (!(flags & flag)) continue;
    const end = head.indexOf(0, at);
    if (end === -1) throw new PackageRefusedError("bad_gzip");
    at = end + 1;
  }
  if (flags & FLAG_CHECK) at += 2;
  if (at >= head.length) throw new PackageRefusedError("bad_gzip");
  return at;
}
