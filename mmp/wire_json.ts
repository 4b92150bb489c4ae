/**
 * JSON as it travels between instances: signatures depend on the order of keys and on the spelling of
 * numbers, both of which `JSON.parse` forgets. See `kairos_formats/meeting.md#signatures`.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import { isWellFormed } from "../core/text.ts";

/** A number as it was written. */
export class WireNumber {
  /** Its token in JSON. */
  readonly raw: string;

  /** @param raw Its token in JSON */
  constructor(raw: string) {
    this.raw = raw;
  }
}

/** An object, with its keys in the order they were sent. */
export type WireMap = ReadonlyMap<string, Wire>;

/** Any value. */
export type Wire = null | boolean | string | WireNumber | readonly Wire[] | WireMap;

/** Bounds of what is read. */
export interface WireLimits {
  /** Most levels of lists and objects; {@linkcode WIRE_DEPTH} unless given. */
  readonly depth?: number;
  /** Most values, lists and objects and what is in them; any number unless given. */
  readonly values?: number;
}

/** Most levels of lists and objects. */
export const WIRE_DEPTH = 100;

const WORDS: ReadonlyMap<string, null | boolean> = new Map([
  ["null", null],
  ["true", true],
  ["false", false],
]);

/**
 * Reads JSON. A key that stands twice has its first place and its last value, as signers see it. The
 * length is for the caller to bound.
 *
 * @param text The JSON
 * @param limits Most levels, and most values where time counts: a value takes as long as a hundred letters
 * @returns The value
 * @throws {KairosError} `invalid` for what is no JSON, is too deep, has too many values or holds half a
 *   character
 *
 * @example
 * ```ts
 * import { parseWire, wireText } from "./wire_json.ts";
 *
 * const sent = '{ "b": 1E3, "10": 2, "9": "\\u65e5" }';
 * if (wireText(parseWire(sent)) !== '{"b":1000.0,"10":2,"9":"日"}') throw new Error("not as signed");
 * ```
 */
export function parseWire(text: string, limits: WireLimits = {}): Wire {
  return new Reader(text, limits).whole();
}

/**
 * Writes a value as the text that is signed: compact, order kept, numbers in one spelling.
 *
 * @param value The value
 * @returns JSON
 */
export function wireText(value: Wire): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof WireNumber) return numberText(value.raw);
  if (isList(value)) return `[${value.map(wireText).join(",")}]`;
  const fields = [...value].map(([key, inner]) => `${JSON.stringify(key)}:${wireText(inner)}`);
  return `{${fields.join(",")}}`;
}

/**
 * The value as ordinary JavaScript, for schemas: objects without a prototype, numbers as numbers.
 *
 * @param value The value
 * @returns What `JSON.parse` would have made, but for the prototypes
 */
export function plain(value: Wire): unknown {
  if (value instanceof WireNumber) return Number(value.raw);
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map(plain);
  const object: Record<string, unknown> = Object.create(null);
  for (const [key, inner] of value) object[key] = plain(inner);
  return object;
}

/**
 * Whether a value is an object.
 *
 * @param value A value, or nothing
 * @returns `false` for everything else
 */
export function isWireMap(value: Wire | undefined): value is WireMap {
  return value instanceof Map;
}

/**
 * The text in a field.
 *
 * @param map An object
 * @param key The field
 * @returns Its text, or `null` when it is missing or no text
 */
export function textAt(map: WireMap, key: string): string | null {
  const value = map.get(key);
  return typeof value === "string" ? value : null;
}

function isList(value: readonly Wire[] | WireMap): value is readonly Wire[] {
  return Array.isArray(value);
}

const INTEGER = /^-?\d+$/;
/** From here on, and below {@linkcode SMALLEST}, the existing implementation writes an exponent. */
const LARGEST = 1e15;
const SMALLEST = 1e-4;

/** Whole numbers stay as they are, at any size; all others are floats with a digit behind the point. */
function numberText(raw: string): string {
  if (INTEGER.test(raw)) return raw === "-0" ? "0" : raw;
  const value = Number(raw);
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (value === 0 || (size >= SMALLEST && size < LARGEST)) {
    const text = String(value);
    return INTEGER.test(text) ? `${text}.0` : text;
  }
  const [digits, exponent] = value.toExponential().split("e") as [string, string];
  const power = exponent.slice(1).padStart(2, "0");
  return `${digits.includes(".") ? digits : `${digits}.0`}e${exponent[0]}${power}`;
}

class Reader {
  readonly #text: string;
  readonly #depth: number;
  readonly #most: number;
  #at = 0;
  #values = 0;

  constructor(text: string, { depth = WIRE_DEPTH, values = Infinity }: WireLimits) {
    this.#text = text;
    this.#depth = depth;
    this.#most = values;
  }

  whole(): Wire {
    const value = this.#value(0);
    this.#match(BLANK);
    if (this.#at < this.#text.length) throw this.#fault("something stands behind the end");
    return value;
  }

  #value(level: number): Wire {
    if (++this.#values > this.#most) throw this.#fault(`it has more than ${this.#most} values`);
    this.#match(BLANK);
    const start = this.#text[this.#at];
    if (start === '"') return this.#string();
    if (start === "{" || start === "[") {
      if (level >= this.#depth) throw this.#fault(`it is deeper than ${this.#depth} levels`);
      this.#at++;
      return start === "{" ? this.#map(level + 1) : this.#list(level + 1);
    }
    const number = this.#match(NUMBER);
    if (number !== null) {
      if (!Number.isFinite(Number(number))) throw this.#fault("a number is out of range");
      return new WireNumber(number);
    }
    const word = WORDS.get(this.#match(WORD) ?? "");
    if (word === undefined) throw this.#fault("a value is missing");
    return word;
  }

  #map(level: number): WireMap {
    const map = new Map<string, Wire>();
    if (this.#next("}")) return map;
    do {
      this.#match(BLANK);
      if (this.#text[this.#at] !== '"') throw this.#fault("a key is missing");
      const key = this.#string();
      if (!this.#next(":")) throw this.#fault("a colon is missing");
      map.set(key, this.#value(level));
    } while (this.#next(","));
    if (!this.#next("}")) throw this.#fault("an object does not end");
    return map;
  }

  #list(level: number): Wire[] {
    const list: Wire[] = [];
    if (this.#next("]")) return list;
    do list.push(this.#value(level)); while (this.#next(","));
    if (!this.#next("]")) throw this.#fault("a list does not end");
    return list;
  }

  #string(): string {
    const token = this.#match(STRING);
    if (token === null) throw this.#fault("a text does not end");
    let text: string;
    try {
      text = JSON.parse(token);
    } catch {
      throw this.#fault("a text holds what must be escaped");
    }
    if (!isWellFormed(text)) throw this.#fault("a text holds half a character");
    return text;
  }

  #next(char: string): boolean {
    this.#match(BLANK);
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #fault(what: string): KairosError {
    return new KairosError("invalid", `Cannot read JSON: ${what}, at character ${this.#at + 1}`);
  }
}

const BLANK = /[ \t\r\n]*/y;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/ys;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[a-z]+/y;
