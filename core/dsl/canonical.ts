/**
 * The law as one sequence of bytes, and its hash. See `kairos_formats/law.md#canonical-json`.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { KairosError } from "../errors.ts";
import { isWellFormed, quote } from "../text.ts";
import type { Json, Law, Skill } from "./ast.ts";

/**
 * A value as canonical JSON: no blanks, keys sorted by UTF-16 code unit, numbers and text as
 * `JSON.stringify` writes them, `-0` as `0`.
 *
 * @param value A JSON value, at most as deep as a {@linkcode Law} may be
 * @returns The one text of this value
 * @throws {KairosError} `invalid` when it holds half a surrogate pair, a number that is not finite
 *   or something that is no JSON
 * @example
 * ```ts
 * import { canonicalJson } from "./canonical.ts";
 *
 * const text = canonicalJson({ b: [1e21, -0], a: null });
 * if (text !== '{"a":null,"b":[1e+21,0]}') throw new Error(text);
 * ```
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string" && isWellFormed(value)) return JSON.stringify(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value !== "object") {
    throw new KairosError("invalid", `Cannot write ${quote(value)} as JSON: no value of JSON`, {
      hint: "Use well-formed text, finite numbers, true, false and null",
    });
  }
  if (isList(value)) return `[${value.map((item) => canonicalJson(item)).join(",")}]`;
  const fields = Object.keys(value).sort().map((key) =>
    `${canonicalJson(key)}:${canonicalJson(value[key] as Json)}`
  );
  return `{${fields.join(",")}}`;
}

/** `Array.isArray` does not narrow a list that is read-only. */
function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

/**
 * The hash of a law.
 *
 * @param law The law
 * @returns SHA-256 of its canonical JSON, 64 hexadecimal digits
 * @throws {KairosError} As {@linkcode canonicalJson}
 */
export function lawHash(law: Law): string {
  return hashOf(lawAsJson(law));
}

/**
 * The hash of one skill.
 *
 * @param skill The skill
 * @returns SHA-256 of its canonical JSON, 64 hexadecimal digits
 * @throws {KairosError} As {@linkcode canonicalJson}
 */
export function skillHash(skill: Skill): string {
  return hashOf(skillAsJson(skill));
}

/**
 * A law as plain JSON, so that types without an index signature can be written and compared.
 *
 * @param law The law
 * @returns The same tree
 */
export function lawAsJson(law: Law): Json {
  return { skills: law.skills.map(skillAsJson) };
}

/**
 * A skill as plain JSON.
 *
 * @param skill The skill
 * @returns The same tree
 */
export function skillAsJson(skill: Skill): { readonly [field: string]: Json } {
  // Every part of a skill is JSON by its type; only the index signature is missing there.
  return skill as unknown as { readonly [field: string]: Json };
}

function hashOf(value: Json): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
