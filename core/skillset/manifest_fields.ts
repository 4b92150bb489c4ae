/**
 * The fields of a manifest, checked one by one. No schema library: a manifest is read where a command
 * must not wait for one to be loaded.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";

/** Most items of a list. */
const MAX_ITEMS = 256;
const MAX_PATH = 1024;

/** Makes something of a value. */
export type Check<T> = (value: unknown) => T;

/** Says what is wrong with a value, as the rest of a sentence. */
class Unfit extends Error {
  override readonly name = "Unfit";
}

/** An object whose fields are checked as they are asked for. */
export class ManifestFields {
  readonly #raw: Readonly<Record<string, unknown>>;
  readonly #attempt: (field: string) => string;

  /**
   * @param raw The object
   * @param attempt Begins the message about a field: `Invalid skillset.json in "x"`
   */
  constructor(raw: Readonly<Record<string, unknown>>, attempt: (field: string) => string) {
    this.#raw = raw;
    this.#attempt = attempt;
  }

  /**
   * A field that may be left out.
   *
   * @param field Its name
   * @param check What it must be
   * @param otherwise What it is when it is left out
   * @returns Its value
   * @throws {KairosError} `invalid`, naming the field
   */
  get<T, U>(field: string, check: Check<T>, otherwise: U): T | U {
    const value = Object.hasOwn(this.#raw, field) ? this.#raw[field] : undefined;
    if (value === undefined) return otherwise;
    try {
      return check(value);
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      const message = `${this.#attempt(field)}: ${quote(field)}: ${error.message}`;
      throw new KairosError("invalid", message, {
        hint: "The fields and their types are in the entry kairos_formats",
      });
    }
  }
}

/**
 * A text of bounded length.
 *
 * @param limit Most UTF-16 units
 * @returns The check
 */
export function aText(limit: number): Check<string> {
  return (value) => {
    if (typeof value !== "string") throw new Unfit("it must be a text");
    if (value.length > limit) throw new Unfit(`it is longer than ${limit} characters`);
    return value;
  };
}

/**
 * A path below the SkillSet.
 *
 * @param value What should be one
 * @returns The path
 */
export function aPath(value: unknown): string {
  const path = aText(MAX_PATH)(value);
  const isInside = path !== "" && !/^[/\\]|^[a-zA-Z]:|\\|\0/.test(path) &&
    path.split("/").every((segment) => segment !== ".." && segment !== ".");
  if (!isInside) throw new Unfit("must be a path below the SkillSet");
  return path;
}

/**
 * True or false.
 *
 * @param value What should be one of them
 * @returns It
 */
export function aBoolean(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new Unfit("it must be true or false");
}

/**
 * A list.
 *
 * @param item What each of its items must be
 * @returns The check
 */
export function aList<T>(item: Check<T>): Check<T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new Unfit("it must be a list");
    if (value.length > MAX_ITEMS) throw new Unfit(`it has more than ${MAX_ITEMS} items`);
    return value.map(item);
  };
}

/**
 * One of some words.
 *
 * @param words The words
 * @returns The check
 */
export function oneOf<T extends string>(words: readonly T[]): Check<T> {
  return (value) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new Unfit(`it must be one of ${words.join(", ")}`);
    return found;
  };
}

/**
 * A name, or an object that gives a name and perhaps a version.
 *
 * @param value What should be one
 * @returns Name and version; the version is empty when none is given
 */
export function aDependency(
  value: unknown,
): { readonly name: string; readonly version: string } {
  if (typeof value === "string") return { name: aText(64)(value), version: "" };
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new Unfit("it must hold names or objects with name and version");
  }
  const { name, version = "" } = value as Readonly<Record<string, unknown>>;
  return { name: aText(64)(name), version: aText(256)(version) };
}
