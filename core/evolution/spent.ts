/**
 * Proposals about SkillSets that can bring nothing about any more, so that the files of a package nobody
 * wanted need not be kept. See `kairos_formats/evolution.md#proposals`.
 *
 * @module
 */

import { findBlock } from "../ledger/block_at.ts";
import type { EvolutionHost } from "./host.ts";
import { KINDS } from "./kinds.ts";
import { documentPath, proposalIds, readQuietly, type StoredProposal } from "./proposal_store.ts";
import { recordOf } from "./prove_law.ts";

/**
 * The documents of proposals about SkillSets that were rejected or have expired. The document itself
 * stays, as all proposals do; what it names as new is no longer needed for it.
 *
 * @param host The instance
 * @returns Their paths, relative to the data directory
 */
export function spentDocuments(host: EvolutionHost): Set<string> {
  const look = host.view();
  const spent = new Set<string>();
  for (const id of proposalIds(look)) {
    const stored = readQuietly(look, id, host.store.clock());
    if (stored !== null && isSpent(host, stored)) spent.add(documentPath(id));
  }
  return spent;
}

function isSpent(
  { store }: EvolutionHost,
  { proposal, state, note, hash }: StoredProposal,
): boolean {
  if (KINDS[proposal.kind].skillset === null) return false;
  if (state === "expired") return true;
  if (state !== "rejected" || note === null) return false;
  // A note that no block bears out must not cost anybody their package.
  const block = findBlock(store, note.decision);
  const decision = block === null ? null : recordOf(block, "decision");
  return decision?.verdict === "reject" && decision.proposal_hash === hash;
}
