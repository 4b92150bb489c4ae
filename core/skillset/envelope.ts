/**
 * The envelope in which a SkillSet travels. See `kairos_formats/skillsets.md#envelope`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { parseJsonObject } from "../json_object.ts";
import { LongText } from "../long_texts.ts";
import type { PackageLimits } from "./limits.ts";
import { checkSkillSetName } from "./names.ts";
import { PackageRefusedError } from "./refusal.ts";

/** An envelope, read. What it says about its content is a claim until the content was seen. */
export interface Envelope {
  /** Name of the SkillSet. */
  readonly name: string;
  /** Its version; `null` when nothing is said. */
  readonly version: string | null;
  /** The layer it asks for; `null` when nothing is said. */
  readonly layer: string | null;
  /** What it is about; `null` when nothing is said. */
  readonly description: string | null;
  /** The content hash. */
  readonly content_hash: string;
  /** Its files in byte order; `null` when nothing is said. */
  readonly file_list: readonly string[] | null;
  /** The archive: base64 of gzip of ustar, one byte a character; not a copy where it is long. */
  readonly archive_base64: Uint8Array;
  /** When it was packed; `null` when nothing is said. */
  readonly packaged_at: string | null;
  /** Who vouches for it, as it came; `null` for nobody. */
  readonly package_signature: unknown;
}

/** Envelopes are flat but for the wrapper and the signature. */
const DEPTH = 8;

const HASH = /^[0-9a-f]{64}$/;

/** Longest text of each claim, in UTF-16 units. */
const LONGEST = { version: 128, layer: 16, description: 4096, packaged_at: 64 } as const;

/** Longest text that is copied to be read, in bytes; only the archive may be longer. */
const LONG = 64 * 1024;

/** Longest path in a list of files. */
const LONGEST_PATH = 1024;

/**
 * Reads an envelope, also one in the wrapper `{"skillset_package": …}` of a peer's answer.
 *
 * @param bytes The file or the answer
 * @param limits How much a package may be
 * @returns The envelope
 * @throws {PackageRefusedError} `not_a_package`, `no_hash`, `bad_hash`, `too_large`
 *
 * @example
 * ```ts
 * import { parseEnvelope } from "./envelope.ts";
 * import { PACKAGE_LIMITS } from "./limits.ts";
 *
 * const json = `{"name":"notes","archive_base64":"","content_hash":"${"0".repeat(64)}"}`;
 * const { name } = parseEnvelope(new TextEncoder().encode(json), PACKAGE_LIMITS);
 * if (name !== "notes") throw new Error("the name is lost");
 * ```
 */
export function parseEnvelope(bytes: Uint8Array, limits: PackageLimits): Envelope {
  const refuse = (what: string): PackageRefusedError =>
    new PackageRefusedError("not_a_package", undefined, what);
  const raw = readRaw(bytes, limits, refuse);
  if (raw["name"] === undefined || raw["name"] === null) throw refuse("Archive missing 'name'");
  const name = raw["name"];
  try {
    checkSkillSetName(name);
  } catch (error) {
    throw error instanceof KairosError ? refuse(error.message) : error;
  }
  const archive = raw["archive_base64"];
  if (archive === undefined || archive === null) throw refuse("Archive missing 'archive_base64'");
  const isText = typeof archive === "string";
  if (!isText && !(archive instanceof LongText)) throw refuse("'archive_base64' is no text");
  const hash = raw["content_hash"];
  if (hash === undefined || hash === null) throw new PackageRefusedError("no_hash");
  if (typeof hash !== "string" || !HASH.test(hash)) {
    throw new PackageRefusedError(
      "bad_hash",
      undefined,
      "it is not 64 lower-case hexadecimal digits",
    );
  }
  const claim = (field: keyof typeof LONGEST): string | null => {
    const value = raw[field] ?? null;
    if (value === null || isClaim(value, LONGEST[field])) return value;
    throw refuse(`'${field}' is of another type`);
  };
  const list = raw["file_list"] ?? null;
  if (list !== null && !isList(list)) throw refuse("'file_list' is of another type");
  return {
    name,
    version: claim("version"),
    layer: claim("layer"),
    description: claim("description"),
    content_hash: hash,
    file_list: list,
    archive_base64: isText ? new TextEncoder().encode(archive) : archive.bytes,
    packaged_at: claim("packaged_at"),
    package_signature: raw["package_signature"] ?? null,
  };
}

function isClaim(value: unknown, limit: number): value is string {
  return typeof value === "string" && value.length <= limit;
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((path) => isClaim(path, LONGEST_PATH));
}

function readRaw(
  bytes: Uint8Array,
  limits: PackageLimits,
  refuse: (what: string) => PackageRefusedError,
): Readonly<Record<string, unknown>> {
  if (bytes.length > limits.inputBytes) throw new PackageRefusedError("too_large");
  // Unpacking happens in one place only, and that is not here.
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw refuse("it is compressed: gunzip it first");
  try {
    const bounds = { bytes: limits.inputBytes, depth: DEPTH, text: LONG };
    const object = parseJsonObject(bytes, bounds, "Cannot read the package");
    const wrapped = object["skillset_package"];
    if (wrapped === undefined || Object.hasOwn(object, "name")) return object;
    if (typeof wrapped !== "object" || wrapped === null || Array.isArray(wrapped)) {
      throw refuse("'skillset_package' is no object");
    }
    return wrapped as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (!(error instanceof KairosError) || error instanceof PackageRefusedError) throw error;
    throw refuse(error.message);
  }
}
