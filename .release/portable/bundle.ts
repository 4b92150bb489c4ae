/**
 * The program as plain JavaScript files: packages and templates inside, lazy imports still lazy.
 *
 * @module
 */

import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";

/** A bundled program. */
export interface Program {
  /** Name of the file to run. */
  readonly entry: string;
  /** Every file by its name; they import each other as `./name`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

/**
 * Bundles a program with `deno bundle`, which fetches esbuild from npm the first time.
 *
 * Minified, since the comments of a plain bundle name folders of the machine it was made on; with
 * the names of functions and classes kept for error messages.
 *
 * @param entry Path of the main module
 * @param workers Paths of modules that run as Workers; each becomes one file of its own name, which
 *   the program finds beside itself
 * @returns The program
 * @throws {Error} When deno reports a failure
 */
export async function bundle(entry: string, workers: readonly string[] = []): Promise<Program> {
  const files = new Map<string, Uint8Array>();
  for (const module of [...workers, entry]) {
    for (const [name, bytes] of await bundleModule(module)) files.set(name, bytes);
  }
  return { entry: scriptName(entry), files };
}

async function bundleModule(entry: string): Promise<Map<string, Uint8Array>> {
  const folder = await Deno.makeTempDir({ prefix: "kairos-bundle-" });
  try {
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        "bundle",
        "--quiet",
        "--config",
        CONFIG,
        "--minify",
        "--keep-names",
        "--code-splitting",
        "--outdir",
        folder,
        entry,
      ],
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).output();
    if (!success) throw new Error(`Cannot bundle ${JSON.stringify(entry)}`);
    const files = new Map<string, Uint8Array>();
    for await (const { name } of Deno.readDir(folder)) {
      files.set(name, await Deno.readFile(`${folder}/${name}`));
    }
    return files;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function scriptName(module: string): string {
  return `${basename(module, extname(module))}.js`;
}
