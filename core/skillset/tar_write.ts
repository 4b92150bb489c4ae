/**
 * Packs a SkillSet's files: one tree, one archive, byte for byte. See
 * `kairos_formats/skillsets.md#archive`.
 *
 * @module
 */

import { gzipSync } from "node:zlib";
import { inByteOrder } from "./content_hash.ts";
import { BLOCK, type TarEntry, writeHeader } from "./tar_header.ts";

/** A file to pack. */
export interface PackedFile {
  /** Path below the SkillSet's folder, with `/`. */
  readonly path: string;
  /** Its bytes. */
  readonly bytes: Uint8Array;
}

/**
 * Packs files into a ustar archive below one folder, folders before what they hold.
 *
 * @param folder The folder: the SkillSet's name
 * @param files The files, in any order
 * @returns The archive
 * @throws {KairosError} `invalid` when a path does not fit into a header
 */
export function writeTar(folder: string, files: readonly PackedFile[]): Uint8Array<ArrayBuffer> {
  const folders = new Set(files.flatMap(({ path }) => foldersAbove(`${folder}/${path}`)));
  const entries: { entry: TarEntry; bytes: Uint8Array }[] = [
    ...[...folders].map((path) => ({
      entry: { path, kind: "folder" as const, size: 0 },
      bytes: new Uint8Array(0),
    })),
    ...files.map(({ path, bytes }) => ({
      entry: { path: `${folder}/${path}`, kind: "file" as const, size: bytes.length },
      bytes,
    })),
  ].filter(({ entry }) => entry.path !== folder);
  const sizes = entries.map(({ bytes }) => BLOCK + Math.ceil(bytes.length / BLOCK) * BLOCK);
  const archive = new Uint8Array(sizes.reduce((sum, size) => sum + size, 2 * BLOCK));
  let offset = 0;
  for (const { entry, bytes } of inByteOrder(entries, ({ entry }) => entry.path)) {
    archive.set(writeHeader(entry), offset);
    archive.set(bytes, offset + BLOCK);
    offset += BLOCK + Math.ceil(bytes.length / BLOCK) * BLOCK;
  }
  return archive;
}

/**
 * Compresses an archive; the header names no file, no time, and always the same system.
 *
 * @param archive The archive
 * @returns The gzip stream
 */
export function compress(archive: Uint8Array): Uint8Array {
  const packed = gzipSync(archive, { level: 9 });
  packed.set([0, 0, 0, 0, 2, 3], 4);
  return packed;
}

function foldersAbove(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_, at) => names.slice(0, at + 1).join("/"));
}
