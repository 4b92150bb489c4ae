/**
 * Where a SkillSet is installed from: a folder, or one that ships with kairos.
 *
 * @module
 */

import { resolve } from "node:path";
import { templateFiles } from "../assets.ts";
import type { Disk } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import type { PackageLimits } from "./limits.ts";
import type { PackedFile } from "./tar_write.ts";
import { readTree } from "./tree.ts";

/** Where those that ship with kairos lie, in our own tree and in the documentation. */
const BUNDLED = /^(?:(?:\.\/)?templates\/)?skillsets\/([^/]+)\/?$/;

/**
 * Reads the files of a SkillSet to install.
 *
 * @param disk The disk
 * @param cwd The folder the call was made in
 * @param source A path, or the name of one that ships with kairos; a path that exists wins
 * @param limits How much it may be
 * @returns Its files that count
 * @throws {KairosError} `not_found`, and the reasons of `readTree`
 */
export async function readSkillSetSource(
  disk: Disk,
  cwd: string,
  source: string,
  limits: PackageLimits,
): Promise<PackedFile[]> {
  const path = resolve(cwd, source);
  if (disk.stat(path)?.kind === "folder") return readTree(disk, path, limits);
  const bundled = await readBundled(BUNDLED.exec(source)?.[1] ?? source);
  if (bundled.length > 0) return bundled;
  throw new KairosError("not_found", `Source path not found: ${quote(source)}`, {
    hint: "Name a folder that holds skillset.json; a package is installed with install-archive",
  });
}

/**
 * Reads the files of a SkillSet that ships with kairos.
 *
 * @param name Its name
 * @returns Its files; none when no such one ships
 */
export async function readBundled(name: string): Promise<PackedFile[]> {
  const folder = `skillsets/${name}/`;
  const found = templateFiles().filter(({ source }) => source.startsWith(folder));
  return await Promise.all(found.map(async ({ source, load }) => ({
    path: source.slice(folder.length),
    bytes: new TextEncoder().encode(await load()),
  })));
}
