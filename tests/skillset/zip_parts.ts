/**
 * Zips as raw as they get: every part can be made wrong on its own.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { crc32, deflateRawSync } from "node:zlib";

/** An entry, and how it differs from the right one. */
export interface RawZipEntry {
  /** Its name, in the directory and before its data. */
  readonly name: string | Uint8Array;
  /** The name before its data, when it is another. */
  readonly localName?: string;
  /** Its content. */
  readonly body?: Uint8Array;
  /** Method of compression: 8 unless given. */
  readonly method?: number;
  /** What stands for the packed content. */
  readonly packed?: Uint8Array;
  /** Flags; UTF-8 unless given. */
  readonly flags?: number;
  /** Upper half of the external attributes: type and mode. */
  readonly mode?: number;
  /** Sizes and checksum the directory tells instead of the right ones. */
  readonly told?: { readonly size?: number; readonly packed?: number; readonly check?: number };
  /** The same before the data. */
  readonly local?: {
    readonly size?: number;
    readonly packed?: number;
    readonly check?: number;
    readonly method?: number;
    readonly flags?: number;
  };
  /** Extra field of both headers. */
  readonly extra?: Uint8Array;
  /** Where the directory says it is, instead of where it is. */
  readonly offset?: number;
  /** Bytes behind its data. */
  readonly behind?: Uint8Array;
}

/** What stands around the entries. */
export interface ZipAround {
  /** Bytes before the first entry. */
  readonly before?: Uint8Array;
  /** Bytes behind everything. */
  readonly after?: Uint8Array;
  /** A comment at the end. */
  readonly comment?: Uint8Array;
  /** Number of entries that is told. */
  readonly count?: number;
  /** Bytes between the last entry and the directory. */
  readonly gap?: Uint8Array;
  /** What the offsets count from, when they know of what stands before. */
  readonly shifted?: boolean;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const EMPTY = new Uint8Array(0);
const UTF8_FLAG = 0x0800;

/** Little-endian fields: `[bytes, value]`. */
function fields(...list: readonly (readonly [size: 2 | 4, value: number])[]): Buffer {
  const out = Buffer.alloc(list.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of list) at = out.writeUIntLE(value, at, size);
  return out;
}

/** A plain file. */
export function zipFile(name: string, body: string | Uint8Array): RawZipEntry {
  return { name, body: typeof body === "string" ? utf8(body) : body };
}

/**
 * Makes a zip.
 *
 * @param entries Its entries
 * @param around What stands around them
 * @returns The zip
 */
export function zip(entries: readonly RawZipEntry[], around: ZipAround = {}): Uint8Array {
  const parts: Uint8Array[] = [around.before ?? EMPTY];
  const directory: Uint8Array[] = [];
  let at = around.shifted === true ? parts[0]!.length : 0;
  for (const entry of entries) {
    const { body = EMPTY, method = 8, flags = UTF8_FLAG, told = {}, local = {} } = entry;
    const { extra = EMPTY, behind = EMPTY } = entry;
    const bytes = (name: string | Uint8Array) => typeof name === "string" ? utf8(name) : name;
    const name = bytes(entry.name);
    const localName = bytes(entry.localName ?? entry.name);
    const packed = entry.packed ?? (method === 8 ? deflateRawSync(body) : body);
    const check = told.check ?? crc32(body);
    const sizes = [told.packed ?? packed.length, told.size ?? body.length] as const;
    const head = Buffer.concat([
      fields(
        [4, 0x04034b50],
        [2, 20],
        [2, local.flags ?? flags],
        [2, local.method ?? method],
        [4, 0x21],
        [4, local.check ?? check],
        [4, local.packed ?? sizes[0]],
        [4, local.size ?? sizes[1]],
        [2, localName.length],
        [2, extra.length],
      ),
      localName,
      extra,
    ]);
    parts.push(head, packed, behind);
    directory.push(
      fields(
        [4, 0x02014b50],
        [2, 0x0314],
        [2, 20],
        [2, flags],
        [2, method],
        [4, 0x21],
        [4, check],
        [4, sizes[0]],
        [4, sizes[1]],
        [2, name.length],
        [2, extra.length],
        [2, 0],
        [4, 0],
        [2, 0],
        [2, entry.mode ?? 0o100644],
        [4, entry.offset ?? at],
      ),
      name,
      extra,
    );
    at += head.length + packed.length + behind.length;
  }
  const listed = Buffer.concat(directory);
  const gap = around.gap ?? EMPTY;
  const count = around.count ?? entries.length;
  const comment = around.comment ?? EMPTY;
  const end = fields(
    [4, 0x06054b50],
    [4, 0],
    [2, count],
    [2, count],
    [4, listed.length],
    [4, at + gap.length],
    [2, comment.length],
  );
  return Buffer.concat([...parts, gap, listed, end, comment, around.after ?? EMPTY]);
}
