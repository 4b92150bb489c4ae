/**
 * `kairos knowledge list`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { flag } from "../../parameters.ts";
import { listLibrary } from "../../../core/layers/library.ts";
import { entryJson, entryTable, originJson } from "../../render/entries.ts";

/** Lists the entries. */
export default defineCommand({
  about:
    "Lists the entries of project knowledge and of the SkillSets in use. One that cannot be read is " +
    "listed with its problem.",
  examples: [
    { call: "knowledge list", does: "The entries in use" },
    { call: "knowledge list --archived", does: "The archived ones" },
  ],
  isLong: true,
  parameters: { flags: { archived: flag("List the archived entries instead") } },
  async run(context: CliContext, { archived }: { readonly archived: boolean }) {
    const instance = await context.open();
    const entries = archived
      ? instance.knowledge.list({ archived }).map((entry) => ({ ...entry, origin: null }))
      : listLibrary(instance);
    const options = { width: context.io.stdout.columns, heading: context.style.strong };
    context.print(
      entries.map((entry) => ({ ...entryJson(entry), ...originJson(entry) })),
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
