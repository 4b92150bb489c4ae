/**
 * Whether a file may be served at all: `config/safety.yml` blocks names, and no link may lead out of
 * the folder a file belongs to.
 *
 * @module
 */

import type { Safety } from "../config/safety.ts";
import type { Disk } from "../disk/mod.ts";
import type { View } from "./view.ts";

/** What judging files needs of an instance. */
export interface ServedSource {
  /** The data directory. */
  readonly root: string;
  /** The rules for reading. */
  readonly safety: Pick<Safety, "isBlocked">;
  /** Where links are resolved. */
  readonly store: { readonly disk: Disk };
}

/**
 * Why a file must not be served, judged by its own path and by where its links lead.
 *
 * @param source The instance
 * @param view The files
 * @param home The folder it must not lead out of
 * @param path Its path, relative to the data directory; nothing need be there
 * @returns The reason as the rest of a sentence, or `null`
 */
export function obstacle(
  { safety, store: { disk }, root }: ServedSource,
  view: View,
  home: string,
  path: string,
): string | null {
  if (isBlocked(safety, path.slice(home.length + 1))) {
    return "config/safety.yml blocks a part of its path";
  }
  if (view.stat(path) === null) return null;
  if (!view.isInside(path, home)) return "a link in its path leads outside";
  const realHome = disk.realPath(`${root}/${home}`);
  const real = disk.realPath(`${root}/${path}`);
  // A file that an interrupted change has yet to bring into place is under another name so far.
  if (realHome === null || real === null) return null;
  return isBlocked(safety, real.slice(realHome.length + 1))
    ? "config/safety.yml blocks what its link leads to"
    : null;
}

function isBlocked(safety: ServedSource["safety"], path: string): boolean {
  return path.split(/[/\\]/).some((segment) => safety.isBlocked(segment));
}
