/**
 * State commits as texts for a model; the layout is that of the existing implementation.
 *
 * @module
 */

import { diffLines } from "../../core/state/diff.ts";
import { PENDING_ACTIONS } from "../../core/state/pending.ts";
import type {
  ListedSnapshot,
  StateCommit,
  StateStatus,
  StoredSnapshot,
} from "../../core/state/state.ts";
import { visible } from "../../core/text.ts";

const RULE = "=".repeat(50);
/** Most names of a layer in the details of a commit. */
const MOST_NAMES = 5;
/** Most changes in the details of a commit. */
const MOST_CHANGES = 10;

/** The settings a status shows. */
export interface StateLimits {
  /** Whether commits are made at all. */
  readonly enabled: boolean;
  /** Whether commits are made by themselves. */
  readonly auto: boolean;
  /** Changes of knowledge that make one. */
  readonly l1: number;
  /** Changes of all layers that make one. */
  readonly total: number;
}

/**
 * How things stand.
 *
 * @param status The facts
 * @param limits The settings
 * @returns The text
 */
export function statusText(status: StateStatus, limits: StateLimits): string {
  const { summary: { total, by_layer, by_action }, pending: { isCut, failure }, trigger } = status;
  const actions = PENDING_ACTIONS.filter((action) => by_action[action] > 0)
    .map((action) => `    ${action}: ${by_action[action]}`);
  const pending = total === 0 ? ["  (No pending changes)"] : [
    `  Total: ${isCut ? "at least " : ""}${total}`,
    "  By Layer:",
    ...(["L0", "L1", "L2"] as const).map((layer) => `    ${layer}: ${by_layer[layer]}`),
    "  By Action:",
    ...actions,
  ];
  return [
    "State Commit Status",
    RULE,
    "",
    `Enabled: ${yes(limits.enabled)}`,
    "",
    "Last Commit:",
    ...lastLines(status.last),
    "",
    "Current State:",
    `  Hash: ${status.hash}`,
    `  Has Changes: ${yes(status.hasChanges)}`,
    "",
    "Pending Changes:",
    ...pending,
    "",
    "Auto-Commit:",
    `  Enabled: ${yes(limits.auto)}`,
    `  Trigger Met: ${trigger === null ? "No" : `Yes (${trigger})`}`,
    ...(failure === null ? [] : [`  Last Attempt Failed: ${visible(failure)}`]),
    "  Thresholds:",
    `    L1 changes: ${by_layer.L1}/${limits.l1}`,
    `    Total changes: ${total}/${limits.total}`,
    "",
    `Snapshots: ${status.snapshots} stored`,
  ].join("\n");
}

function lastLines(last: ListedSnapshot | null): string[] {
  if (last === null) return ["  (No commits yet)"];
  if (last.snapshot === null) return [`  ${visible(`${last.problem}`)}`];
  const { snapshot_hash, created_at, commit_type, reason } = last.snapshot;
  return [
    `  Hash: ${visible(snapshot_hash)}`,
    `  Time: ${visible(created_at)}`,
    `  Type: ${visible(commit_type)}`,
    `  Reason: ${visible(reason)}`,
  ];
}

/**
 * A commit that was made.
 *
 * @param commit The commit
 * @returns The text
 */
export function commitText(commit: StateCommit): string {
  return [
    "SUCCESS: State commit created",
    "",
    "Commit Details:",
    `  Hash: ${commit.hash}`,
    `  Block: #${commit.block}`,
    `  Type: ${commit.type}`,
    `  Reason: ${visible(commit.reason)}`,
    `  Timestamp: ${commit.timestamp}`,
    "",
    "Changes Summary:",
    ...diffLines(commit.summary).map((line) => `    ${line}`),
    "",
    `  Snapshot: ${commit.snapshot}`,
  ].join("\n");
}

/**
 * The commits there are.
 *
 * @param commits The commits, newest first
 * @returns The text
 */
export function commitsText(commits: readonly ListedSnapshot[]): string {
  if (commits.length === 0) {
    return "No state commits found.\n\nUse state_commit to create the first commit.";
  }
  const lines = commits.flatMap(({ name, snapshot, problem }, index) =>
    snapshot === null ? [`Commit #${index + 1} (${name})`, `  ${visible(`${problem}`)}`, RULED] : [
      `Commit #${index + 1} (${visible(snapshot.created_at)})`,
      `  Hash: ${visible(snapshot.snapshot_hash.slice(0, 16))}...`,
      `  Type: ${visible(snapshot.commit_type)}`,
      `  By: ${visible(snapshot.created_by)}`,
      `  Reason: ${visible(snapshot.reason)}`,
      `  Changes: ${snapshot.changes_since_last.length} recorded`,
      RULED,
    ]
  );
  return [
    "State Commit History",
    RULE,
    ...lines,
    `Total: ${commits.length} commits shown`,
    "Use state_history with hash to see one of them.",
  ].join("\n");
}

const RULED = "-".repeat(50);

/**
 * One commit with what it holds.
 *
 * @param stored Its snapshot
 * @returns The text
 */
export function snapshotText({ name, snapshot }: StoredSnapshot): string {
  const { L0, L1, L2 } = snapshot.layers;
  const changes = snapshot.changes_since_last;
  return [
    "State Commit Details",
    RULE,
    "",
    `Hash: ${visible(snapshot.snapshot_hash)}`,
    `Time: ${visible(snapshot.created_at)}`,
    `Type: ${visible(snapshot.commit_type)}`,
    `By: ${visible(snapshot.created_by)}`,
    `Reason: ${visible(snapshot.reason)}`,
    `Snapshot: snapshots/${name}`,
    "",
    "Layers:",
    ...layerLines("L0", "skills", L0.skills.map(({ id }) => id)),
    ...layerLines("L1", "entries", L1.knowledge.map((entry) => entry.name)),
    ...layerLines("L2", "sessions", L2.sessions.map(({ id }) => id)),
    "",
    `Changes Since Last Commit: ${changes.length}`,
    ...changes.slice(0, MOST_CHANGES).map(({ layer, action, skill_id }) =>
      visible(`  - [${layer}] ${action}: ${skill_id}`)
    ),
    ...(changes.length > MOST_CHANGES ? [`  ... and ${changes.length - MOST_CHANGES} more`] : []),
  ].join("\n");
}

function layerLines(layer: string, noun: string, names: readonly string[]): string[] {
  const more = names.length - MOST_NAMES;
  return [
    `  ${layer}: ${names.length} ${noun}`,
    ...names.slice(0, MOST_NAMES).map((name) => `    - ${visible(name)}`),
    ...(more > 0 ? [`    ... and ${more} more`] : []),
  ];
}

function yes(value: boolean): string {
  return value ? "Yes" : "No";
}
