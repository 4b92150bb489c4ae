/**
 * `kairos state restore`
 *
 * @module
 */

import { planRestore, restoreState, type RestoreStep } from "../../../core/state/restore.ts";
import { visible } from "../../../core/text.ts";
import { confirm } from "../../confirm.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, flag } from "../../parameters.ts";
import { counted } from "../../render/text.ts";

interface Flags {
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** Brings back what a state commit holds. */
export default defineCommand({
  about:
    "Brings back what a state commit holds. What is there now is committed first. Knowledge and " +
    "contexts are changed, with all their files; the law and the constitution come back as proposals " +
    "a person decides. Exit code 1 when something could not be brought back.",
  examples: [
    { call: "state restore 3d5493ab --dry-run", does: "See what would happen" },
    { call: "state restore last", does: "Show it, ask, then restore" },
    { call: "state restore 3d5493ab --yes", does: "Without a question" },
  ],
  parameters: {
    flags: {
      dryRun: flag("Show what would happen and change nothing"),
      yes: flag("Do not ask"),
    },
    positional: {
      kind: "tuple",
      parameters: [argument("COMMIT", "At least 4 digits of its hash, or last")],
    },
  },
  async run(context: CliContext, { dryRun, yes }: Flags, reference: string) {
    const read = await context.open("read");
    const { target, steps } = await planRestore(read, await read.state(), reference);
    const hash = target.snapshot.snapshot_hash;
    if (dryRun) {
      context.print({ done: false, hash, steps }, () => stepsText(steps));
      context.say(`Next: kairos state restore ${hash.slice(0, 12)}`);
      return 0;
    }
    if (!yes && !context.json) context.io.stderr.write(stepsText(steps));
    await confirm(
      context,
      `Restore ${hash.slice(0, 12)} with ${counted(steps.length, "step")}`,
      yes,
    );
    const instance = await context.open();
    // The name cannot be misunderstood, whatever was committed meanwhile.
    const restored = await restoreState(
      instance,
      await instance.state(),
      target.name,
      await context.actor(),
    );
    const { before, after, done, failed, proposals } = restored;
    const value = {
      done: true,
      hash,
      steps: done,
      failed: failed.map(({ step, problem }) => ({ ...step, problem })),
      proposals,
      before: before?.hash ?? null,
      after: after?.hash ?? null,
    };
    context.print(
      value,
      () =>
        stepsText(done) +
        failed.map(({ step, problem }) =>
          visible(`not restored: ${step.layer} ${step.name}: ${problem}`) + "\n"
        ).join(""),
    );
    for (const proposal of proposals) {
      context.say(`Next: kairos proposals show ${proposal}; the law waits for a person`);
    }
    if (proposals.length === 0 && before !== null) {
      context.say(`Next: kairos state restore ${before.hash.slice(0, 12)} takes it back`);
    }
    return failed.length === 0 ? 0 : 1;
  },
});

function stepsText(steps: readonly RestoreStep[]): string {
  if (steps.length === 0) return "Nothing to do: all layers hold what the commit holds\n";
  return steps.map(({ layer, action, name, why }) =>
    visible(`${action} ${layer} ${name}${why === undefined ? "" : `: ${why}`}`) + "\n"
  ).join("");
}
