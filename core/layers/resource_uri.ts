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
/** Longest address with encoded names: three bytes of UTF-8 a unit, three characters a byte. */
const MAX_HREF = 9 * MAX_URI;
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
    const problem = /%[0-9a-f]{2}/i.test(segment)
      ? `${quote(segment)} is encoded; write names as they are`
      : problemOf(segment);
    if (problem !== null) throw badSegment(uri, segment, problem);
  }
  return { layer: found[0] as ResourceLayer, segments };
}

/**
 * Takes apart an address whose names are percent-encoded, as URLs and MCP have them. What a name
 * holds once it is decoded is judged like a name that stands as it is.
 *
 * @param href The address
 * @returns Layer and decoded segments
 * @throws {KairosError} `invalid` for another scheme, a segment that names nothing or bytes that are
 *   no UTF-8, `refused` for a segment that leads somewhere else
 *
 * @example
 * ```ts
 * import { parseResourceHref, resourceHref } from "./resource_uri.ts";
 *
 * const href = resourceHref("knowledge://a b/scripts/100%.sh");
 * if (href !== "knowledge://a%20b/scripts/100%25.sh") throw new Error(href);
 * if (parseResourceHref(href).segments[0] !== "a b") throw new Error("misread");
 * ```
 */
export function parseResourceHref(href: string): ResourceUri {
  const found = Object.entries(SCHEMES).find(([, scheme]) => href.startsWith(scheme));
  if (found === undefined || href.length > MAX_HREF) {
    throw new KairosError("invalid", `Cannot read resource ${quote(href)}: no such address`, {
      hint: FORMS,
    });
  }
  const parts = href.slice(found[1].length).split("/");
  if (parts.length > MAX_SEGMENTS) {
    throw new KairosError("invalid", `Cannot read resource ${quote(href)}: its path is too deep`);
  }
  const segments = parts.map((part) => {
    const segment = decoded(part);
    const problem = segment === null ? "a part of it is not encoded well" : problemOf(segment);
    if (segment === null || problem !== null) throw badSegment(href, segment ?? "", problem!);
    return segment;
  });
  return { layer: found[0] as ResourceLayer, segments };
}

/**
 * The address with its names percent-encoded, which is a URL that is written the only way.
 *
 * @param uri An address whose names stand as they are
 * @returns The same address for URLs and MCP
 */
export function resourceHref(uri: string): string {
  const start = uri.indexOf("://") + 3;
  const path = uri.slice(start).toWellFormed().split("/").map(encodeURIComponent);
  return uri.slice(0, start) + path.join("/");
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function badSegment(uri: string, segment: string, problem: string): KairosError {
  const code = segment === "" ? "invalid" : "refused";
  return new KairosError(code, `Cannot read resource ${quote(uri)}: ${problem}`, { hint: FORMS });
}

function problemOf(segment: string): string | null {
  if (segment === "") return "a part of its path is empty";
  if (segment.startsWith(".")) return `${quote(segment)} is hidden or leads elsewhere`;
  if (/[/\\\0]/.test(segment)) return `${quote(segment)} holds a character no name has`;
  if (!isWellFormed(segment) || visible(segment) !== segment) {
    return `${quote(segment)} holds hidden characters`;
  }
  return null;
}
