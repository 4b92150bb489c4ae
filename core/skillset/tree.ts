/**
 * The files of a SkillSet's folder. See `kairos_formats/skillsets.md#content-hash`.
 *
 * @module
 */

import type { FolderEntry } from "../disk/mod.ts";
import { isTransitName } from "../disk/mod.ts";
import { sha256 } from "../objects/objects.ts";
import { contentHash, type FileHash, inByteOrder } from "./content_hash.ts";
import { judgeForm, PathSet } from "./judge_path.ts";
import type { PackageLimits } from "./limits.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { PackageRefusedError } from "./refusal.ts";
import type { PackedFile } from "./tar_write.ts";

const MANIFEST = "skillset.json";

/** What files are read through: the disk, or the view of an instance. */
export interface TreeSource {
  /** The entries of a folder. */
  list(path: string): FolderEntry[];
  /** The bytes of a file, or `null`. */
  read(path: string, maxBytes: number): Uint8Array | null;
}

/**
 * Reads the files that count. A link is refused: what it leads to may be anybody's.
 *
 * @param source What files are read through
 * @param folder The SkillSet's folder
 * @param limits How much it may be
 * @param options `hidden`: also files with a leading dot in their path
 * @returns Its files in byte order
 * @throws {PackageRefusedError} `link`, `special_file`, `too_large`, `too_many_entries`, and the reasons
 *   of a path that leads astray
 */
export function readTree(
  source: TreeSource,
  folder: string,
  limits: PackageLimits,
  { hidden = false }: { readonly hidden?: boolean } = {},
): PackedFile[] {
  const files: PackedFile[] = [];
  let entries = 0;
  let bytes = 0;
  const walk = (inside: string) => {
    for (const { name, kind } of source.list(inside === "" ? folder : `${folder}/${inside}`)) {
      const path = inside === "" ? name : `${inside}/${name}`;
      if (isTransitName(name) || (!hidden && name.startsWith("."))) continue;
      if (++entries > limits.entries) throw new PackageRefusedError("too_many_entries");
      if (path.split("/").length > limits.depth) throw new PackageRefusedError("too_deep", path);
      if (kind === "link") throw new PackageRefusedError("link", path);
      if (kind === "other") throw new PackageRefusedError("special_file", path);
      if (kind === "folder") walk(path);
      else {
        const content = source.read(`${folder}/${path}`, limits.fileBytes) ?? new Uint8Array(0);
        bytes += content.length;
        if (bytes > limits.outputBytes) throw new PackageRefusedError("too_large");
        files.push({ path, bytes: content });
      }
    }
  };
  walk("");
  return inByteOrder(files, ({ path }) => path);
}

/**
 * Refuses files that could not lie side by side on every system.
 *
 * @param files The files
 * @param limits Most names in a path
 * @throws {PackageRefusedError} The reason
 */
export function judgeTree(files: readonly PackedFile[], limits: PackageLimits): void {
  const paths = new PathSet();
  for (const { path } of files) {
    const reason = judgeForm(path, limits.depth) ?? paths.add(path, "file");
    if (reason !== null) throw new PackageRefusedError(reason, path);
  }
}

/**
 * The hashes of files.
 *
 * @param files The files
 * @returns Path and SHA-256 of each, in byte order
 */
export function hashesOf(files: readonly PackedFile[]): FileHash[] {
  return inByteOrder(files, ({ path }) => path).map(({ path, bytes }) => [path, sha256(bytes)]);
}

/**
 * The content hash of files.
 *
 * @param files The files that count
 * @returns 64 hexadecimal digits
 *
 * @example
 * ```ts
 * import { treeHash } from "./tree.ts";
 *
 * if (!treeHash([]).startsWith("44136fa355b3678a")) throw new Error("the hash of {} is fixed");
 * ```
 */
export function treeHash(files: readonly PackedFile[]): string {
  return contentHash(hashesOf(files));
}

/**
 * The manifest of a SkillSet.
 *
 * @param files Its files
 * @returns What its `skillset.json` says
 * @throws {PackageRefusedError} `bad_manifest` when there is none
 * @throws {KairosError} `invalid` for one that is none
 */
export function treeManifest(files: readonly PackedFile[]): Manifest {
  const manifest = files.find(({ path }) => path === MANIFEST);
  if (manifest !== undefined) return parseManifest(manifest.bytes, MANIFEST);
  throw new PackageRefusedError("bad_manifest", undefined, "it is missing");
}
