/**
 * Errors as people and programs get them.
 *
 * @module
 */

import { asKairosError, type KairosError } from "../core/errors.ts";
import { visible } from "../core/text.ts";
import type { Io } from "./io.ts";
import { renderJson } from "./render/json.ts";

/**
 * Reports an error: for people on standard error, with `--json` on standard output, where a program
 * reads what it asked for.
 *
 * @param io Streams
 * @param json Whether JSON was asked for
 * @param thrown What was thrown
 * @returns The exit code
 */
export function report(io: Io, json: boolean, thrown: unknown): number {
  const error = asKairosError(thrown);
  if (json) io.stdout.write(renderJson(error));
  else io.stderr.write(errorText(error));
  return error.exitCode;
}

/**
 * An error in two lines: what happened and what to do.
 *
 * @param error The error
 * @returns The lines, each ended by a newline
 */
export function errorText(error: KairosError): string {
  const hint = error.hint === undefined ? "" : `${visible(error.hint, "\n")}\n`;
  return `Error: ${visible(error.message, "\n")}\n${hint}`;
}
