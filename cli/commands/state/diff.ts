/**
 * `kairos state diff`
 *
 * @module
 */

import { summarizeDiff } from "../../../core/state/diff.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { optionalArgument } from "../../parameters.ts";
import { diffText } from "../../render/state.ts";

/** Compares state commits. */
export default defineCommand({
  about:
    "Compares two state commits, or one with what is there now. Without a COMMIT the last one is " +
    "compared.",
  examples: [
    { call: "state diff", does: "What changed since the last commit" },
    { call: "state diff 3d5493ab 9f0c", does: "One commit against another" },
  ],
  isLong: true,
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        optionalArgument("COMMIT", "At least 4 digits of its hash, or last"),
        optionalArgument("COMMIT", "Likewise; what is there now unless given"),
      ],
    },
  },
  async run(
    context: CliContext,
    _flags: NonNullable<unknown>,
    from: string | undefined,
    to: string | undefined,
  ) {
    const state = await (await context.open()).state();
    const diff = await state.diff(from ?? "last", to);
    context.print({ ...diff, summary: summarizeDiff(diff) }, () => diffText(diff));
  },
});
