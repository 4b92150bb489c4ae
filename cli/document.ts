/**
 * Documents that come from a file or from standard input.
 *
 * @module
 */

import { resolve } from "node:path";
import { asKairosError, KairosError } from "../core/errors.ts";
import { quote } from "../core/text.ts";
import type { CliContext } from "./context.ts";

/**
 * Reads a document.
 *
 * @param context Streams and file system
 * @param file The file; `-` or nothing for standard input
 * @param limit Most bytes
 * @returns Its text
 * @throws {KairosError} `not_found`, `too_large`, `invalid` for what is no UTF-8, `usage` when a person
 *   would have to type it
 */
export async function readDocument(
  context: CliContext,
  file: string | undefined,
  limit: number,
): Promise<string> {
  const bytes = await readBytes(context, file, limit);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const what = isNamed(file) ? quote(file) : "standard input";
    throw new KairosError("invalid", `Cannot read ${what}: it is no UTF-8 text`, {
      hint: "Save it as UTF-8",
    });
  }
}

/**
 * Reads bytes.
 *
 * @param context Streams and file system
 * @param file The file; `-` or nothing for standard input
 * @param limit Most bytes
 * @returns The bytes
 * @throws {KairosError} `not_found`, `too_large`, `usage` when a person would have to type them
 */
export async function readBytes(
  context: CliContext,
  file: string | undefined,
  limit: number,
): Promise<Uint8Array> {
  return isNamed(file) ? readFile(context, file, limit) : await readInput(context, file, limit);
}

function isNamed(file: string | undefined): file is string {
  return file !== undefined && file !== "-";
}

function readFile({ disk, io }: CliContext, file: string, limit: number): Uint8Array {
  try {
    const bytes = disk.read(resolve(io.cwd, file), limit);
    if (bytes !== null) return bytes;
  } catch (error) {
    throw asKairosError(error, `Cannot read ${quote(file)}`);
  }
  throw new KairosError("not_found", `Cannot read ${quote(file)}: there is no such file`, {
    hint: "Name a file, or - for standard input",
  });
}

async function readInput(
  { io }: CliContext,
  file: string | undefined,
  limit: number,
): Promise<Uint8Array> {
  if (io.stdin.isTerminal && file === undefined) {
    throw new KairosError("usage", "Cannot read the text: no file is named and nothing is piped", {
      hint: "Name a file, pipe the text, or use - to type it and end with Ctrl-D",
    });
  }
  const bytes = await io.stdin.read(limit);
  if (bytes.length <= limit) return bytes;
  throw new KairosError("too_large", `Cannot read standard input: more than ${limit} bytes`);
}
