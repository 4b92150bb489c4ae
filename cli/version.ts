/**
 * The version of kairos.
 *
 * @module
 */

import settings from "../deno.json" with { type: "json" };
import type { Io } from "./io.ts";

/** Version of kairos. */
export const VERSION: string = settings.version;

/**
 * Prints the version; loads nothing else.
 *
 * @param io Streams
 * @param json Whether JSON was asked for
 */
export function printVersion(io: Io, json: boolean): void {
  const facts = { name: "kairos", version: VERSION, deno: Deno.version.deno };
  io.stdout.write(json ? `${JSON.stringify(facts, null, 2)}\n` : `kairos ${VERSION}\n`);
}
