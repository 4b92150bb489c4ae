/**
 * `kairos knowledge list`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { flag } from "../../parameters.ts";
import { entryJson, entryTable } from "../../render/entries.ts";

/** Lists the entries. */
export default defineCommand({
  about:
    "Lists the entries of project knowledge. One that cannot be read is listed with its problem.",
  examples: [
    { call: "knowledge list", does: "The entries in use" },
    { call: "knowledge list --archived", does: "The archived ones" },
  ],
  isLong: true,
  parameters: { flags: { archived: flag("List the archived entries instead") } },
  async run(context: CliContext, { archived }: { readonly archived: boolean }) {
    const { knowledge } = await context.open();
    const entries = knowledge.list({ archived });
    const options = { width: context.io.stdout.columns, heading: context.style.strong };
    context.print(
      entries.map(entryJson),
      () =>
        entries.length > 0
          ? entryTable(entries, options)
          : archived
          ? "No archived entries\n"
          : "No entries yet\n",
    );
    if (entries.length === 0 && !archived) context.say("Next: kairos knowledge set NAME FILE");
  },
});
