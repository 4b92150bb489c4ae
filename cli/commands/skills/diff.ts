/**
 * `kairos skills diff`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, optionalArgument } from "../../parameters.ts";
import { diffText } from "../../proposal_view.ts";

/** Compares versions of the law. */
export default defineCommand({
  about:
    "Compares a kept version of the law with the law in force, or with another version: as data and " +
    "as text.",
  examples: [
    { call: "skills diff kairos_20260120_103000_0a1b2c3d.ts", does: "What has changed since" },
    { call: "skills versions", does: "Which versions there are" },
  ],
  isLong: true,
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        argument("SNAPSHOT", "Name of a version"),
        optionalArgument("SNAPSHOT", "Name of another; the law in force unless given"),
      ],
    },
  },
  async run(
    context: CliContext,
    _flags: NonNullable<unknown>,
    from: string,
    to: string | undefined,
  ) {
    const evolution = await (await context.open()).evolution();
    const diff = await evolution.compare(from, to);
    const { io, style } = context;
    const look = { columns: io.stdout.columns, style, body: (text: string) => context.body(text) };
    context.print({ from, to: to ?? null, ...diff }, () => diffText(diff, look));
    if (to === undefined) context.say(`Next: kairos skills rollback ${from}`);
  },
});
