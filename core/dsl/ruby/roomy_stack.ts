/**
 * Gives a WebAssembly module a larger stack.
 *
 * @module
 */

import { KairosError } from "../../errors.ts";

/** Section of a module that holds its globals. */
const GLOBALS = 6;
/** Bytes of a global: a 32-bit integer that can change, set by a constant. */
const MUTABLE_I32 = [0x7f, 0x01, 0x41];
/** Bytes before the first section: a mark and the version. */
const HEADER = 8;

/**
 * Moves the stack of a module to another place in its memory. The stack's pointer is the first global of
 * every module that LLVM makes; only its first value is changed.
 *
 * The Ruby parser comes with 64 KiB, and its data lies below them: source that nests deeper would write
 * over that data, and the parser would never return. With more room than the engine lets functions
 * call each other, such source ends in an exception of the engine instead.
 *
 * @param bytes The module
 * @param top Address at which the stack begins; it grows downwards
 * @returns The module with its stack there
 * @throws {KairosError} `internal` when the module is not made as expected
 */
export function withStackAt(bytes: Uint8Array, top: number): Uint8Array<ArrayBuffer> {
  for (let at = HEADER; at < bytes.length;) {
    const [size, start] = readNumber(bytes, at + 1);
    if (bytes[at] === GLOBALS) {
      const section = bytes.subarray(start, start + size);
      const moved = withFirstGlobal(section, top);
      return joined(
        bytes.subarray(0, at + 1),
        writeNumber(moved.length),
        moved,
        bytes.subarray(start + size),
      );
    }
    at = start + size;
  }
  throw unexpected();
}

function withFirstGlobal(section: Uint8Array, value: number): Uint8Array<ArrayBuffer> {
  const [, first] = readNumber(section, 0);
  const start = first + MUTABLE_I32.length;
  if (!MUTABLE_I32.every((byte, at) => section[first + at] === byte)) throw unexpected();
  const [, end] = readNumber(section, start);
  return joined(section.subarray(0, start), writeSigned(value), section.subarray(end));
}

function joined(...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A number in LEB128 and where it ends. */
function readNumber(bytes: Uint8Array, from: number): [value: number, end: number] {
  let value = 0;
  for (let at = from, shift = 0; at < bytes.length && shift < 32; at++, shift += 7) {
    const byte = bytes[at]!;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value >>> 0, at + 1];
  }
  throw unexpected();
}

function writeNumber(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...writeNumber(value >>> 7)];
}

/** Signed numbers end in a byte whose second bit is clear when they are positive. */
function writeSigned(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...writeSigned(value >>> 7)];
}

function unexpected(): KairosError {
  return new KairosError("internal", "Cannot load the Ruby parser: its module has another form");
}
