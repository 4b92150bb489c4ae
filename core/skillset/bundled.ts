/**
 * The SkillSets that ship with kairos: installed only when somebody asks for one.
 *
 * @module
 */

import { templateFiles } from "../assets.ts";
import { inByteOrder } from "./content_hash.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import type { PackedFile } from "./tar_write.ts";

const FOLDER = "skillsets/";
const MANIFEST = "skillset.json";

/**
 * Their names.
 *
 * @returns The names, sorted
 *
 * @example
 * ```ts
 * import { bundledNames } from "./bundled.ts";
 *
 * if (!bundledNames().includes("mmp")) throw new Error("it does not ship");
 * ```
 */
export function bundledNames(): string[] {
  const names = templateFiles().filter(({ role }) => role === "skillset")
    .map(({ source }) => source.split("/")[1]!);
  return [...new Set(names)].sort();
}

/**
 * The files of one of them.
 *
 * @param name Its name
 * @returns Its files in byte order; none when none of this name ships
 */
export async function bundledFiles(name: string): Promise<PackedFile[]> {
  const folder = `${FOLDER}${name}/`;
  const found = templateFiles().filter(({ source }) => source.startsWith(folder));
  const files = await Promise.all(found.map(async ({ source, load }) => ({
    path: source.slice(folder.length),
    bytes: new TextEncoder().encode(await load()),
  })));
  return inByteOrder(files, ({ path }) => path);
}

/**
 * What they say about themselves.
 *
 * @returns Their manifests, sorted by name
 */
export async function bundledManifests(): Promise<Manifest[]> {
  return await Promise.all(
    bundledNames().map(async (name) => {
      const files = await bundledFiles(name);
      return parseManifest(
        files.find(({ path }) => path === MANIFEST)!.bytes,
        `${name}/${MANIFEST}`,
      );
    }),
  );
}
