/**
 * Whether the bytes of a file are a program, whatever its name says. See
 * `kairos_formats/skillsets.md#programs`.
 *
 * @module
 */

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
  ["zip archive", [0x50, 0x4b, 0x03, 0x04]],
  ["7z archive", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ["rar archive", [0x52, 0x61, 0x72, 0x21]],
  ["gzip archive", [0x1f, 0x8b]],
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

/** Bytes that are looked at: what stands before a `#!` may be a mark and blanks, no more than this. */
export const HEAD = 1024;

/**
 * Tells whether a file is a program, or not what its ending promises.
 *
 * @param path Its path
 * @param head Its first {@linkcode HEAD} bytes, or all of them
 * @returns What it is, or `null` when it is data
 *
 * @example
 * ```ts
 * import { programOf } from "./judge_content.ts";
 *
 * const head = new TextEncoder().encode("\ufeff  #!/bin/sh\n");
 * if (programOf("notes.md", head) === null) throw new Error("a script went through");
 * ```
 */
export function programOf(path: string, head: Uint8Array): string | null {
  const magic = MAGIC.find(([, bytes]) => startsWith(head, bytes));
  if (magic !== undefined) return magic[0];
  if (startsWith(head.subarray(blanks(head)), [0x23, 0x21])) return "script";
  const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  const promised = Object.hasOwn(PROMISED, ending) ? PROMISED[ending]! : null;
  if (promised !== null) {
    return promised.some((bytes) => startsWith(head, bytes)) ? null : `not a ${ending}`;
  }
  // UTF-16 hides a `#!` from us that a shell of another system could see; NUL is in no text at all.
  return head.includes(0) ? "binary data in a text file" : null;
}

/** How many bytes at the beginning are a byte order mark, blanks or ends of lines. */
function blanks(head: Uint8Array): number {
  let at = 0;
  for (;;) {
    if (startsWith(head.subarray(at), [0xef, 0xbb, 0xbf])) at += 3;
    else if (at < head.length && (head[at] === 0x20 || (head[at]! >= 0x09 && head[at]! <= 0x0d))) {
      at++;
    } else return at;
  }
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return bytes.length >= start.length && start.every((byte, at) => bytes[at] === byte);
}
