/**
 * `kairos skills snapshot`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { REASON } from "../../propose_law.ts";

/** Keeps the law in force under a name. */
export default defineCommand({
  about: "Keeps another copy of the law in force, with its reason, beside the versions there are.",
  examples: [{ call: "skills snapshot --reason tidy", does: "Keep it, and why" }],
  parameters: { flags: REASON },
  async run(context: CliContext, { reason }: { readonly reason: string | undefined }) {
    const evolution = await (await context.open()).evolution();
    const name = await evolution.snapshot(reason ?? "made by hand", await context.actor());
    context.print({ snapshot: name }, () => `Kept as ${name}\n`);
  },
});
