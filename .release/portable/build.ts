/**
 * Builds the portable executable: one file with kairos and deno inside, for the platform it is built
 * on. It runs with nothing but `sh`, `ls`, `tail`, `tar` and `gzip`, offline and from any folder.
 *
 * `deno task portable [--output PATH] [--entry PATH]` writes `dist/kairos-<os>-<arch>`, such as
 * `dist/kairos-linux-x86_64`. Windows is out of scope: the launcher is a script for `sh`; there,
 * `deno task compile` makes the executable.
 *
 * @module
 */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import config from "../../deno.json" with { type: "json" };
import { bundle } from "./bundle.ts";
import { pack } from "./pack.ts";
import { runFlags } from "./run_flags.ts";
import { pinnedVersion, runtime } from "./runtime.ts";

/** Modules that run as Workers: nothing imports them, so no bundler finds them. */
const WORKERS = ["core/skillset/decode_worker.ts"];

/** What to build and where to. */
export interface BuildOptions {
  /** Path of the main module; `main.ts` of the project by default. */
  readonly entry?: string | undefined;
  /** Path of the executable; `dist/kairos-<os>-<arch>` of the project by default. */
  readonly output?: string | undefined;
  /** Compression level, 1 (fast) to 9 (small, the default). */
  readonly level?: number;
}

/**
 * Builds the portable executable. A file at the output is replaced in one step.
 *
 * @param options What to build and where to
 * @returns Path of the executable
 * @throws {TypeError} When the running deno is not the pinned one or the platform is Windows
 * @throws {Error} When the program cannot be bundled
 */
export async function buildPortable(options: BuildOptions = {}): Promise<string> {
  const platform = `${Deno.build.os}-${Deno.build.arch}`;
  const output = options.output ?? inProject(`dist/kairos-${platform}`);
  const bytes = await pack({
    version: config.version,
    platform,
    deno: await runtime(await pinnedVersion()),
    program: await bundle(options.entry ?? inProject("main.ts"), WORKERS.map(inProject)),
    flags: runFlags(config),
    ...(options.level === undefined ? {} : { level: options.level }),
  });
  await Deno.mkdir(dirname(output), { recursive: true });
  const fresh = `${output}.${Deno.pid}.tmp`;
  try {
    await Deno.writeFile(fresh, bytes, { mode: 0o755 });
    await Deno.chmod(fresh, 0o755);
    await Deno.rename(fresh, output);
  } catch (error) {
    await Deno.remove(fresh).catch(() => {});
    throw error;
  }
  return output;
}

function inProject(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

async function print(stream: typeof Deno.stdout, line: string): Promise<void> {
  await stream.write(new TextEncoder().encode(`${line}\n`));
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({
      args: Deno.args,
      options: { output: { type: "string" }, entry: { type: "string" } },
    });
    const path = await buildPortable(values);
    const { size } = await Deno.stat(path);
    await print(Deno.stdout, `${path} (${Math.round(size / 1e6)} MB)`);
  } catch (error) {
    await print(Deno.stderr, error instanceof Error ? error.message : String(error));
    Deno.exitCode = 1;
  }
}
