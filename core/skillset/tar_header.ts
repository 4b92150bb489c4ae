/**
 * Headers of a plain POSIX ustar archive. See `kairos_formats/skillsets.md#archive`.
 *
 * `name[100] mode[8] uid[8] gid[8] size[12] mtime[12] checksum[8] type[1] link[100] magic[6]
 * version[2] uname[32] gname[32] major[8] minor[8] prefix[155]`, numbers in octal.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import { PackageRefusedError } from "./refusal.ts";

/** Unit of the format, in bytes. */
export const BLOCK = 512;

const NAME = 100;
const PREFIX = 155;

/** One entry of an archive. */
export interface TarEntry {
  /** Its path, with `/`, without one at the end. */
  readonly path: string;
  /** What it is. */
  readonly kind: "file" | "folder";
  /** Bytes that follow; 0 for a folder. */
  readonly size: number;
}

/**
 * Writes a header: owner 0, time 0, modes 0644 and 0755, so that one tree gives one archive.
 *
 * @param entry The entry
 * @returns One block
 * @throws {KairosError} `invalid` when the path does not fit into 100 bytes after a prefix of 155
 */
export function writeHeader({ path, kind, size }: TarEntry): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (value: string | Uint8Array, at: number) =>
    block.set(typeof value === "string" ? new TextEncoder().encode(value) : value, at);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0") + "\0";
  const [prefix, name] = splitPath(path);
  put(name, 0);
  put(octal(kind === "file" ? 0o644 : 0o755, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(size, 11), 124);
  put(octal(0, 11), 136);
  put(kind === "file" ? "0" : "5", 156);
  put("ustar\0" + "00", 257);
  put(octal(0, 7), 329);
  put(octal(0, 7), 337);
  put(prefix, 345);
  put(octal(checksum(block), 6) + " ", 148);
  return block;
}

/**
 * Reads a header, strictly.
 *
 * @param block One block, not all zero
 * @returns The entry
 * @throws {PackageRefusedError} For whatever is not a plain file or folder of plain ustar
 */
export function readHeader(block: Uint8Array): TarEntry {
  if (octalField(block, 148, 8, "bad_checksum") !== checksum(block)) {
    throw new PackageRefusedError("bad_checksum");
  }
  const type = String.fromCharCode(block[156]!);
  const magic = String.fromCharCode(...block.subarray(257, 265));
  if (magic !== "ustar\0" + "00") {
    // Archives of before 1988 have no magic and no prefix; GNU tar writes blanks there.
    throw new PackageRefusedError("tar_extension", magic.replaceAll("\0", ""));
  }
  const path = joinPath(textField(block, 345, PREFIX), textField(block, 0, NAME));
  const kind = KINDS[type] ?? null;
  if (kind === null) throw new PackageRefusedError(refusalOf(type), path);
  const size = octalField(block, 124, 12, "bad_tar", path);
  if (kind === "folder" && size !== 0) throw new PackageRefusedError("bad_tar", path);
  return { path: kind === "folder" ? path.replace(/\/$/, "") : path, kind, size };
}

const KINDS: Readonly<Record<string, TarEntry["kind"]>> = {
  "0": "file",
  "\0": "file",
  "5": "folder",
};

function refusalOf(type: string): "link" | "tar_extension" | "special_file" {
  if (type === "1" || type === "2") return "link";
  return "34567".includes(type) ? "special_file" : "tar_extension";
}

/** The sum of all bytes, those of the checksum itself counted as blanks. */
function checksum(block: Uint8Array): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += block[at]!;
  return sum;
}

/** Octal digits, perhaps after blanks, then NULs or blanks to the end of the field. */
function octalField(
  block: Uint8Array,
  at: number,
  length: number,
  reason: "bad_checksum" | "bad_tar",
  path?: string,
): number {
  const text = String.fromCharCode(...block.subarray(at, at + length));
  const match = /^ *([0-7]{1,11})[\0 ]*$/.exec(text);
  if (match === null) throw new PackageRefusedError(reason, path);
  return parseInt(match[1]!, 8);
}

/** Text up to the first NUL; nothing may hide behind it. */
function textField(block: Uint8Array, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  const text = end === -1 ? field : field.subarray(0, end);
  if (field.subarray(text.length).some((byte) => byte !== 0)) {
    throw new PackageRefusedError("bad_tar", undefined, "a name goes on after its end");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text);
  } catch {
    throw new PackageRefusedError("bad_encoding");
  }
}

function joinPath(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Prefix and name: split at the last `/` that leaves both of them short enough. */
function splitPath(path: string): [prefix: Uint8Array, name: Uint8Array] {
  const bytes = new TextEncoder().encode(path);
  if (bytes.length <= NAME) return [new Uint8Array(0), bytes];
  for (let at = Math.min(PREFIX, bytes.length - 2); at > 0; at--) {
    if (bytes[at] !== 0x2f) continue;
    if (bytes.length - at - 1 > NAME) break;
    return [bytes.subarray(0, at), bytes.subarray(at + 1)];
  }
  throw new KairosError(
    "invalid",
    `Cannot pack ${quote(path)}: the path is too long for an archive`,
    {
      hint: "Names may have 100 bytes and the folders above them 155",
    },
  );
}
