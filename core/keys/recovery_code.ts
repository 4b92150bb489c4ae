/**
 * Recovery codes: a secret somebody writes down once and types years later.
 *
 * 130 random bits and ten that check them, in seven groups of four digits. Any one or two wrong
 * digits, and so any two that were exchanged, are noticed before the code is tried. See
 * `kairos_formats/approvers.md#recovery-code`.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import { KairosError } from "../errors.ts";
import { digitValues, fiveBitValues, groupedDigits } from "./base32.ts";

/** Random digits of five bits each. */
const RANDOM_DIGITS = 26;
const CHECK_DIGITS = 2;

/** A new code, such as `7K3M-0QXW-…`, in seven groups. */
export function newRecoveryCode(): string {
  const values = fiveBitValues(randomBytes(17)).slice(0, RANDOM_DIGITS);
  return groupedDigits([...values, ...checkDigits(values)]);
}

/**
 * The secret in a code that somebody typed.
 *
 * @param typed The code; case, blanks and dashes do not count
 * @returns The digits as UTF-8, to be given to a key derivation and wiped afterwards
 * @throws {KairosError} `invalid` at a typing error; the code is not in it
 *
 * @example
 * ```ts
 * import { newRecoveryCode, recoverySecret } from "./recovery_code.ts";
 *
 * const code = newRecoveryCode();
 * const typed = code.toLowerCase().replaceAll("-", " ");
 * if (recoverySecret(typed).toHex() !== recoverySecret(code).toHex()) throw new Error("misread");
 * ```
 */
export function recoverySecret(typed: string): Uint8Array {
  const values = digitValues(typed);
  const expected = RANDOM_DIGITS + CHECK_DIGITS;
  if (values === null || values.length !== expected) {
    throw mistyped(`it must have ${expected} digits in groups of four`);
  }
  const random = values.slice(0, RANDOM_DIGITS);
  if (checkDigits(random).join() !== values.slice(RANDOM_DIGITS).join()) {
    throw mistyped("a digit is wrong");
  }
  return new TextEncoder().encode(groupedDigits(random));
}

function mistyped(found: string): KairosError {
  return new KairosError("invalid", `Cannot use the recovery code: ${found}`, {
    hint: "Type it again, group by group, as it was written down",
  });
}

/**
 * Two check digits over the field of 32 elements: the sum of all digits, and the sum of all digits each
 * times a power of x of its own, are zero.
 */
function checkDigits(values: readonly number[]): [number, number] {
  let sum = 0;
  let weighted = 0;
  for (const [at, value] of values.entries()) {
    sum ^= value;
    weighted ^= times(value, POWERS[at]!);
  }
  const [first = 0, second = 0] = POWERS.slice(values.length);
  // sum + a + b = 0 and weighted + a * first + b * second = 0, solved for a and b.
  const a = times(weighted ^ times(sum, second), inverse(first ^ second));
  return [a, sum ^ a];
}

/** Product of two elements of the field modulo x^5 + x^2 + 1. */
function times(a: number, b: number): number {
  let product = 0;
  for (let rest = b, factor = a; rest > 0; rest >>= 1) {
    if (rest & 1) product ^= factor;
    factor <<= 1;
    if (factor & 32) factor ^= 0b100101;
  }
  return product;
}

/** The element that makes one: by Fermat the 30th power. */
function inverse(a: number): number {
  return Array.from({ length: 30 }).reduce<number>((power) => times(power, a), 1);
}

/** The powers of x, all different as far as a code is long. */
const POWERS: readonly number[] = Array.from({ length: RANDOM_DIGITS + CHECK_DIGITS })
  .reduce<number[]>((powers) => [...powers, times(powers.at(-1)!, 2)], [1]);
