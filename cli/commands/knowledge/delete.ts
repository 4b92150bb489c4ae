/**
 * `kairos knowledge delete`
 *
 * @module
 */

import { quote } from "../../../core/text.ts";
import { confirm } from "../../confirm.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, flag, textOption } from "../../parameters.ts";
import { printChange, shellWord } from "../../render/changes.ts";
import { counted } from "../../render/text.ts";

interface Flags {
  readonly dryRun: boolean;
  readonly reason: string | undefined;
  readonly yes: boolean;
}

/** Removes an entry. */
export default defineCommand({
  about:
    "Removes an entry with everything in its folder. Its versions and its files stay as objects, " +
    "so it can be restored.",
  examples: [
    { call: "knowledge delete notes", does: "Ask, then delete" },
    { call: 'knowledge delete notes --reason "Outdated" --yes', does: "Without a question" },
    { call: "knowledge delete notes --dry-run", does: "See what would happen" },
  ],
  parameters: {
    flags: {
      dryRun: flag("Show what would happen and change nothing"),
      reason: textOption("TEXT", "Why; goes on the chain"),
      yes: flag("Do not ask"),
    },
    positional: { kind: "tuple", parameters: [argument("NAME", "The entry")] },
  },
  async run(context: CliContext, { dryRun, reason, yes }: Flags, name: string) {
    const { hash, files } = (await context.open("read")).knowledge.get(name);
    const plan = `Delete knowledge ${quote(name)} with ${counted(files.length, "other file")}`;
    if (dryRun) {
      const paths = files.map(({ path }) => path);
      context.print({ done: false, name, hash, files: paths }, () => `${plan}\n`);
      context.say(`Next: kairos knowledge delete ${shellWord(name)}`);
      return;
    }
    await confirm(context, plan, yes);
    const { knowledge } = await context.open();
    const change = await knowledge.delete(name, await context.actor(), reason);
    const version = change.previousHash?.slice(0, 12) ?? "VERSION";
    printChange(
      context,
      change,
      `kairos knowledge restore ${shellWord(name)} ${version} brings it back`,
    );
  },
});
