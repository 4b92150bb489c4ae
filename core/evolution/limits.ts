/**
 * How many changes of the law a principal has on the way, whichever process they came through.
 *
 * @module
 */

import type { View } from "../layers/view.ts";
import { KINDS } from "./kinds.ts";
import { proposalIds, readQuietly, type StoredProposal } from "./proposal_store.ts";

const DAY = 24 * 60 * 60 * 1000;

/**
 * Counts the changes a principal proposed in the last 24 hours that were not turned down, since the
 * last time a person let the count begin anew. See `kairos_formats/evolution.md#limits`.
 *
 * @param view The files
 * @param principal Who proposed them
 * @param now Milliseconds since the epoch
 * @param except Id of a proposal that is left out
 * @returns Their number
 */
export function recentChanges(
  view: View,
  principal: string,
  now: number,
  except?: string,
): number {
  const since = new Date(now - DAY).toISOString();
  const day = since.slice(0, 10).replaceAll("-", "");
  const recent: StoredProposal[] = [];
  for (const id of proposalIds(view)) {
    // Names begin with the day, newest first.
    if (id.slice(0, 8) < day) break;
    const found = readQuietly(view, id, now);
    if (found !== null) recent.push(found);
  }
  const begin = recent.reduce((latest, { proposal, state }) => {
    const isReset = proposal.kind === "limit_reset" && proposal.subject === principal;
    return isReset && state === "applied" && proposal.created > latest ? proposal.created : latest;
  }, since);
  return recent.filter(({ proposal, state }) =>
    proposal.principal === principal && proposal.id !== except && proposal.created > begin &&
    KINDS[proposal.kind].isEvolution && state !== "rejected" && state !== "expired"
  ).length;
}
