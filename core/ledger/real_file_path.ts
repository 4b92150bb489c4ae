/**
 * Where a ledger really is.
 *
 * @module
 */

import { baseName, type Disk, parentOf } from "../disk/mod.ts";

/** Most links followed one after the other. */
const MAX_LINKS = 40;

/**
 * The path with every link followed, also a link whose target is still missing: all writers must
 * agree on the lock file, which stands beside the real file.
 *
 * @param disk The disk
 * @param path The ledger file; it may be missing, and so may its folder
 * @param links How many links may still follow
 * @returns The real path, as far as it exists
 */
export function realFilePath(disk: Disk, path: string, links = MAX_LINKS): string {
  const real = disk.realPath(path);
  if (real !== null) return real;
  const folder = disk.realPath(parentOf(path));
  if (folder === null) return path;
  const named = `${folder}/${baseName(path)}`;
  const target = disk.linkTarget(named);
  if (target === null || links === 0) return named;
  const isAbsolute = /^(?:[A-Za-z]:)?[\\/]/.test(target);
  return realFilePath(disk, isAbsolute ? target : `${folder}/${target}`, links - 1);
}
