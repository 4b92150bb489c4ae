/**
 * Errors as people and programs get them.
 *
 * @module
 */

import { errorPlaces, placesText } from "../core/error_places.ts";
import { asKairosError, type KairosError } from "../core/errors.ts";
import { visible } from "../core/text.ts";
import type { Io } from "./io.ts";
import { renderJson } from "./render/json.ts";
import { type Style, styleFor } from "./render/style.ts";

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
  else io.stderr.write(errorText(error, styleFor(io.stderr.isTerminal, io.env)));
  return error.exitCode;
}

/**
 * An error as lines: what happened, then what to do; where it tells of places in a source, these with
 * what to do at each.
 *
 * @param error The error
 * @param style Marks texts
 * @returns The lines, each ended by a newline
 */
export function errorText(error: KairosError, { strong, bad }: Style): string {
  const places = errorPlaces(error);
  const hint = places?.problems[0]?.hint === undefined ? error.hint : undefined;
  return `Error: ${visible(error.message, "\n\t")}\n` +
    (places === null ? "" : `\n${placesText(places, { heading: strong, caret: bad })}`) +
    (hint === undefined ? "" : `${visible(hint, "\n")}\n`);
}
