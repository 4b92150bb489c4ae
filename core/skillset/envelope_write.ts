/**
 * Writes the envelope in which a SkillSet travels, its archive packed on the way: neither the archive nor
 * the text is ever held as a whole. See `kairos_formats/skillsets.md#envelope`.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { base64Pieces } from "./base64_write.ts";
import type { PackageSignature } from "./signature.ts";

/** A package for others: what its envelope says, and how the rest is made while it is written. */
export interface Package {
  /** Name of the SkillSet. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** The layer it has here. */
  readonly layer: string;
  /** What it is about. */
  readonly description: string;
  /** The content hash. */
  readonly content_hash: string;
  /** Its files in byte order. */
  readonly file_list: readonly string[];
  /** When it was packed. */
  readonly packaged_at: string;
  /** Packs the archive, gzip of ustar, in pieces; the same bytes each time. */
  readonly archive: () => Iterable<Uint8Array>;
  /** Vouches for it, given the SHA-256 of the archive; `null` for nobody. */
  readonly sign: ((archiveHash: string) => PackageSignature) | null;
}

/**
 * The envelope as text, in the order others write it.
 *
 * @param given The package
 * @param options `compact`: without blanks and newlines, as it travels between instances; else with two
 *   blanks of indentation and a newline at the end, as in a file
 * @returns JSON in pieces, each made when the one before was taken
 *
 * @example
 * ```ts
 * import { writeEnvelope } from "./envelope_write.ts";
 *
 * const facts = { name: "notes", version: "1.0", layer: "L1", description: "", content_hash: "" };
 * const archive = () => [new Uint8Array([0x1f, 0x8b])];
 * const given = { ...facts, file_list: [], packaged_at: "", archive, sign: null };
 * const text = [...writeEnvelope(given)].join("");
 * if (JSON.parse(text).archive_base64 !== "H4s=") throw new Error("the archive is lost");
 * ```
 */
export function* writeEnvelope(
  given: Package,
  { compact = false }: { readonly compact?: boolean } = {},
): Generator<string, void> {
  const { name, version, layer, description, content_hash, file_list } = given;
  const { archive, packaged_at, sign } = given;
  const fields = (some: object) =>
    JSON.stringify(some, null, compact ? 0 : 2).slice(1, -1).trimEnd();
  const beginning = { name, version, layer, description, content_hash, file_list };
  yield `{${fields(beginning)},${fields({ archive_base64: "" }).slice(0, -1)}`;
  const hash = createHash("sha256");
  yield* base64Pieces(tapped(archive(), (piece) => hash.update(piece)));
  const end = {
    packaged_at,
    ...(sign === null ? {} : { package_signature: sign(hash.digest("hex")) }),
  };
  yield `",${fields(end)}${compact ? "}" : "\n}\n"}`;
}

/** The same pieces; somebody looks at each as it goes by. */
function* tapped(
  pieces: Iterable<Uint8Array>,
  look: (piece: Uint8Array) => void,
): Generator<Uint8Array> {
  for (const piece of pieces) {
    look(piece);
    yield piece;
  }
}
