/**
 * `kairos state history`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { numberOption, optionalArgument } from "../../parameters.ts";
import { renderJson } from "../../render/json.ts";
import { commitFields } from "../../../core/state/commit_fields.ts";
import { renderTable } from "../../render/table.ts";
import { shortHash, shortTime } from "../../render/text.ts";

const LIMIT = 20;

/** Lists the state commits. */
export default defineCommand({
  about: "Lists the state commits whose snapshots are kept, newest first, or prints one snapshot.",
  examples: [
    { call: "state history", does: "The commits" },
    { call: "state history last", does: "What the last one holds" },
  ],
  isLong: true,
  parameters: {
    flags: {
      limit: numberOption("N", `Most commits to list; ${LIMIT} unless given`, {
        min: 1,
        max: 1e6,
      }),
    },
    positional: {
      kind: "tuple",
      parameters: [optionalArgument("COMMIT", "At least 4 digits of its hash, or last")],
    },
  },
  async run(
    context: CliContext,
    { limit = LIMIT }: { readonly limit: number | undefined },
    reference: string | undefined,
  ) {
    const state = await (await context.open("read")).state();
    if (reference !== undefined) {
      const { name, snapshot } = state.show(reference);
      const value = { name, ...snapshot };
      context.print(value, () => context.body(renderJson(value)));
      return;
    }
    const commits = state.history(limit);
    const { style, io } = context;
    context.print(
      commits.map(commitFields),
      () =>
        commits.length === 0 ? "No state commits yet\n" : renderTable(
          [
            { title: "TIME", cell: ({ snapshot }) => shortTime(snapshot?.created_at ?? null) },
            { title: "HASH", cell: ({ snapshot }) => shortHash(snapshot?.snapshot_hash ?? null) },
            { title: "TYPE", cell: ({ snapshot }) => snapshot?.commit_type ?? "-" },
            {
              title: "CHANGES",
              cell: ({ snapshot }) => String(snapshot?.changes_since_last.length ?? "-"),
              right: true,
            },
            {
              title: "REASON",
              cell: ({ snapshot, problem }) => snapshot?.reason ?? `${problem}`,
              shrinksTo: 16,
            },
          ],
          commits,
          { width: io.stdout.columns, heading: style.strong },
        ),
    );
  },
});
