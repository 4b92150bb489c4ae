/**
 * `kairos skillset list`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { skillSetJson, skillSetTable } from "../../render/skillsets.ts";

/** Lists the SkillSets. */
export default defineCommand({
  about: "Lists the installed SkillSets. One that is broken is listed with its problem.",
  examples: [{ call: "skillset list", does: "What is installed, and whether it is in use" }],
  parameters: {},
  async run(context: CliContext) {
    const sets = (await (await context.open()).skillsets()).list();
    const options = { width: context.io.stdout.columns, heading: context.style.strong };
    context.print(
      sets.map(skillSetJson),
      () => sets.length > 0 ? skillSetTable(sets, options) : "No SkillSets installed\n",
    );
    if (sets.length === 0) context.say("Next: kairos skillset install PATH");
  },
});
