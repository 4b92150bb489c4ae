/**
 * Bytes as text that people compare, read aloud and type: 32 characters none of which looks like
 * another, in groups of four. See `kairos_formats/approvers.md#fingerprints`.
 *
 * @module
 */

import { hash } from "node:crypto";

/** The digits of Crockford's base 32: no I, L, O, U. */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const GROUP = 4;

/**
 * Values from 0 to 31 as text.
 *
 * @param values The values
 * @returns One digit for each, in groups of four joined by dashes
 */
export function groupedDigits(values: readonly number[]): string {
  const text = values.map((value) => DIGITS[value]).join("");
  return text.replace(new RegExp(`.{${GROUP}}(?!$)`, "g"), "$&-");
}

/**
 * The values of a text that somebody typed. Case, blanks and dashes do not count; I and L are read as
 * 1, O as 0.
 *
 * @param text The text
 * @returns The values, or `null` when another character is in it
 */
export function digitValues(text: string): number[] | null {
  const plain = text.toUpperCase().replace(/[\s-]/g, "").replace(/[IL]/g, "1").replaceAll("O", "0");
  const values = Array.from(plain, (char) => DIGITS.indexOf(char));
  return values.includes(-1) ? null : values;
}

/**
 * Bytes cut into values from 0 to 31; bits that fill no value are left out.
 *
 * @param bytes The bytes
 * @returns The values, the first bits first
 */
export function fiveBitValues(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8 | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) values.push(held >> (bits - 5) & 31);
  }
  return values;
}

/**
 * A short form of a SHA-256 for people.
 *
 * @param content What is hashed; text as UTF-8
 * @param groups Number of groups of four digits, 20 bits each
 * @returns Such as `7K3M-0QXW-9D2A-VH5T-J8PC`
 *
 * @example
 * ```ts
 * import { fingerprintOf } from "./base32.ts";
 *
 * if (fingerprintOf("", 2) !== "WERC-8GMR") throw new Error(fingerprintOf("", 2));
 * ```
 */
export function fingerprintOf(content: Uint8Array | string, groups: number): string {
  const digest = hash("sha256", content, "buffer");
  return groupedDigits(fiveBitValues(digest).slice(0, groups * GROUP));
}
