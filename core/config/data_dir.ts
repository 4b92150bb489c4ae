/**
 * Which data directory a call means.
 *
 * @module
 */

import { dirname, join, resolve } from "node:path";
import type { Disk } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";

/** Name of a data directory that is found by looking upwards. */
export const DATA_FOLDER = ".kairos";

/** Where to look, in this order. */
export interface DataDirOptions {
  /** What the caller named, such as `--data-dir`. */
  readonly explicit?: string | undefined;
  /** Value of `KAIROS_DATA_DIR`; empty counts as unset. */
  readonly env?: string | undefined;
  /** Where the call was made, an absolute path. */
  readonly cwd: string;
}

/**
 * Finds the data directory: the one that was named, else the one of the environment, else the
 * nearest folder `.kairos` here or above.
 *
 * @param disk The disk
 * @param options What was named, and where the call was made
 * @returns Its absolute path
 * @throws {KairosError} `usage` for an empty name, `no_instance` when there is none or what was found
 *   is not one
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { findDataDir } from "./data_dir.ts";
 *
 * const folder = Deno.makeTempDirSync();
 * Deno.mkdirSync(`${folder}/.kairos/knowledge`, { recursive: true });
 * const found = findDataDir(new Disk(), { cwd: folder });
 * if (found !== `${folder}/.kairos`) throw new Error(found);
 * Deno.removeSync(folder, { recursive: true });
 * ```
 */
export function findDataDir(disk: Disk, options: DataDirOptions): string {
  const { explicit, env, cwd } = options;
  if (explicit === "") throw new KairosError("usage", "Cannot use an empty data directory name");
  const named = explicit ?? (env === "" ? undefined : env);
  if (named !== undefined) {
    const origin = explicit === undefined ? ", named by KAIROS_DATA_DIR" : "";
    return checked(disk, resolve(cwd, named), origin);
  }
  for (let folder = resolve(cwd);; folder = dirname(folder)) {
    const candidate = join(folder, DATA_FOLDER);
    if (disk.stat(candidate)?.kind === "folder") return checked(disk, candidate, "");
    if (dirname(folder) === folder) break;
  }
  throw new KairosError(
    "no_instance",
    `Cannot find a data directory: there is no ${quote(DATA_FOLDER)} in ${quote(cwd)} or above`,
    { hint: "Make one with `kairos init`, or name one with `--data-dir`" },
  );
}

/**
 * Whether a folder holds an instance: settings, a chain, or knowledge.
 *
 * @param disk The disk
 * @param path The folder
 * @returns `false` also when there is no such folder
 */
export function isDataDir(disk: Disk, path: string): boolean {
  return disk.stat(`${path}/skills/config.yml`)?.kind === "file" ||
    disk.stat(`${path}/storage/blockchain.json`)?.kind === "file" ||
    disk.stat(`${path}/knowledge`)?.kind === "folder";
}

function checked(disk: Disk, path: string, origin: string): string {
  if (isDataDir(disk, path)) return path;
  const found = disk.stat(path)?.kind;
  const why = found === undefined
    ? "there is no such folder"
    : found !== "folder"
    ? "it is no folder"
    : "it holds neither settings, nor a chain, nor knowledge";
  throw new KairosError(
    "no_instance",
    `Cannot use ${quote(path)} as a data directory${origin}: ${why}`,
    { hint: "Make an instance there with `kairos init`, or name another with `--data-dir`" },
  );
}
