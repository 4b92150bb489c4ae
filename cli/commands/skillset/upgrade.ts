/**
 * `kairos skillset upgrade`
 *
 * @module
 */

import { differenceCount } from "../../../core/skillset/compare.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { flag, optionalArgument } from "../../parameters.ts";
import { differencesJson, differencesText } from "../../render/differences.ts";
import { sayDisplaced, skillSetChangeJson, skillSetChangeText } from "../../render/skillsets.ts";

/** Shows or makes upgrades. */
export default defineCommand({
  about:
    "Compares installed SkillSets with the versions that ship with kairos and shows what would change. " +
    "Nothing below config/ is touched, and nothing is taken away. With --apply the change is made; the " +
    "old files stay as objects.",
  examples: [
    { call: "skillset upgrade", does: "What would change in all of them" },
    { call: "skillset upgrade mmp --apply", does: "Upgrade one" },
  ],
  parameters: {
    flags: { apply: flag("Make the change") },
    positional: {
      kind: "tuple",
      parameters: [optionalArgument("NAME", "The only SkillSet to look at")],
    },
  },
  async run(context: CliContext, { apply }: { readonly apply: boolean }, name?: string) {
    const sets = await (await context.open(apply ? "write" : "read")).skillsets();
    const found = await sets.upgrades(name);
    const lines: string[] = [];
    const upgrades: Record<string, unknown>[] = [];
    for (const { name, from, to, differences } of found) {
      const change = apply ? await sets.upgrade(name, await context.actor()) : null;
      lines.push(`${name} ${from} -> ${to}: ${differenceCount(differences)}\n`);
      lines.push(differencesText(context, differences));
      if (change !== null) {
        lines.push(skillSetChangeText(change));
        sayDisplaced(context, change);
      }
      const applied = change === null ? null : skillSetChangeJson(change);
      upgrades.push({ name, from, to, files: differencesJson(differences), applied });
    }
    context.print({ upgrades }, () => found.length === 0 ? "Nothing to upgrade\n" : lines.join(""));
    if (found.length > 0 && !apply) {
      const which = name === undefined ? "" : ` ${name}`;
      context.say(`Next: kairos skillset upgrade${which} --apply`);
    }
  },
});
