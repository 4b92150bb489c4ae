/**
 * From what somebody types to a proposal.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import type { Evolution } from "../core/evolution/evolution.ts";
import type { StoredProposal } from "../core/evolution/proposal_store.ts";
import { quote } from "../core/text.ts";

/** What stands for a proposal on a command line. */
export const PROPOSAL_BRIEF = "Id of the proposal, or its last eight digits";

/**
 * Finds a proposal.
 *
 * @param evolution The law
 * @param word Its id, or the last eight digits of it
 * @returns The proposal
 * @throws {KairosError} `not_found`, `invalid`, `conflict` when several ids end so, `corrupt`
 */
export function findProposal(evolution: Evolution, word: string): StoredProposal {
  if (!/^[0-9a-f]{8}$/.test(word)) return evolution.show(word);
  const [found, ...more] = evolution.list().filter(({ id }) => id.endsWith(`-${word}`));
  if (found === undefined) {
    throw new KairosError("not_found", `Proposal ${quote(word)} not found`, {
      hint: "List the proposals with `kairos proposals list`",
    });
  }
  if (more.length > 0) {
    throw new KairosError("conflict", `Cannot tell which proposal ${quote(word)} is`, {
      hint: `Name it in full, such as ${found.id}`,
    });
  }
  return evolution.show(found.id);
}
