/**
 * `kairos state status`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import { commitFields } from "../../../core/state/commit_fields.ts";
import { counted, renderPairs, shortTime } from "../../render/text.ts";
import { visible } from "../../../core/text.ts";

/** Shows what changed since the last state commit. */
export default defineCommand({
  about:
    "Shows the last state commit, what changed since, and whether a commit is due. Every document " +
    "is read for it.",
  examples: [
    { call: "state status", does: "Last commit and pending changes" },
    { call: "state status --json", does: "For programs" },
  ],
  parameters: {},
  async run(context) {
    const instance = await context.open();
    const status = await (await instance.state()).status();
    const { last, hash, hasChanges, pending, summary, trigger, snapshots } = status;
    const value = {
      enabled: instance.config["state_commit.enabled"],
      hash,
      has_changes: hasChanges,
      last: last === null ? null : commitFields(last),
      pending: { ...summary, is_cut: pending.isCut, changes: pending.changes },
      trigger,
      failure: pending.failure,
      snapshots,
    };
    const { L0, L1, L2 } = summary.by_layer;
    const snapshot = last?.snapshot;
    context.print(value, () =>
      renderPairs([
        [
          "Last commit",
          snapshot === undefined
            ? "none yet"
            : snapshot === null
            ? visible(`${last?.problem}`)
            : visible(
              `${snapshot.snapshot_hash.slice(0, 12)}, ${shortTime(snapshot.created_at)}: ` +
                snapshot.reason,
            ),
        ],
        ["Present hash", hash],
        ["Changed", hasChanges ? "yes" : "no"],
        [
          "Pending",
          `${pending.isCut ? "at least " : ""}${counted(summary.total, "change")} ` +
          `(L0 ${L0}, L1 ${L1}, L2 ${L2})`,
        ],
        ["Due", trigger ?? "no"],
        ...(pending.failure === null
          ? []
          : [["Last attempt", `failed: ${visible(pending.failure)}`] as const]),
        ["Snapshots", String(snapshots)],
      ]));
    context.say(
      hasChanges ? 'Next: kairos state commit "REASON"' : "Next: kairos state history",
    );
  },
});
