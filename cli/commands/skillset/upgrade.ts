/**
 * `kairos skillset upgrade`
 *
 * @module
 */

import type { Actor } from "../../../core/actor.ts";
import { KairosError } from "../../../core/errors.ts";
import type { SkillSetChange } from "../../../core/skillset/change.ts";
import { differenceCount } from "../../../core/skillset/compare.ts";
import type { SkillSets } from "../../../core/skillset/manager.ts";
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
    const failures: KairosError[] = [];
    for (const { name, from, to, differences } of found) {
      lines.push(`${name} ${from} -> ${to}: ${differenceCount(differences)}\n`);
      const change = apply ? await attempt(sets, name, await context.actor()) : null;
      if (change instanceof KairosError) {
        // What was done is told with what was not.
        if (found.length === 1) throw change;
        failures.push(change);
        upgrades.push({
          name,
          from,
          to,
          files: differencesJson(differences),
          applied: null,
          ...change.toJSON(),
        });
        continue;
      }
      lines.push(differencesText(context, differences));
      if (change !== null) {
        lines.push(skillSetChangeText(change));
        sayDisplaced(context, change);
      }
      const applied = change === null ? null : skillSetChangeJson(change);
      upgrades.push({ name, from, to, files: differencesJson(differences), applied });
    }
    context.print({ upgrades }, () => found.length === 0 ? "Nothing to upgrade\n" : lines.join(""));
    for (const { message } of failures) context.say(`Not upgraded: ${message}`);
    if (found.length > 0 && !apply) {
      const which = name === undefined ? "" : ` ${name}`;
      context.say(`Next: kairos skillset upgrade${which} --apply`);
    }
    return failures[0]?.exitCode ?? 0;
  },
});

/** Upgrades one of several: what keeps it from that is an answer too. */
async function attempt(
  sets: SkillSets,
  name: string,
  actor: Actor,
): Promise<SkillSetChange | KairosError> {
  try {
    return await sets.upgrade(name, actor);
  } catch (error) {
    if (error instanceof KairosError) return error;
    throw error;
  }
}
