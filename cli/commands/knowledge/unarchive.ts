/**
 * `kairos knowledge unarchive`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, textOption } from "../../parameters.ts";
import { printChange, shellWord } from "../../render/changes.ts";

/** Brings an archived entry back. */
export default defineCommand({
  about: "Brings an archived entry back into use.",
  examples: [
    { call: "knowledge list --archived", does: "What there is to bring back" },
    { call: "knowledge unarchive notes", does: "Bring it back" },
  ],
  parameters: {
    flags: { reason: textOption("TEXT", "Why; goes on the chain") },
    positional: { kind: "tuple", parameters: [argument("NAME", "The entry")] },
  },
  async run(
    context: CliContext,
    { reason }: { readonly reason: string | undefined },
    name: string,
  ) {
    const { knowledge } = await context.open();
    const change = await knowledge.unarchive(name, await context.actor(), reason);
    printChange(context, change, `kairos knowledge show ${shellWord(name)}`);
  },
});
