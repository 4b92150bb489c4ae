/**
 * `kairos context list`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { optionalArgument } from "../../parameters.ts";
import { entryJson, entryTable } from "../../render/entries.ts";
import { renderTable } from "../../render/table.ts";
import { shortTime } from "../../render/text.ts";

/** Lists sessions, or the contexts of one. */
export default defineCommand({
  about: "Lists the sessions, the one changed last first; with SESSION the contexts in it.",
  examples: [
    { call: "context list", does: "The sessions" },
    { call: "context list session_20260101_120000_0a1b2c3d", does: "The contexts of one" },
  ],
  isLong: true,
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [optionalArgument("SESSION", "Id of a session")],
    },
  },
  async run(context: CliContext, _flags: NonNullable<unknown>, session: string | undefined) {
    const layer = (await context.open()).context;
    const options = { width: context.io.stdout.columns, heading: context.style.strong };
    if (session !== undefined) {
      const entries = layer.list(session);
      context.print(
        entries.map(entryJson),
        () => entries.length === 0 ? "No contexts\n" : entryTable(entries, options),
      );
      return;
    }
    const sessions = layer.sessions();
    const json = sessions.map(({ id, contexts, modified }) => ({
      id,
      contexts,
      modified: new Date(modified).toISOString(),
    }));
    context.print(json, () =>
      sessions.length === 0 ? "No sessions\n" : renderTable(
        [
          { title: "SESSION", cell: ({ id }) => id },
          { title: "CONTEXTS", cell: ({ contexts }) => String(contexts), right: true },
          { title: "CHANGED", cell: ({ modified }) => shortTime(modified) },
        ],
        sessions,
        options,
      ));
  },
});
