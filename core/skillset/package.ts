/**
 * Packages as a whole: a tree of files becomes an envelope, an envelope becomes files that were
 * judged. See `kairos_formats/skillsets.md#envelope`.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { KairosError } from "../errors.ts";
import { sha256 } from "../objects/objects.ts";
import { contentHash, type FileHash, inByteOrder } from "./content_hash.ts";
import { decodeArchive } from "./decode.ts";
import { TEXT_PIECE } from "./decode_message.ts";
import type { Decoder } from "./decoder.ts";
import { type Envelope, parseEnvelope } from "./envelope.ts";
import type { Package } from "./envelope_write.ts";
import { compress } from "./gzip_write.ts";
import { programOf } from "./judge_content.ts";
import { judgeForm, judgePlace, PathSet } from "./judge_path.ts";
import type { PackageLimits } from "./limits.ts";
import { type Manifest, parseManifest, SKILLSET_LAYERS } from "./manifest.ts";
import { PackageRefusedError } from "./refusal.ts";
import { checkSignature, type KeptSignature, type Signer } from "./signature.ts";
import { type PackedFile, writeTar } from "./tar_write.ts";
import { hashesOf } from "./tree.ts";
import type { UnpackedFile } from "./unpack.ts";

/** A package that was taken apart, every claim of its envelope compared with its content. */
export interface OpenedPackage {
  /** Its envelope. */
  readonly envelope: Envelope;
  /** Its manifest. */
  readonly manifest: Manifest;
  /** Who vouches for it, verified; `null` when nobody does. */
  readonly signature: KeptSignature | null;
  /** Its files in byte order. */
  readonly files: readonly {
    readonly path: string;
    readonly hash: string;
    readonly size: number;
  }[];
}

/** How to open a package. */
export interface OpenPackageOptions {
  /** How much a package may be. */
  readonly limits: PackageLimits;
  /** Gets each file as it comes, before it is known whether the whole is good. */
  readonly onFile?: ((file: UnpackedFile) => void) | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** A decoder that was begun before. */
  readonly decoder?: Decoder | undefined;
}

const MANIFEST = "skillset.json";

/**
 * Opens a package from outside. What `onFile` got counts only once this returns.
 *
 * @param bytes The envelope
 * @param options Limits, who gets the files
 * @returns What is in it
 * @throws {PackageRefusedError} For the first thing that is wrong
 */
export async function openPackage(
  bytes: Uint8Array,
  { limits, onFile, signal, decoder }: OpenPackageOptions,
): Promise<OpenedPackage> {
  const envelope = parseEnvelope(bytes, limits);
  const found: { path: string; hash: string; size: number }[] = [];
  let manifest: Manifest | null = null;
  const decoded = decodeArchive(envelope.archive_base64, envelope.name, {
    limits,
    signal,
    decoder,
  });
  for await (const file of decoded) {
    if (file.path === MANIFEST) manifest = manifestOf(file.bytes);
    found.push({ path: file.path, hash: sha256(file.bytes), size: file.bytes.length });
    onFile?.(file);
  }
  if (manifest === null) throw new PackageRefusedError("bad_manifest", undefined, "it is missing");
  const files = inByteOrder(found, ({ path }) => path);
  compare(envelope, manifest, files);
  return { envelope, manifest, signature: verified(envelope, manifest), files };
}

/**
 * Packs a SkillSet. What a reader would refuse is refused here, before anything is written.
 *
 * @param files Its files that count, `skillset.json` among them; they are held until it is written
 * @param options `layer`: the layer it has here; `clock`: milliseconds since the epoch; `sign`: vouches
 *   for it, when the archive has been written
 * @returns The package, for `writeEnvelope`
 * @throws {KairosError} `invalid` for a manifest that is missing or wrong
 * @throws {PackageRefusedError} For a file that may not travel
 *
 * @example
 * ```ts
 * import { packFiles } from "./package.ts";
 * import { PACKAGE_LIMITS } from "./limits.ts";
 *
 * const bytes = new TextEncoder().encode('{"name":"notes","version":"1.0"}');
 * const { file_list } = packFiles([{ path: "skillset.json", bytes }], {
 *   layer: "L1",
 *   clock: () => 0,
 *   limits: PACKAGE_LIMITS,
 * });
 * if (file_list.join() !== "skillset.json") throw new Error("the manifest is left out");
 * ```
 */
export function packFiles(
  files: readonly PackedFile[],
  { layer, clock, limits, sign = null }: {
    readonly layer: string;
    readonly clock: () => number;
    readonly limits: PackageLimits;
    readonly sign?: Signer | null;
  },
): Package {
  const manifest = files.find(({ path }) => path === MANIFEST);
  if (manifest === undefined) {
    throw new KairosError("invalid", "Cannot package: skillset.json is missing");
  }
  const { name, version, description } = parseManifest(manifest.bytes, MANIFEST);
  judgeTravel(files, limits);
  const hashes = hashesOf(files);
  const hash = contentHash(hashes);
  const tar = writeTar(name, files);
  return {
    name,
    version,
    layer,
    description,
    content_hash: hash,
    file_list: hashes.map(([path]) => path),
    packaged_at: new Date(clock()).toISOString().replace(/\.\d+Z$/, "Z"),
    archive: () => compress(tar),
    sign: sign && ((archiveHash) => sign({ name, version, contentHash: hash, archiveHash })),
  };
}

/**
 * Refuses files that a reader of packages would refuse.
 *
 * @param files The files that count
 * @param limits How much a package may be
 * @throws {PackageRefusedError} For the first thing that is wrong
 */
export function judgeTravel(files: readonly PackedFile[], limits: PackageLimits): void {
  const paths = new PathSet();
  let total = 0;
  for (const { path, bytes } of files) {
    const reason = judgeForm(path, limits.depth) ?? judgePlace(path, limits.allowedTypes) ??
      paths.add(path, "file");
    if (reason !== null) throw new PackageRefusedError(reason, path);
    const program = programOf(path, bytes);
    if (program !== null) throw new PackageRefusedError("executable", path, program);
    if (bytes.length > limits.fileBytes) throw new PackageRefusedError("too_large", path);
    total += bytes.length;
  }
  if (total > limits.outputBytes) throw new PackageRefusedError("too_large");
  if (files.length > limits.entries) throw new PackageRefusedError("too_many_entries");
}

/** The signature of an envelope whose claims were compared with its content. */
function verified(envelope: Envelope, { name, version }: Manifest): KeptSignature | null {
  const { package_signature, archive_base64, content_hash: contentHash } = envelope;
  if (package_signature === null) return null;
  const facts = { name, version, contentHash, archiveHash: archiveHashOf(archive_base64) };
  const signature = checkSignature(package_signature, facts);
  if (signature === null) return null;
  const { key, sig } = signature;
  return { version, contentHash, archiveHash: facts.archiveHash, key, sig };
}

/** The SHA-256 of an archive that was read, so that it is known to be base64. */
function archiveHashOf(base64: Uint8Array): string {
  const hash = createHash("sha256");
  const text = new TextDecoder();
  for (let at = 0; at < base64.length; at += TEXT_PIECE) {
    hash.update(Uint8Array.fromBase64(text.decode(base64.subarray(at, at + TEXT_PIECE))));
  }
  return hash.digest("hex");
}

function manifestOf(bytes: Uint8Array): Manifest {
  try {
    return parseManifest(bytes, MANIFEST);
  } catch (error) {
    if (!(error instanceof KairosError)) throw error;
    throw new PackageRefusedError("bad_manifest", undefined, error.message);
  }
}

/** Holds the envelope to what came out of it. A claim that is left out is none. */
function compare(
  envelope: Envelope,
  manifest: Manifest,
  files: OpenedPackage["files"],
): void {
  if (manifest.name !== envelope.name) {
    throw new PackageRefusedError(
      "name_mismatch",
      undefined,
      `declared '${envelope.name}' but skillset.json contains '${manifest.name}'`,
    );
  }
  const found = contentHash(files.map(({ path, hash }): FileHash => [path, hash]));
  if (found !== envelope.content_hash) {
    const detail = `expected ${envelope.content_hash}, got ${found}`;
    throw new PackageRefusedError("bad_hash", undefined, detail);
  }
  const { version, layer, description, file_list } = envelope;
  const list = files.map(({ path }) => path);
  // The layer is the one the SkillSet had where it was packed, which may not be its manifest's.
  const isLayer = layer === null || SKILLSET_LAYERS.some((known) => known === layer);
  const differs = (!isLayer && "layer") ||
    (version !== null && version !== manifest.version && "version") ||
    (description !== null && description !== manifest.description && "description") ||
    (file_list !== null && file_list.join("\0") !== list.join("\0") && "file_list");
  if (differs) throw new PackageRefusedError("envelope_mismatch", differs);
}
