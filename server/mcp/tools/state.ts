/**
 * Tools for state commits: what a whole instance holds at one moment, on the chain.
 *
 * @module
 */

import { z } from "zod";
import { commitFields } from "../../../core/state/commit_fields.ts";
import type { Snapshot } from "../../../core/state/snapshot_file.ts";
import { defineTool, type Tool } from "../define_tool.ts";
import { ADDS, HASH, READS } from "../schemas.ts";
import { commitsText, commitText, snapshotText, statusText } from "../state_text.ts";

/** A commit as results carry it. */
const COMMIT = z.object({
  hash: HASH,
  created_at: z.string().nullable(),
  type: z.string().nullable(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
  changes: z.number().nullable().describe("How many changes it records"),
  snapshot: z.string(),
  problem: z.string().nullable().describe("Why its snapshot cannot be read"),
});

const COUNTS = z.record(z.string(), z.number());

const stateStatus = defineTool({
  name: "state_status",
  title: "State of all layers",
  description:
    "Tells what changed since the last state commit, whether a commit is due, and the hash of " +
    "all layers as they are now.",
  input: z.strictObject({}),
  output: z.object({
    enabled: z.boolean(),
    hash: z.string().describe("Of all layers as they are now"),
    has_changes: z.boolean(),
    last: COMMIT.nullable(),
    pending: z.object({
      total: z.number(),
      is_cut: z.boolean().describe("There may be more than were looked for"),
      by_layer: COUNTS,
      by_action: COUNTS,
    }),
    trigger: z.string().nullable().describe("What makes a commit due"),
    failure: z.string().nullable().describe("Why the last automatic commit failed"),
    snapshots: z.number(),
  }),
  annotations: READS,
  example: {},
  async run(_args, { instance }) {
    const { config } = instance;
    const status = await (await instance.state()).status();
    const { summary: { total, by_layer, by_action }, pending, last } = status;
    const enabled = config["state_commit.enabled"];
    return {
      structured: {
        enabled,
        hash: status.hash,
        has_changes: status.hasChanges,
        last: last === null ? null : commitFields(last),
        pending: { total, is_cut: pending.isCut, by_layer, by_action },
        trigger: status.trigger,
        failure: pending.failure,
        snapshots: status.snapshots,
      },
      text: statusText(status, {
        enabled,
        auto: config["state_commit.auto_commit.enabled"],
        l1: config["state_commit.auto_commit.change_threshold.l1_changes"],
        total: config["state_commit.auto_commit.change_threshold.total_changes"],
      }),
    };
  },
});

const stateCommit = defineTool({
  name: "state_commit",
  title: "Commit the state",
  description:
    "Records what all layers hold now: a snapshot, and its hash on the chain. Use it at a point " +
    "worth coming back to, with a reason that will make sense in a year.",
  input: z.strictObject({
    command: z.enum(["commit"]).describe("There is only this one").default("commit"),
    reason: z.string().min(1).max(4000).describe("Why; goes on the chain"),
    force: z.boolean().describe("Commit although nothing changed").default(false),
  }),
  output: z.object({
    hash: z.string(),
    previous_hash: HASH,
    block: z.number(),
    type: z.string(),
    reason: z.string(),
    timestamp: z.string(),
    snapshot: z.string(),
    summary: z.record(z.string(), z.union([z.number(), z.boolean()])),
  }),
  annotations: ADDS,
  example: { reason: "Before the naming rules are rewritten" },
  async run({ reason, force }, { instance, actor, signal, progress }) {
    const options = { force, signal, onProgress: progress };
    const commit = await (await instance.state()).commit(reason, actor, options);
    const { previousHash: previous_hash, summary, ...fields } = commit;
    return {
      structured: { ...fields, previous_hash, summary: { ...summary } },
      text: commitText(commit),
    };
  },
});

const stateHistory = defineTool({
  name: "state_history",
  title: "History of the state",
  description: "Lists the state commits, newest first, or shows one of them with what it holds.",
  input: z.strictObject({
    limit: z.number().int().min(1).max(100).describe("Most commits to list").default(10),
    hash: z.string().min(4).max(64).describe("Hash of one commit, or its first digits").optional(),
  }),
  output: z.object({
    commits: z.array(COMMIT),
    snapshot: z.object({
      skills: z.array(z.string()),
      knowledge: z.array(z.object({ name: z.string(), hash: HASH })),
      sessions: z.array(z.string()),
    }).nullable().describe("What the commit asked for holds"),
  }),
  annotations: READS,
  example: { limit: 5 },
  async run({ limit, hash }, { instance }) {
    const state = await instance.state();
    if (hash === undefined) {
      const commits = state.history(limit);
      return {
        structured: { commits: commits.map(commitFields), snapshot: null },
        text: commitsText(commits),
      };
    }
    const stored = state.show(hash);
    return {
      structured: {
        commits: [commitFields({ ...stored, problem: null })],
        snapshot: holds(stored.snapshot),
      },
      text: snapshotText(stored),
    };
  },
});

function holds({ layers: { L0, L1, L2 } }: Snapshot) {
  return {
    skills: L0.skills.map(({ id }) => id),
    knowledge: L1.knowledge.map(({ name, hash }) => ({ name, hash })),
    sessions: L2.sessions.map(({ id }) => id),
  };
}

/** Tools of this family. */
export const STATE_TOOLS: readonly Tool[] = [stateStatus, stateCommit, stateHistory];
