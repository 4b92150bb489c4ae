/**
 * When a state commit is made without anybody asking. See `kairos_formats/state.md#automatic-commits`.
 *
 * @module
 */

import type { Config } from "../config/config.ts";
import type { DiffSummary } from "./diff.ts";
import type { PendingSummary } from "./pending.ts";

/** What lets a commit be made. */
export type Trigger =
  | "l0_change"
  | "promotion"
  | "demotion"
  | "l1_threshold"
  | "total_threshold"
  | "session_end";

/** The settings that decide it. */
export type TriggerConfig = Pick<
  Config,
  | "state_commit.enabled"
  | "state_commit.auto_commit.enabled"
  | "state_commit.auto_commit.on_events.l0_change"
  | "state_commit.auto_commit.on_events.promotion"
  | "state_commit.auto_commit.on_events.demotion"
  | "state_commit.auto_commit.on_events.session_end"
  | "state_commit.auto_commit.change_threshold.l1_changes"
  | "state_commit.auto_commit.change_threshold.total_changes"
>;

/**
 * Whether a commit is due.
 *
 * @param pending What changed since the last commit
 * @param config The settings
 * @param isEnd Whether a session ends
 * @returns Why, or `null`
 *
 * @example
 * ```ts
 * import { defaultConfig } from "../config/config.ts";
 * import { summarizePending } from "./pending.ts";
 * import { triggerOf } from "./trigger.ts";
 *
 * const five = Array.from({ length: 5 }, () => ({ layer: "L1", action: "update" }) as const);
 * const trigger = triggerOf(summarizePending(five), defaultConfig());
 * if (trigger !== "l1_threshold") throw new Error(`${trigger}`);
 * ```
 */
export function triggerOf(
  pending: PendingSummary,
  config: TriggerConfig,
  isEnd = false,
): Trigger | null {
  if (!config["state_commit.enabled"] || !config["state_commit.auto_commit.enabled"]) return null;
  const on = (event: "l0_change" | "promotion" | "demotion" | "session_end") =>
    config[`state_commit.auto_commit.on_events.${event}`];
  const { by_layer: { L1 }, total } = pending;
  if (pending.has_l0_change && on("l0_change")) return "l0_change";
  if (pending.has_promotion && on("promotion")) return "promotion";
  if (pending.has_demotion && on("demotion")) return "demotion";
  if (L1 >= config["state_commit.auto_commit.change_threshold.l1_changes"]) return "l1_threshold";
  if (total >= config["state_commit.auto_commit.change_threshold.total_changes"]) {
    return "total_threshold";
  }
  return isEnd && total > 0 && on("session_end") ? "session_end" : null;
}

/**
 * Why an automatic commit was made, in words.
 *
 * @param trigger What let it be made
 * @param summary What it commits
 * @returns Such as `Auto-commit (demotion): L1: 1 changes`
 */
export function autoReason(trigger: Trigger, summary: DiffSummary): string {
  const L1 = summary.L1_added + summary.L1_modified + summary.L1_deleted;
  const L2 = summary.L2_sessions_added + summary.L2_sessions_deleted +
    (summary.L2_sessions_modified ?? 0);
  const parts = [
    ...(summary.L0_changed ? ["L0 changed"] : []),
    ...(L1 === 0 ? [] : [`L1: ${L1} changes`]),
    ...(L2 === 0 ? [] : [`L2: ${L2} changes`]),
    ...(summary.promotions === 0 ? [] : [`promotions: ${summary.promotions}`]),
  ];
  const head = `Auto-commit (${trigger})`;
  return parts.length === 0 ? head : `${head}: ${parts.join(", ")}`;
}
