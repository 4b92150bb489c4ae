/**
 * How values are named and shown in reports.
 *
 * @module
 */

import type { Json } from "../ast.ts";

/** Longest value shown in a detail, in UTF-16 units. */
const SHOWN = 80;

/**
 * A value of a definition as one reads it: text as it is, nothing for `null`, lists joined.
 *
 * @param value The value
 * @returns The text
 */
export function plainText(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * A value inside a detail: JSON, cut when long.
 *
 * @param value The value
 * @returns The text
 */
export function shownValue(value: Json): string {
  const cut = typeof value === "string" ? value.slice(0, SHOWN + 1) : value;
  const text = JSON.stringify(cut);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/**
 * The class the existing implementation gives a value.
 *
 * @param value The value
 * @returns Such as `String`, `Integer`, `Array`
 */
export function className(value: Json): string {
  if (value === null) return "NilClass";
  switch (typeof value) {
    case "boolean":
      return value ? "TrueClass" : "FalseClass";
    case "number":
      return Number.isInteger(value) ? "Integer" : "Float";
    case "string":
      return "String";
    default:
      return Array.isArray(value) ? "Array" : "Hash";
  }
}
