/**
 * Checks of parsed JSON, for the files and records of the law: what has another shape is none.
 *
 * @module
 */

import { duplicateKey } from "../chain/json_keys.ts";
import { asPointer } from "../ledger/block_at.ts";

/** A check of one value. */
export type Check = (value: unknown) => boolean;

/** The checks a shape is made of. */
export const is = {
  text: (value: unknown): value is string => typeof value === "string",
  hash: (value: unknown): value is string =>
    typeof value === "string" && /^[0-9a-f]{64}$/.test(value),
  count: (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0,
  flag: (value: unknown): value is boolean => typeof value === "boolean",
  time: (value: unknown): value is string =>
    typeof value === "string" && value.length < 40 && Number.isFinite(Date.parse(value)),
  pointer: (value: unknown): boolean => asPointer(value) !== null,
  one: (...words: readonly unknown[]): Check => (value) => words.includes(value),
  or: (...checks: readonly Check[]): Check => (value) => checks.some((check) => check(value)),
  list: (check: Check, most: number): Check => (value) =>
    Array.isArray(value) && value.length <= most && value.every(check),
  shape: (checks: Readonly<Record<string, Check>>): Check => (value) => hasShape(value, checks),
} as const;

/**
 * Whether a value is an object that has all the keys, each with a value that passes.
 *
 * @param value Parsed JSON
 * @param checks Key to check
 * @returns `false` for anything else; more keys are fine
 */
export function hasShape(value: unknown, checks: Readonly<Record<string, Check>>): boolean {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const fields = value as Record<string, unknown>;
  return Object.entries(checks).every(([key, check]) =>
    check(Object.hasOwn(fields, key) ? fields[key] : undefined)
  );
}

/**
 * Parses a small JSON object that must mean the same to every reader.
 *
 * @param text The text, its length bounded by the caller
 * @returns The object, or `null` for what is none or has a key twice
 */
export function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
    return duplicateKey(text) === null ? value as Record<string, unknown> : null;
  } catch {
    return null;
  }
}
