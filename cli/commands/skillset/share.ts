/**
 * `kairos skillset share`
 *
 * @module
 */

import { privateDocuments } from "../../../mmp/catalog/skillset_offer.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument } from "../../parameters.ts";
import { printSkillSetChange } from "../../render/skillsets.ts";

/** Offers a SkillSet to other instances. */
export default defineCommand({
  about:
    "Offers a SkillSet to other instances that meet this one. Without it nobody is told that it is " +
    "there. What may not travel cannot be shared; while a document in it says that it is private, none " +
    "of it is offered.",
  examples: [{ call: "skillset share my_pack", does: "Let others have it" }],
  parameters: {
    positional: { kind: "tuple", parameters: [argument("NAME", "The SkillSet")] },
  },
  async run(context: CliContext, _flags: NonNullable<unknown>, name: string) {
    const sets = await (await context.open()).skillsets();
    const change = await sets.share(name, await context.actor());
    const next = change.enabled
      ? {}
      : { next: `It is not in use, and not offered before kairos skillset enable ${name}` };
    const keptPrivate = privateDocuments(sets.files(name));
    await printSkillSetChange(context, change, { keptPrivate, ...next });
  },
});
