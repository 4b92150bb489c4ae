/**
 * Parts of packages, each of which can be made wrong on its own.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { sha256 } from "../../core/objects/objects.ts";
import { contentHash, type FileHash } from "../../core/skillset/content_hash.ts";

/** An entry of an archive as raw as it gets. */
export interface RawEntry {
  /** The field `name`. */
  readonly name: string | Uint8Array;
  /** The field `prefix`. */
  readonly prefix?: string;
  /** The type, a plain file unless given. */
  readonly type?: string;
  /** What follows. */
  readonly body?: Uint8Array;
  /** Bytes to put elsewhere in the header: offset to field. */
  readonly fields?: Readonly<Record<number, string | Uint8Array>>;
  /** Instead of the right checksum. */
  readonly checksum?: string;
}

const BLOCK = 512;

/** UTF-8 of a text. */
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Octal digits with a NUL behind them. */
export const octal = (value: number, digits: number): string =>
  value.toString(8).padStart(digits, "0") + "\0";

/** A plain file below the folder `pack`. */
export const file = (path: string, body: string | Uint8Array = "text\n"): RawEntry => ({
  name: `pack/${path}`,
  body: typeof body === "string" ? utf8(body) : body,
});

/** The manifest of the package `pack`, with further fields. */
export const manifest = (more: Readonly<Record<string, unknown>> = {}): RawEntry =>
  file("skillset.json", JSON.stringify({ name: "pack", version: "1.0.0", layer: "L2", ...more }));

/** The blocks of one entry. */
export function blocks(entry: RawEntry): Uint8Array {
  const { name, prefix = "", type = "0", body = new Uint8Array(0), fields = {} } = entry;
  const all = new Uint8Array(BLOCK + Math.ceil(body.length / BLOCK) * BLOCK);
  const put = (value: string | Uint8Array, at: number) =>
    all.set((typeof value === "string" ? utf8(value) : value).subarray(0, BLOCK - at), at);
  put(typeof name === "string" ? utf8(name).subarray(0, 100) : name, 0);
  put("0000644\0" + octal(0, 7) + octal(0, 7) + octal(body.length, 11) + octal(0, 11), 100);
  put(type, 156);
  put("ustar\0" + "00", 257);
  put(prefix, 345);
  for (const [at, value] of Object.entries(fields)) put(value, Number(at));
  put(" ".repeat(8), 148);
  const sum = all.subarray(0, BLOCK).reduce((total, byte) => total + byte, 0);
  put(entry.checksum ?? `${octal(sum, 6)} `, 148);
  all.set(body, BLOCK);
  return all;
}

/** A whole archive, its end included. */
export function tar(entries: readonly RawEntry[]): Uint8Array {
  return Buffer.concat([...entries.map(blocks), new Uint8Array(2 * BLOCK)]);
}

/** How an envelope differs from the right one. */
export interface Wrapping {
  /** Fields that are set, or left out where `undefined`. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Changes the archive before it is compressed. */
  readonly tar?: (archive: Uint8Array) => Uint8Array;
  /** Changes it afterwards. */
  readonly gzip?: (packed: Buffer) => Uint8Array;
  /** Changes its base64. */
  readonly base64?: (text: string) => string;
  /** Changes the envelope's text. */
  readonly text?: (json: string) => string | Uint8Array;
}

/** An envelope around entries whose hash and list are right for them. */
export function wrap(entries: readonly RawEntry[], wrapping: Wrapping = {}): Uint8Array {
  const { tar: change, gzip, base64, text, fields } = wrapping;
  const files = entries.flatMap(({ name, type = "0", body }): FileHash[] =>
    typeof name === "string" && type === "0" && name.startsWith("pack/")
      ? [[name.slice("pack/".length), sha256(body ?? new Uint8Array(0))]]
      : []
  );
  const archive = tar(entries);
  const packed = gzipSync(change?.(archive) ?? archive);
  const encoded = Buffer.from(gzip?.(packed) ?? packed).toString("base64");
  const json = JSON.stringify({
    name: "pack",
    version: "1.0.0",
    layer: "L2",
    content_hash: contentHash(files),
    archive_base64: base64?.(encoded) ?? encoded,
    ...fields,
  });
  const out = text?.(json) ?? json;
  return typeof out === "string" ? utf8(out) : out;
}
