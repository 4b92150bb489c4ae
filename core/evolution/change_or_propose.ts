/**
 * Taking a SkillSet away: done at once, or proposed where a person has to decide.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import { KairosError } from "../errors.ts";
import type { SkillSets } from "../skillset/manager.ts";
import type { SkillSetChange } from "../skillset/change.ts";
import type { Evolution } from "./evolution.ts";
import type { StoredProposal } from "./proposal_store.ts";

/** The parts of an instance it takes. */
export interface SkillSetDoor {
  /** The SkillSets. */
  readonly skillsets: () => Promise<SkillSets>;
  /** The law, and what is proposed. */
  readonly evolution: () => Promise<Evolution>;
}

/** What came of it: a change, or why it waits and the proposal that does. */
export type ChangeOrProposal =
  | { readonly change: SkillSetChange; readonly stored: null; readonly why: null }
  | { readonly change: null; readonly stored: StoredProposal; readonly why: string };

/**
 * Disables or removes a SkillSet, or proposes that when it belongs to L0.
 *
 * @param instance The instance
 * @param verb What is to be done
 * @param name The SkillSet
 * @param reason Why, for the proposal
 * @param actor Who asks
 * @returns What was done, or what waits for a person
 * @throws {KairosError} Those of the change, and of `Evolution.propose()`
 */
export async function changeOrPropose(
  instance: SkillSetDoor,
  verb: "disable" | "remove",
  name: string,
  reason: string,
  actor: Actor,
): Promise<ChangeOrProposal> {
  const proposed = async () => {
    const kind = `skillset_${verb}` as const;
    return await (await instance.evolution()).propose({ kind, subject: name, reason }, actor);
  };
  try {
    const change = await (await instance.skillsets())[verb](name, actor);
    return { change, stored: null, why: null };
  } catch (error) {
    const asks = error instanceof KairosError && error.data?.["requires_approval"] === true;
    if (!asks) throw error;
    const why = error.message;
    const stored = await proposed().catch((failure) => {
      if (!(failure instanceof KairosError)) throw failure;
      const { code, message, hint } = failure;
      const details = {
        ...(hint === undefined ? {} : { hint }),
        data: { requires_approval: true },
      };
      throw new KairosError(code, `${why}; ${message}`, details);
    });
    return { change: null, stored, why };
  }
}
