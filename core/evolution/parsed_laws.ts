/**
 * Laws that were read before, so that a server reads each source once.
 *
 * A law is a function of the bytes of its source and of nothing else, so their SHA-256 is the key.
 * Nothing of it is on the disk, where it could be changed.
 *
 * @module
 */

import type { Law } from "../dsl/ast.ts";
import { lawHash } from "../dsl/canonical.ts";
import { parseLaw } from "../dsl/parse_typescript.ts";
import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import { LAW_SOURCE } from "./law_file.ts";

/** A law that was read. */
export interface ParsedLaw {
  /** Its source text. */
  readonly source: string;
  /** The law; frozen, since everybody who asks gets the same. */
  readonly law: Law;
  /** Its hash as data. */
  readonly ast: string;
}

/** Most text of sources that is kept, in UTF-16 units: the law in force, an edit of it, and room. */
const MOST = 4 * 1024 * 1024;

/**
 * The laws one instance has read.
 *
 * @example
 * ```ts
 * import { sha256 } from "../objects/objects.ts";
 * import { ParsedLaws } from "./parsed_laws.ts";
 *
 * const laws = new ParsedLaws();
 * const source = new TextEncoder().encode('skill("core_safety", { title: "Safety" });');
 * const object = sha256(source);
 * if (laws.read(object, source).law !== laws.read(object, source).law) throw new Error("read twice");
 * ```
 */
export class ParsedLaws {
  readonly #kept = new Map<string, ParsedLaw>();
  #units = 0;

  /**
   * Reads a law.
   *
   * @param object SHA-256 of the bytes, which the caller has just taken or checked
   * @param bytes Its source
   * @returns The law, read now or before
   * @throws {KairosError} `invalid` for what is no UTF-8, and as `parseLaw`; what cannot be read is not
   *   kept
   */
  read(object: string, bytes: Uint8Array): ParsedLaw {
    const kept = this.#kept.get(object);
    if (kept !== undefined) return kept;
    const source = decoded(bytes);
    const law = frozen(parseLaw(source, { file: LAW_SOURCE }));
    const parsed = { source, law, ast: lawHash(law) };
    for (const [oldest, { source: { length } }] of this.#kept) {
      if (this.#units + source.length <= MOST) break;
      this.#kept.delete(oldest);
      this.#units -= length;
    }
    this.#kept.set(object, parsed);
    this.#units += source.length;
    return parsed;
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(bytes);
  } catch {
    throw new KairosError("invalid", `Cannot read ${quote(LAW_SOURCE)}: it is no UTF-8`, {
      hint: "Save the file as UTF-8",
    });
  }
}

function frozen<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (inner !== null && typeof inner === "object") frozen(inner);
  }
  return Object.freeze(value);
}
