/**
 * The source texts of laws, kept as objects.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import type { Store } from "../store.ts";
import { MAX_LAW_SOURCE } from "./law_file.ts";
import { type LawSettings, lawSettings } from "./law_settings.ts";
import type { ParsedLaw, ParsedLaws } from "./parsed_laws.ts";

/** Where laws are read. */
export interface LawSources {
  /** The objects. */
  readonly store: Store;
  /** The laws that were read before. */
  readonly laws: ParsedLaws;
}

/**
 * The source text of a version of the law.
 *
 * @param store The objects
 * @param object Its SHA-256
 * @returns The text, or `null` when it is not kept, too long or was changed
 */
export function lawSource(store: Store, object: string): string | null {
  const bytes = lawBytes(store, object);
  try {
    const strict = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
    return bytes === null ? null : strict.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * A version of the law, read.
 *
 * @param sources The objects
 * @param object SHA-256 of its source text
 * @returns The law, or the message that tells why there is none
 */
export function keptLaw({ store, laws }: LawSources, object: string): ParsedLaw | string {
  const bytes = lawBytes(store, object);
  if (bytes === null) return "its source text is not kept here or was changed";
  try {
    return laws.read(object, bytes);
  } catch (error) {
    if (!(error instanceof KairosError)) throw error;
    return `its source cannot be read: ${error.message}`;
  }
}

/**
 * What a version of the law asks of changes.
 *
 * @param sources The objects
 * @param object SHA-256 of its source text
 * @returns Its settings, or the message that tells why there are none
 */
export function keptSettings(sources: LawSources, object: string): LawSettings | string {
  const found = keptLaw(sources, object);
  if (typeof found === "string") return found;
  try {
    return lawSettings(found.law);
  } catch (error) {
    if (!(error instanceof KairosError)) throw error;
    return error.message;
  }
}

/**
 * An object, where its bytes are still what they were.
 *
 * @param store The objects
 * @param object Its SHA-256
 * @returns The bytes, or `null` when they are not kept or were changed
 * @throws {KairosError} `io`
 */
export function keptBytes(store: Store, object: string): Uint8Array | null {
  try {
    return store.objects.get(object);
  } catch (error) {
    if (error instanceof KairosError && error.code === "corrupt") return null;
    throw error;
  }
}

function lawBytes(store: Store, object: string): Uint8Array | null {
  const bytes = keptBytes(store, object);
  return bytes === null || bytes.length > MAX_LAW_SOURCE ? null : bytes;
}
