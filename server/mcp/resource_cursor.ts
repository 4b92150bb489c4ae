/**
 * Cursors for lists of resources: a page begins behind an address, so that neither what comes nor what
 * goes between two pages has anything named twice or left out.
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";
import type { ResourceSummary } from "../../core/layers/list_resources.ts";
import { type ResourceUri, SCHEMES } from "../../core/layers/resource_uri.ts";
import { quote } from "../../core/text.ts";

/** Longest cursor in characters: a path of the system's longest, each byte of it escaped. */
export const MAX_CURSOR = 3 * 4096 + 3;

/**
 * A cursor for what comes behind a resource.
 *
 * @param resource The resource
 * @returns ASCII text without white space that a client hands back unread
 */
export function cursorBehind({ uri, layer }: Pick<ResourceSummary, "uri" | "layer">): string {
  const segments = uri.toWellFormed().slice(SCHEMES[layer].length).split("/");
  return [layer, ...segments.map(encodeURIComponent)].join("/");
}

/**
 * The address in a cursor.
 *
 * @param cursor What a client handed back
 * @returns The address, which need not lead anywhere any more; `undefined` without a cursor
 * @throws {KairosError} `invalid` for text that is no cursor
 */
export function addressOf(cursor: string | undefined): ResourceUri | undefined {
  if (cursor === undefined) return undefined;
  const [layer, ...segments] = cursor.length > MAX_CURSOR ? [] : decoded(cursor.split("/"));
  if ((layer === "l0" || layer === "l1" || layer === "l2") && segments.length > 0) {
    return { layer, segments };
  }
  throw new KairosError("invalid", `Cannot continue at ${quote(cursor)}: it is no cursor`, {
    hint: "Pass next_cursor of the page before as it is, or leave cursor out",
  });
}

/** Nothing when one of the segments is not what escaping makes. */
function decoded(segments: readonly string[]): string[] {
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return [];
  }
}
