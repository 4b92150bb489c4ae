/**
 * `kairos knowledge archive`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, textOption } from "../../parameters.ts";
import { printChange, shellWord } from "../../render/changes.ts";

interface Flags {
  readonly reason: string | undefined;
  readonly supersededBy: string | undefined;
}

/** Takes an entry out of use. */
export default defineCommand({
  about: "Takes an entry out of use without removing it.",
  examples: [
    { call: "knowledge archive notes", does: "Archive an entry" },
    { call: "knowledge archive notes --superseded-by notes_2", does: "And say what replaces it" },
  ],
  parameters: {
    flags: {
      reason: textOption("TEXT", "Why; goes on the chain"),
      supersededBy: textOption("NAME", "The entry that replaces it"),
    },
    positional: { kind: "tuple", parameters: [argument("NAME", "The entry")] },
  },
  async run(context: CliContext, { reason, supersededBy }: Flags, name: string) {
    const { knowledge } = await context.open();
    const change = await knowledge.archive(name, await context.actor(), { reason, supersededBy });
    printChange(context, change, `kairos knowledge unarchive ${shellWord(name)} brings it back`);
  },
});
