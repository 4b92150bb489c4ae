/**
 * The law in force as a resource, `l0://kairos.ts`: the text that was decided, whatever stands in the
 * working copy. See `kairos_formats/entries.md#resources`.
 *
 * @module
 */

import type { Safety } from "../config/safety.ts";
import { type ResourceUri, SCHEMES } from "./resource_uri.ts";

/** The text of the law in force. */
export interface LawText {
  /** The file it is the text of, relative to the data directory. */
  readonly path: string;
  /** The text. */
  readonly source: string;
  /** When it came into force, milliseconds since the epoch. */
  readonly modified: number;
}

/** The law in force among the resources. */
export interface LawResource {
  /** The file it is the text of. */
  readonly path: string;
  /** Its address. */
  readonly uri: string;
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /** When it came into force, milliseconds since the epoch. */
  readonly modified: number;
}

/** Name of the law in force among the resources. */
export const LAW_NAME = "kairos.ts";

/**
 * The law in force, when that is what an address names and its name is not blocked.
 *
 * @param lawText The law, where who asks has read it; that of another implementation is a file like others
 * @param safety The rules for reading
 * @param address The address, taken apart
 * @returns The resource, or `null`
 *
 * @example
 * ```ts
 * import { lawAt } from "./law_resource.ts";
 *
 * const law = { path: "skills/kairos.ts", source: "// none", modified: 0 };
 * const safety = { isBlocked: () => false };
 * const found = lawAt(law, safety, { layer: "l0", segments: ["kairos.ts"] });
 * if (found?.uri !== "l0://kairos.ts") throw new Error("not the law");
 * ```
 */
export function lawAt(
  lawText: LawText | null | undefined,
  safety: Pick<Safety, "isBlocked">,
  { layer, segments }: ResourceUri,
): LawResource | null {
  const isNamed = layer === "l0" && segments.length === 1 && segments[0] === LAW_NAME;
  if (!isNamed || lawText?.path.endsWith(`/${LAW_NAME}`) !== true) return null;
  if (safety.isBlocked(LAW_NAME)) return null;
  const { path, source, modified } = lawText;
  return { path, uri: SCHEMES.l0 + LAW_NAME, bytes: new TextEncoder().encode(source), modified };
}
