/**
 * How much an instance holds, counted by names alone.
 *
 * @module
 */

import { isListed } from "./names.ts";
import type { View } from "./view.ts";

/** Numbers of entries. */
export interface Counts {
  /** Active entries of L1. */
  readonly knowledge: number;
  /** Archived entries of L1. */
  readonly archived: number;
  /** Sessions of L2. */
  readonly sessions: number;
}

/**
 * Counts without reading a document.
 *
 * @param view The files
 * @returns The numbers
 */
export function countEntries(view: View): Counts {
  const folders = (path: string) =>
    view.list(path).filter(({ name, kind }) =>
      isListed(name) && (kind === "folder" || view.stat(`${path}/${name}`)?.kind === "folder")
    ).length;
  return {
    knowledge: folders("knowledge"),
    archived: folders("knowledge/.archived"),
    sessions: folders("context"),
  };
}
