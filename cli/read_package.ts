/**
 * Packages that come from a file or from standard input.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import { PackageRefusedError } from "../core/skillset/refusal.ts";
import type { CliContext } from "./context.ts";
import { readBytes } from "./document.ts";

/**
 * Reads a package, or the beginning of one that is too long.
 *
 * @param context Streams and file system
 * @param file The file; `-` or nothing for standard input
 * @param limit Most bytes
 * @param call The words of the command, for the hint
 * @returns Its bytes
 * @throws {PackageRefusedError} `too_large`
 * @throws {KairosError} `not_found`, `usage` when a person would have to type it
 */
export async function readPackage(
  context: CliContext,
  file: string | undefined,
  limit: number,
  call: string,
): Promise<Uint8Array> {
  if (context.io.stdin.isTerminal && (file === undefined || file === "-")) {
    context.explain();
    throw new KairosError("usage", "Cannot read the package: nothing is piped", {
      hint: `Name a file, or pipe a package: kairos package NAME | kairos ${call} -`,
    });
  }
  try {
    return await readBytes(context, file, limit);
  } catch (error) {
    const isLong = error instanceof KairosError && error.code === "too_large";
    throw isLong ? new PackageRefusedError("too_large") : error;
  }
}
