/**
 * Asking before something is taken away. A question is never required: `--yes` answers it.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import { visible } from "../core/text.ts";
import type { CliContext } from "./context.ts";

/**
 * Makes sure that a person wants what is about to happen.
 *
 * @param context Streams
 * @param plan What will happen, one sentence without a trailing period
 * @param yes Whether `--yes` was given
 * @throws {KairosError} `refused` when the person says no, or nobody is there to be asked
 */
export async function confirm(context: CliContext, plan: string, yes: boolean): Promise<void> {
  if (yes) return;
  const { stdin, stderr } = context.io;
  if (!stdin.isTerminal || !stderr.isTerminal || context.json) {
    throw new KairosError("refused", `${plan}: not confirmed`, {
      hint: "Add --yes to do it, or --dry-run to only see what would happen",
    });
  }
  stderr.write(`${visible(plan)}. Go on? [y/N] `);
  const answer = (await stdin.line()).trim().toLowerCase();
  if (answer !== "y" && answer !== "yes") {
    throw new KairosError("refused", `${plan}: not confirmed`, { hint: "Nothing was changed" });
  }
}
