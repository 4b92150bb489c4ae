/**
 * `kairos chain repair`
 *
 * @module
 */

import { planRepair, type Repair, repairLedger } from "../../../core/ledger/repair.ts";
import { confirm } from "../../confirm.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { flag, textOption } from "../../parameters.ts";
import { counted } from "../../render/text.ts";

interface Flags {
  readonly dryRun: boolean;
  readonly reason: string | undefined;
  readonly yes: boolean;
}

/** Goes on with the intact part of a damaged chain. */
export default defineCommand({
  about:
    "Goes on with the blocks before the damage and records that it did. The damaged file is kept " +
    "in storage/damaged.",
  examples: [
    { call: "chain repair --dry-run", does: "See what would happen" },
    {
      call: 'chain repair --reason "Disk failure in May" --yes',
      does: "Repair without a question",
    },
  ],
  parameters: {
    flags: {
      dryRun: flag("Show what would happen and change nothing"),
      reason: textOption("TEXT", "Why; goes on the chain"),
      yes: flag("Do not ask"),
    },
  },
  async run(context: CliContext, { dryRun, reason, yes }: Flags) {
    const plan = await planRepair((await context.open("read")).store);
    if (dryRun) {
      context.print({ done: false, ...repairJson(plan) }, () => `${planText(plan)}\n`);
      if (plan.needed) context.say("Next: kairos chain repair");
      return plan.needed ? 3 : 0;
    }
    if (plan.needed) await confirm(context, planText(plan), yes);
    const { store } = await context.open();
    const order = { reason: reason ?? "Damage found by verify", plan };
    const done = await repairLedger(store, await context.actor(), order);
    if (done.block === null) {
      context.print({ done: false, ...repairJson(done) }, () => `${planText(done)}\n`);
      return 0;
    }
    context.print(
      { done: true, ...repairJson(done) },
      () =>
        `Repaired: ${counted(done.kept, "block")} kept, the repair is recorded in block ` +
        `${done.block?.index}\n` +
        (done.keptAs === null ? "" : `The damaged file is kept as ${done.keptAs}\n`),
    );
    context.say("Next: kairos chain verify");
    return 0;
  },
});

function repairJson(repair: Repair): Record<string, unknown> {
  const { needed, kept, dropped, damagedHash, keptAs, block, report } = repair;
  return {
    needed,
    kept,
    dropped,
    damaged_sha256: damagedHash,
    kept_as: keptAs,
    block,
    findings: report.findings,
    finding_count: report.findingCount,
  };
}

function planText({ needed, kept, dropped }: Repair): string {
  if (!needed) return "The chain needs no repair";
  return `Repair the chain: keep ${
    counted(kept, "block")
  }, drop ${dropped} behind the damage, keep ` +
    "the damaged file aside";
}
