/**
 * A state commit as every door tells it.
 *
 * @module
 */

import type { ListedSnapshot } from "./state.ts";

/** A commit as plain data, keys in snake case; `null` where its snapshot cannot be read. */
export interface CommitFields {
  /** The combined hash of all layers. */
  readonly hash: string | null;
  /** When it was made. */
  readonly created_at: string | null;
  /** Whether somebody asked for it. */
  readonly type: string | null;
  /** Who made it. */
  readonly by: string | null;
  /** Why. */
  readonly reason: string | null;
  /** How many changes it records. */
  readonly changes: number | null;
  /** Its snapshot, relative to `storage/`. */
  readonly snapshot: string;
  /** Why its snapshot cannot be read, or `null`. */
  readonly problem: string | null;
}

/**
 * A commit as plain data.
 *
 * @param listed The commit
 * @returns Its fields
 */
export function commitFields({ name, snapshot, problem }: ListedSnapshot): CommitFields {
  return {
    hash: snapshot?.snapshot_hash ?? null,
    created_at: snapshot?.created_at ?? null,
    type: snapshot?.commit_type ?? null,
    by: snapshot?.created_by ?? null,
    reason: snapshot?.reason ?? null,
    changes: snapshot?.changes_since_last.length ?? null,
    snapshot: `snapshots/${name}`,
    problem,
  };
}
