/**
 * A SkillSet as a decision names it: one hash for its files, its layer, whether it is in use, whether it
 * is offered to others, and who vouches for it, so that a yes to one is never a yes to another. See `kairos_formats/skillsets.md#decisions`.
 *
 * @module
 */

import { sha256 } from "../objects/objects.ts";
import { type FileHash, inByteOrder } from "./content_hash.ts";
import { SKILLSET_LAYERS, type SkillSetLayer } from "./manifest.ts";
import type { Shelf } from "./shelf.ts";
import { isKeptSignature, type KeptSignature } from "./signature.ts";
import type { PackedFile } from "./tar_write.ts";
import { hashesOf } from "./tree.ts";

/** What a decision about a SkillSet is bound to. */
export interface BoundSkillSet {
  /** Its files that count, with their hashes, in byte order. */
  readonly files: readonly FileHash[];
  /** The layer that governs it. */
  readonly layer: SkillSetLayer;
  /** Whether it is in use. */
  readonly enabled: boolean;
  /** Whether it is offered to other instances: what comes into use then reaches them. */
  readonly shared: boolean;
  /** Who vouched for it when it came; `null` for nobody. */
  readonly signature: KeptSignature | null;
}

/**
 * An installed SkillSet as a decision names it.
 *
 * @param shelf The SkillSets
 * @param name Its name
 * @returns What a decision is bound to
 * @throws {KairosError} `not_found`; `invalid` for a broken one
 * @throws {PackageRefusedError} For files that cannot be read as a SkillSet
 */
export function boundSkillSet(shelf: Shelf, name: string): BoundSkillSet {
  const { layer, enabled, shared } = shelf.whole(name);
  const { signature = null } = shelf.state.of(name);
  return { files: hashesOf(shelf.files(name)), layer, enabled, shared, signature };
}

/**
 * The bytes a decision hashes. They are kept as an object, and their list of files keeps the files.
 *
 * @param bound The SkillSet
 * @returns `{"files":{"path":"SHA-256"},"layer":"L2","enabled":false}`, paths in byte order; then
 *   `"shared":true` and `"signature":{…}` where there is such a thing
 *
 * @example
 * ```ts
 * import { encodeBound, parseBound } from "./bound.ts";
 *
 * const state = { layer: "L2", enabled: false, shared: false, signature: null } as const;
 * const bytes = encodeBound({ files: [], ...state });
 * if (parseBound(bytes)?.layer !== "L2") throw new Error("it is read as it was written");
 * ```
 */
export function encodeBound(bound: BoundSkillSet): Uint8Array {
  const { files, layer, enabled, shared, signature } = bound;
  // Written by hand: an object would put names such as 9 before all others.
  const list = inByteOrder(files, ([path]) => path)
    .map(([path, hash]) => `${JSON.stringify(path)}:"${hash}"`).join();
  const more = [
    `"layer":"${layer}"`,
    `"enabled":${enabled}`,
    ...(shared ? ['"shared":true'] : []),
    ...(signature === null ? [] : [`"signature":${signatureText(signature)}`]),
  ];
  return new TextEncoder().encode(`{"files":{${list}},${more.join()}}`);
}

/**
 * Reads what {@linkcode encodeBound} wrote.
 *
 * @param bytes The bytes
 * @returns The SkillSet, or `null` for what is none
 */
export function parseBound(bytes: Uint8Array): BoundSkillSet | null {
  const value = parsed(bytes);
  if (value === null) return null;
  const { files, layer: said, enabled, shared = false, signature = null } = value;
  const layer = SKILLSET_LAYERS.find((known) => known === said);
  if (layer === undefined || typeof enabled !== "boolean" || typeof files !== "object") return null;
  if (typeof shared !== "boolean" || !(signature === null || isKeptSignature(signature))) {
    return null;
  }
  const found: FileHash[] = Object.entries(files ?? {}).map(([path, hash]) => [path, String(hash)]);
  const ordered = inByteOrder(found, ([path]) => path);
  const bound = { files: ordered, layer, enabled, shared, signature };
  return sha256(encodeBound(bound)) === sha256(bytes) ? bound : null;
}

/**
 * The files of a SkillSet as a decision names it.
 *
 * @param bound What a decision is bound to
 * @param contentOf The bytes of a SHA-256, or `null` where they are not at hand
 * @returns Its files in byte order, or the path of the first that is not at hand
 */
export function boundFiles(
  { files }: BoundSkillSet,
  contentOf: (hash: string) => Uint8Array | null,
): PackedFile[] | string {
  const found: PackedFile[] = [];
  for (const [path, hash] of files) {
    const bytes = contentOf(hash);
    if (bytes === null) return path;
    found.push({ path, bytes });
  }
  return found;
}

function signatureText({ key, sig, version, contentHash, archiveHash }: KeptSignature): string {
  return JSON.stringify({ key, sig, version, contentHash, archiveHash });
}

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return value !== null && typeof value === "object" ? value as Record<string, unknown> : null;
  } catch {
    return null;
  }
}
