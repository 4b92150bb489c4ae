/**
 * `kairos skillset list`
 *
 * @module
 */

import { bundledManifests } from "../../../core/skillset/bundled.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { flag } from "../../parameters.ts";
import { availableJson, availableTable } from "../../render/available_skillsets.ts";
import { skillSetJson, skillSetTable } from "../../render/skillsets.ts";

/** Lists the SkillSets. */
export default defineCommand({
  about: "Lists the installed SkillSets. One that is broken is listed with its problem.",
  examples: [
    { call: "skillset list", does: "What is installed, and whether it is in use" },
    { call: "skillset list --available", does: "What ships with kairos, to be installed by name" },
  ],
  isLong: true,
  parameters: { flags: { available: flag("List those that ship with kairos instead") } },
  async run(context: CliContext, { available }: { readonly available: boolean }) {
    const options = { width: context.io.stdout.columns, heading: context.style.strong };
    if (available) {
      const manifests = await bundledManifests();
      context.print(manifests.map(availableJson), () => availableTable(manifests, options));
      context.say("Next: kairos skillset install NAME");
      return;
    }
    const sets = (await (await context.open()).skillsets()).list();
    context.print(
      sets.map(skillSetJson),
      () => sets.length > 0 ? skillSetTable(sets, options) : "No SkillSets installed\n",
    );
    if (sets.length === 0) context.say("Next: kairos skillset list --available");
  },
});
