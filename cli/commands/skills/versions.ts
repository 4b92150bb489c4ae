/**
 * `kairos skills versions`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import { renderTable } from "../../render/table.ts";
import { shortTime } from "../../render/text.ts";

/** Lists the snapshots of the law. */
export default defineCommand({
  about: "Lists the kept versions of the law, newest first: each that was in force, and snapshots.",
  examples: [
    { call: "skills versions", does: "All of them" },
    { call: "skills versions --json", does: "For programs" },
  ],
  isLong: true,
  parameters: {},
  async run(context) {
    const versions = (await (await context.open()).evolution()).versions();
    const { io, style } = context;
    context.print(
      { versions },
      () =>
        versions.length === 0 ? "There are no versions\n" : renderTable(
          [
            { title: "SNAPSHOT", cell: ({ name }) => name },
            { title: "MADE", cell: ({ timestamp }) => shortTime(timestamp) },
            {
              title: "DECISION",
              cell: ({ law }) => law === null ? "-" : String(law.seq),
              right: true,
            },
            { title: "REASON", cell: ({ reason }) => reason ?? "-", shrinksTo: 16 },
          ],
          versions,
          { width: io.stdout.columns, heading: style.strong },
        ),
    );
    const [newest] = versions;
    if (newest !== undefined) context.say(`Next: kairos skills diff ${newest.name}`);
  },
});
