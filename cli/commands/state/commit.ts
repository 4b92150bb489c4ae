/**
 * `kairos state commit`
 *
 * @module
 */

import { describeDiff } from "../../../core/state/diff.ts";
import { visible } from "../../../core/text.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, flag } from "../../parameters.ts";

/** Commits the state of all layers. */
export default defineCommand({
  about:
    "Records what all layers hold now: a snapshot, and its hash on the chain. Every document is kept, " +
    "contexts too, so that the state can be brought back.",
  examples: [
    { call: 'state commit "Before the rewrite"', does: "A point to come back to" },
    { call: 'state commit "Release 1.2" --force', does: "Also when nothing changed" },
  ],
  parameters: {
    flags: { force: flag("Commit although nothing changed") },
    positional: { kind: "tuple", parameters: [argument("REASON", "Why; goes on the chain")] },
  },
  async run(context: CliContext, { force }: { readonly force: boolean }, reason: string) {
    const state = await (await context.open()).state();
    const commit = await state.commit(reason, await context.actor(), { force });
    const { previousHash: previous_hash, ...fields } = commit;
    context.print({ ...fields, previous_hash }, () =>
      visible(
        `Committed ${commit.hash.slice(0, 12)} as block ${commit.block}: ${
          describeDiff(commit.summary)
        }`,
      ) + "\n");
    context.say(`Next: kairos state restore ${commit.hash.slice(0, 12)} --dry-run brings it back`);
  },
});
