/**
 * `kairos knowledge restore`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, textOption } from "../../parameters.ts";
import { printChange, shellWord } from "../../render/changes.ts";

/** Publishes a past version again. */
export default defineCommand({
  about:
    "Publishes a past version again, also of an entry that was deleted. A version is a block " +
    "number, or at least 6 digits of the document's SHA-256, as `kairos history` lists them.",
  examples: [
    { call: "knowledge restore notes 12", does: "Publish what block 12 published" },
    { call: "knowledge restore notes 5f3a9c", does: "The version with this hash" },
  ],
  parameters: {
    flags: { reason: textOption("TEXT", "Why; goes on the chain") },
    positional: {
      kind: "tuple",
      parameters: [
        argument("NAME", "The entry"),
        argument("VERSION", "A block number, or digits of a SHA-256"),
      ],
    },
  },
  async run(
    context: CliContext,
    { reason }: { readonly reason: string | undefined },
    name: string,
    version: string,
  ) {
    const { knowledge } = await context.open();
    const change = await knowledge.restore(name, version, await context.actor(), reason);
    printChange(context, change, `kairos knowledge show ${shellWord(name)}`);
  },
});
