/**
 * `kairos skills rollback`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument } from "../../parameters.ts";
import { proposeLaw, REASON } from "../../propose_law.ts";

/** Proposes an earlier version. */
export default defineCommand({
  about:
    "Proposes an earlier version of the law. It must be one that was decided, word for word; it is in " +
    "force once it is approved.",
  examples: [
    {
      call: "skills rollback kairos_20260120_103000_0a1b2c3d.ts --reason 'too strict'",
      does: "Propose that version",
    },
    { call: "skills versions", does: "Which there are" },
  ],
  parameters: {
    flags: REASON,
    positional: {
      kind: "tuple",
      parameters: [argument("SNAPSHOT", "Name of the version, as `kairos skills versions` has it")],
    },
  },
  async run(
    context: CliContext,
    { reason }: { readonly reason: string | undefined },
    name: string,
  ) {
    const evolution = await (await context.open()).evolution();
    const why = reason ?? `back to ${name}`;
    await proposeLaw(context, evolution, { kind: "rollback", subject: name, reason: why });
  },
});
