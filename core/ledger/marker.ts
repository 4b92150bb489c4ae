/**
 * The marker a failed verification leaves: while it is there, nothing is appended.
 *
 * @module
 */

import type { Finding } from "../chain/verify.ts";
import { type Disk, writeAtomic } from "../disk/mod.ts";

/** What the marker says. */
export interface Marker {
  /** When the verification failed, UTC. */
  readonly at: string;
  /** The first findings. */
  readonly findings: readonly Finding[];
}

const FOLDER = "storage";
const NAME = "verify_failed.json";
const MAX_MARKER = 1024 * 1024;
const MAX_LISTED = 10;

/**
 * Reads the marker.
 *
 * @param disk The disk
 * @param root The data directory
 * @returns What it says, or `null` when there is none; one that cannot be read still counts as one
 */
export function readMarker(disk: Disk, root: string): Marker | null {
  // Asked before every append: a look at the folder is cheaper than a failing look at the file.
  if (!disk.list(`${root}/${FOLDER}`).some(({ name }) => name === NAME)) return null;
  const bytes = disk.read(`${root}/${FOLDER}/${NAME}`, MAX_MARKER);
  if (bytes === null) return null;
  try {
    const { at, findings } = JSON.parse(new TextDecoder().decode(bytes));
    return { at: String(at), findings: Array.isArray(findings) ? findings : [] };
  } catch {
    return { at: "an unknown time", findings: [] };
  }
}

/**
 * Leaves the marker; needs the write lock.
 *
 * @param disk The disk
 * @param root The data directory
 * @param at When the verification failed, UTC
 * @param findings What it found
 */
export function leaveMarker(
  disk: Disk,
  root: string,
  at: string,
  findings: readonly Finding[],
): void {
  const marker: Marker = { at, findings: findings.slice(0, MAX_LISTED) };
  writeAtomic(
    disk,
    `${root}/${FOLDER}/${NAME}`,
    new TextEncoder().encode(JSON.stringify(marker, null, 2)),
  );
}

/**
 * Takes the marker away, after a verification that passed or a repair; needs the write lock.
 *
 * @param disk The disk
 * @param root The data directory
 */
export function clearMarker(disk: Disk, root: string): void {
  disk.remove(`${root}/${FOLDER}/${NAME}`);
}
