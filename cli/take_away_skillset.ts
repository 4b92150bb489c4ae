/**
 * Disabling and removing SkillSets from the terminal: what belongs to L0 waits for a decision.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import { changeOrPropose } from "../core/evolution/change_or_propose.ts";
import type { CliContext } from "./context.ts";
import { printSkillSetChange } from "./render/skillsets.ts";

/** Brief of the option that says why. */
export const REASON_BRIEF = "Why, for the proposal that one of L0 becomes";

/**
 * Disables or removes a SkillSet and tells what was done.
 *
 * @param context Streams, instance
 * @param verb What is to be done
 * @param name The SkillSet
 * @param reason Why; in general words unless given
 * @throws {KairosError} `refused` for one of L0, once the proposal that a person decides is made; and those
 *   of the change
 */
export async function takeAwaySkillSet(
  context: CliContext,
  verb: "disable" | "remove",
  name: string,
  reason = `Asked for at the command line: ${verb}`,
): Promise<void> {
  const instance = await context.open();
  const done = await changeOrPropose(instance, verb, name, reason, await context.actor());
  if (done.change !== null) return await printSkillSetChange(context, done.change);
  const { id } = done.stored.proposal;
  throw new KairosError("refused", done.why, {
    hint: `Proposal ${id} waits; decide with \`kairos proposals approve ${id}\``,
    data: { requires_approval: true, proposal: id },
  });
}
