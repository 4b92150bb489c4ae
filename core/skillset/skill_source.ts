/**
 * Where an Agent Skill comes from: a folder, or a zip.
 *
 * @module
 */

import { resolve } from "node:path";
import type { Disk } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import { type DecodeOptions, decodeZip } from "./decode.ts";
import { PackageRefusedError } from "./refusal.ts";
import type { PackedFile } from "./tar_write.ts";
import { judgeTree, readTree } from "./tree.ts";

/**
 * Reads the files of a skill. A zip is taken apart where there is no permission; in a folder, hidden
 * files are left out and links are refused.
 *
 * @param disk The disk
 * @param cwd The folder the call was made in
 * @param source Folder or zip
 * @param options Limits, and a signal to stop
 * @returns Its files
 * @throws {KairosError} `not_found`
 * @throws {PackageRefusedError} For the first thing that is wrong with it
 */
export async function readSkillSource(
  disk: Disk,
  cwd: string,
  source: string,
  options: DecodeOptions,
): Promise<PackedFile[]> {
  const { limits } = options;
  const path = resolve(cwd, source);
  const found = disk.stat(path);
  if (found?.kind === "folder") {
    const files = readTree(disk, path, limits);
    judgeTree(files, limits);
    return files;
  }
  if (found?.kind !== "file") {
    throw new KairosError("not_found", `Source path not found: ${quote(source)}`, {
      hint: "Name the folder of a skill, with its SKILL.md, or a zip of it",
    });
  }
  if (found.size > limits.inputBytes) throw new PackageRefusedError("too_large");
  const files: PackedFile[] = [];
  const bytes = disk.read(path, limits.inputBytes) ?? new Uint8Array(0);
  for await (const file of decodeZip(bytes, options)) files.push(file);
  return files;
}
