/**
 * Definitions of the protocol as they are named on the command line.
 *
 * @module
 */

import { resolve } from "node:path";
import type { Instance } from "../core/instance.ts";
import { isOwn } from "../core/layers/entry_place.ts";
import { RECEIVED_SESSION } from "../core/layers/received.ts";
import { MAX_DOCUMENT } from "../core/protocol/evolution.ts";
import { type GivenDefinition, givenDefinition } from "../core/protocol/adoption.ts";
import type { Protocol } from "../core/protocol/protocol.ts";
import { Catalog } from "../mmp/catalog/catalog.ts";
import type { CliContext } from "./context.ts";
import { readDocument } from "./document.ts";
import { argument } from "./parameters.ts";

/** A name that can be an entry's; anything else is a path. */
const SEGMENT = /^[^./\\][^/\\]*$/;

/** The argument that names a definition. */
export const DEFINITION = argument(
  "FILE",
  "A document, - for standard input, or an entry: of knowledge, or received",
);

/**
 * Reads the definition that is named. A name an entry has means that entry, so that a file beside it cannot
 * stand in for it.
 *
 * @param context Streams and file system
 * @param instance The instance
 * @param what A file, `-`, or an entry of L1 or among the received ones of L2
 * @returns The definition as it was given
 * @throws {KairosError} `not_found`, `too_large`, `invalid`
 */
export async function readDefinitionDocument(
  context: CliContext,
  instance: Instance,
  what: string,
): Promise<GivenDefinition> {
  const entry = entryText(instance, what);
  if (entry === null) return givenDefinition(await readDocument(context, what, MAX_DOCUMENT));
  if (context.disk.stat(resolve(context.io.cwd, what)) !== null) {
    context.say(`${what} is the entry; write ./${what} for the file`);
  }
  return givenDefinition(entry);
}

/**
 * The protocol as an instance speaks it.
 *
 * @param instance The instance
 * @returns The definitions that count, and what was left out
 */
export async function protocolOf(instance: Instance): Promise<Protocol> {
  const catalog = await Catalog.open(instance);
  await catalog.settle();
  // Definitions count whether others are shown them or not.
  return catalog.offers(false).protocol;
}

function entryText({ view, knowledge, context }: Instance, name: string): string | null {
  if (name === "-" || !SEGMENT.test(name)) return null;
  const look = view();
  if (isOwn(look, name)) return knowledge.get(name).text;
  const isReceived = look.stat(`context/${RECEIVED_SESSION}/${name}`)?.kind === "folder";
  return isReceived ? context.get(RECEIVED_SESSION, name).text : null;
}
