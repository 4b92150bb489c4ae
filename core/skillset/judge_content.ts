/**
 * Whether the bytes of a file are a program, whatever its name says. See
 * `kairos_formats/skillsets.md#programs`.
 *
 * @module
 */

/** Beginnings of compiled Python, by release from 2.7 on; CR LF follows in all of them. */
const PYTHON: readonly (readonly [number, number])[] = [
  [0x03, 0xf3],
  [0x33, 0x0d],
  [0x42, 0x0d],
  [0x55, 0x0d],
  [0x61, 0x0d],
  [0x6f, 0x0d],
  [0xa7, 0x0d],
  [0xcb, 0x0d],
  [0xf3, 0x0d],
  [0x2b, 0x0e],
];

/** Size of the blocks of a bzip2 archive, a digit behind `BZh`. */
const BZIP2: readonly number[] = [..."123456789"].map((digit) => digit.charCodeAt(0));

/** Beginnings of programs: name and bytes. */
const MAGIC: readonly (readonly [what: string, bytes: readonly number[]])[] = [
  ["ELF program", [0x7f, 0x45, 0x4c, 0x46]],
  ["Windows program", [0x4d, 0x5a]],
  ["Mach-O program", [0xfe, 0xed, 0xfa, 0xce]],
  ["Mach-O program", [0xfe, 0xed, 0xfa, 0xcf]],
  ["Mach-O program", [0xce, 0xfa, 0xed, 0xfe]],
  ["Mach-O program", [0xcf, 0xfa, 0xed, 0xfe]],
  ["Mach-O or Java program", [0xca, 0xfe, 0xba, 0xbe]],
  ["Mach-O program", [0xca, 0xfe, 0xba, 0xbf]],
  ["WebAssembly program", [0x00, 0x61, 0x73, 0x6d]],
  ["Dalvik program", [0x64, 0x65, 0x78, 0x0a, 0x30]],
  ["Lua program", [0x1b, 0x4c, 0x75, 0x61]],
  ...PYTHON.map((release) => ["Python program", [...release, 0x0d, 0x0a]] as const),
  ["zip archive", [0x50, 0x4b, 0x03, 0x04]],
  ["7z archive", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ["rar archive", [0x52, 0x61, 0x72, 0x21]],
  ["gzip archive", [0x1f, 0x8b]],
  ...BZIP2.map((size) => ["bzip2 archive", [0x42, 0x5a, 0x68, size]] as const),
  ["Windows shortcut", [0x4c, 0x00, 0x00, 0x00, 0x01, 0x14, 0x02]],
];

/** First bytes of pictures and documents, by the ending that promises them. */
const PROMISED: Readonly<Record<string, readonly (readonly number[])[]>> = {
  png: [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  jpg: [[0xff, 0xd8, 0xff]],
  jpeg: [[0xff, 0xd8, 0xff]],
  gif: [[0x47, 0x49, 0x46, 0x38]],
  webp: [[0x52, 0x49, 0x46, 0x46]],
  pdf: [[0x25, 0x50, 0x44, 0x46, 0x2d]],
};

/** Bytes of the beginning that are looked at. */
const HEAD = 1024;

/** Scripts by how they begin, also behind whatever shows nothing on a screen. */
const SCRIPT = /^[\s\u0085\p{Cf}]*(?:#!|<\?(?:php|=))/iu;

/** What stands before each name in the list of a zip, and before the end of that list. */
const ZIP_NAME = [0x50, 0x4b, 0x01, 0x02];
const ZIP_END = [0x50, 0x4b, 0x05, 0x06];

/** Most bytes from the end of that list on: the record and its comment. */
const MAX_ZIP_END = 22 + 0xffff;

/**
 * Tells whether a file is a program, or not what its ending promises.
 *
 * @param path Its path
 * @param bytes Its bytes, all of them: a zip is read from its end
 * @returns What it is, or `null` when it is data
 *
 * @example
 * ```ts
 * import { programOf } from "./judge_content.ts";
 *
 * const bytes = new TextEncoder().encode("\ufeff  #!/bin/sh\n");
 * if (programOf("notes.md", bytes) === null) throw new Error("a script went through");
 * ```
 */
export function programOf(path: string, bytes: Uint8Array): string | null {
  const magic = MAGIC.find(([, start]) => startsWith(bytes, start));
  if (magic !== undefined) return magic[0];
  const head = bytes.subarray(0, HEAD);
  if (SCRIPT.test(new TextDecoder().decode(head))) return "script";
  if (holdsZip(bytes)) return "zip archive behind something else";
  const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  const promised = Object.hasOwn(PROMISED, ending) ? PROMISED[ending]! : null;
  if (promised !== null) {
    return promised.some((start) => startsWith(head, start)) ? null : `not a ${ending}`;
  }
  // UTF-16 hides a `#!` from us that a shell of another system could see; NUL is in no text at all.
  return head.includes(0) ? "binary data in a text file" : null;
}

/** Whether a program for zips finds a name in it. Either mark alone turns up in pictures by chance. */
function holdsZip(bytes: Uint8Array): boolean {
  return holds(bytes.subarray(-MAX_ZIP_END), ZIP_END) && holds(bytes, ZIP_NAME);
}

function holds(bytes: Uint8Array, mark: readonly number[]): boolean {
  let at = bytes.indexOf(mark[0]!);
  while (at !== -1 && !startsWith(bytes, mark, at)) at = bytes.indexOf(mark[0]!, at + 1);
  return at !== -1;
}

function startsWith(bytes: Uint8Array, start: readonly number[], from = 0): boolean {
  return start.every((byte, at) => bytes[from + at] === byte);
}
