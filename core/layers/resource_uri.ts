/**
 * Addresses of resources: `l0://file`, `knowledge://name[/path]`, `context://[session/]name[/path]`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { isWellFormed, quote, visible } from "../text.ts";

/** The layer a resource belongs to. */
export type ResourceLayer = "l0" | "l1" | "l2";

/** An address, taken apart. */
export interface ResourceUri {
  /** The layer its scheme names. */
  readonly layer: ResourceLayer;
  /** Its path segments, at least one; none of them leads anywhere by itself. */
  readonly segments: readonly string[];
}

/** Scheme of each layer's addresses. */
export const SCHEMES: Readonly<Record<ResourceLayer, string>> = {
  l0: "l0://",
  l1: "knowledge://",
  l2: "context://",
};

/** Longest address in UTF-16 units. */
const MAX_URI = 4096;
const MAX_SEGMENTS = 32;

const FORMS = "Use l0://kairos.md, knowledge://name, knowledge://name/scripts/file, " +
  "context://session/name or context://name; `resource_list` gives them all";

/**
 * Takes an address apart. Nothing in it is decoded: names stand as they are.
 *
 * @param uri The address
 * @returns Layer and segments
 * @throws {KairosError} `invalid` for another scheme or a segment that names nothing, `refused` for
 *   one that leads somewhere else or is encoded
 *
 * @example
 * ```ts
 * import { parseResourceUri } from "./resource_uri.ts";
 *
 * const { layer, segments } = parseResourceUri("knowledge://notes/scripts/run.sh");
 * if (layer !== "l1" || segments.length !== 3) throw new Error();
 * ```
 */
export function parseResourceUri(uri: string): ResourceUri {
  const found = Object.entries(SCHEMES).find(([, scheme]) => uri.startsWith(scheme));
  if (found === undefined || uri.length > MAX_URI) {
    throw new KairosError("invalid", `Cannot read resource ${quote(uri)}: no such address`, {
      hint: FORMS,
    });
  }
  const segments = uri.slice(found[1].length).split("/");
  if (segments.length > MAX_SEGMENTS) {
    throw new KairosError("invalid", `Cannot read resource ${quote(uri)}: its path is too deep`);
  }
  for (const segment of segments) {
    const problem = problemOf(segment);
    if (problem !== null) {
      const code = segment === "" ? "invalid" : "refused";
      throw new KairosError(code, `Cannot read resource ${quote(uri)}: ${problem}`, {
        hint: FORMS,
      });
    }
  }
  return { layer: found[0] as ResourceLayer, segments };
}

function problemOf(segment: string): string | null {
  if (segment === "") return "a part of its path is empty";
  if (segment.startsWith(".")) return `${quote(segment)} is hidden or leads elsewhere`;
  if (/[\\\0]/.test(segment)) return `${quote(segment)} holds a character no name has`;
  if (/%[0-9a-f]{2}/i.test(segment)) return `${quote(segment)} is encoded; write names as they are`;
  if (!isWellFormed(segment) || visible(segment) !== segment) {
    return `${quote(segment)} holds hidden characters`;
  }
  return null;
}
