/**
 * The state commits of an instance in one line, from the ends of its files.
 *
 * @module
 */

import { asKairosError } from "../core/errors.ts";
import type { Instance } from "../core/instance.ts";
import { visible } from "../core/text.ts";
import { counted, shortTime } from "./render/text.ts";

/** The last state commit, and what changed since. */
export interface CommitsView {
  /** Whether commits are made at all. */
  readonly enabled: boolean;
  /** Hash of the last commit, or `null` without one that can be read. */
  readonly hash: string | null;
  /** When it was made. */
  readonly created_at: string | null;
  /** How many changes there are since. */
  readonly pending: number;
  /** Whether there may be more. */
  readonly is_cut: boolean;
  /** Why the last automatic commit failed, the last snapshot or the chain cannot be read, or `null`. */
  readonly problem: string | null;
}

/**
 * The state commits for programs. No document is read for it.
 *
 * @param instance The instance
 * @returns Plain data; what cannot be read is told in `problem`
 */
export async function commitsView(instance: Instance): Promise<CommitsView> {
  const enabled = instance.config["state_commit.enabled"];
  try {
    const { last, pending } = (await instance.state()).since();
    return {
      enabled,
      hash: last?.snapshot?.snapshot_hash ?? null,
      created_at: last?.snapshot?.created_at ?? null,
      pending: pending.changes.length,
      is_cut: pending.isCut,
      problem: last?.problem ?? pending.failure,
    };
  } catch (error) {
    const problem = asKairosError(error, "Cannot look for state commits").message;
    return { enabled, hash: null, created_at: null, pending: 0, is_cut: false, problem };
  }
}

/**
 * The state commits for people.
 *
 * @param view The state commits
 * @returns Such as `3d5493ab1c2d, 2026-01-20 10:30Z; 2 changes since`
 */
export function commitsLine(view: CommitsView): string {
  const { enabled, hash, created_at, pending, is_cut, problem } = view;
  if (!enabled) return "switched off";
  const last = hash === null ? "none yet" : `${hash.slice(0, 12)}, ${shortTime(created_at)}`;
  const changes = `${is_cut ? "at least " : ""}${counted(pending, "change")} since`;
  return `${last}; ${changes}${problem === null ? "" : `; ${visible(problem)}`}`;
}
