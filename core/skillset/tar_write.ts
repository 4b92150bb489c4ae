/**
 * Packs a SkillSet's files: one tree, one archive, byte for byte. See
 * `kairos_formats/skillsets.md#archive`.
 *
 * @module
 */

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
 * @returns The archive in pieces; the bytes of the files are among them, not copies
 * @throws {KairosError} `invalid` when a path does not fit into a header
 */
export function writeTar(folder: string, files: readonly PackedFile[]): Uint8Array[] {
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
  const ordered = inByteOrder(entries, ({ entry }) => entry.path);
  return [
    ...ordered.flatMap(({ entry, bytes }) => [
      writeHeader(entry),
      bytes,
      new Uint8Array((BLOCK - bytes.length % BLOCK) % BLOCK),
    ]),
    new Uint8Array(2 * BLOCK),
  ];
}

function foldersAbove(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_, at) => names.slice(0, at + 1).join("/"));
}
