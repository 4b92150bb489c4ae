/**
 * The files of the repository as the gate reads them.
 *
 * @module
 */

/** Root of the repository, an absolute path that ends in `/`. */
export const ROOT: string = decodeURIComponent(new URL("../../", import.meta.url).pathname)
  .replace(/^\/(?=[A-Za-z]:)/, "");

/** Folders without sources of ours: what is copied, built, installed or generated. */
const SKIPPED = ["templates", "node_modules", "dist", "coverage", ".git", ".kairos", ".ci"];

/**
 * Reads every TypeScript source of the repository.
 *
 * @param options Whether to include `tests/`; without them when left out
 * @returns Text of each file by its path from the root, with `/`, sorted
 */
export async function readSources(
  options: { readonly tests?: boolean } = {},
): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const path of (await listFiles("")).sort()) {
    if (!/\.tsx?$/.test(path)) continue;
    if (path.startsWith("tests/") && options.tests !== true) continue;
    sources.set(path, await Deno.readTextFile(ROOT + path));
  }
  return sources;
}

async function listFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(ROOT + folder)) {
    if (isFile) found.push(folder + name);
    if (isDirectory && !SKIPPED.includes(name)) found.push(...await listFiles(`${folder}${name}/`));
  }
  return found;
}
