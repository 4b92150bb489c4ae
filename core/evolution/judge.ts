/**
 * Whether a decision counts, by the approvers and the law there were when it was made.
 *
 * @module
 */

import type { ApproverSet } from "./approver_set.ts";
import { verifyDecision } from "./decision.ts";
import type { LawSettings } from "./law_settings.ts";
import type { LawDecision, Strength } from "./records.ts";

/**
 * Whether the signatures of a decision are those a set of approvers requires.
 *
 * @param decision The decision
 * @param set The set, or `null` while there are no approvers
 * @param instance What tells this instance from others
 * @param required How many must sign by the law the decision rests on; all keys, where there are fewer
 * @returns What is wrong, or `null` when it counts
 */
export function judgeBySet(
  decision: LawDecision,
  set: ApproverSet | null,
  instance: string,
  required: number,
): string | null {
  if (set === null) {
    return decision.epoch === 0 ? null : "it names an epoch of approvers, and there are none";
  }
  const { epoch, seq, verdict, expires, proposal_hash: proposal, base_hash: base } = decision;
  const facts = { instance, epoch, proposal, seq, base, new: decision.new_hash, verdict, expires };
  // More than there are keys would keep everybody out.
  const needed = Math.min(Math.max(set.required, required), set.keys.length);
  const { valid, notes } = verifyDecision(facts, decision.signatures, { ...set, required: needed });
  return valid ? null : notes.join("; ");
}

/**
 * Why a yes of some strength does not count while there are no approvers.
 *
 * @param law The law in force
 * @param strength How sure it is that a person decided
 * @param needsStrength Whether a rule was passed over by hand
 * @returns What is missing, or `null` when it counts
 */
export function weakness(
  { settings }: { readonly settings: LawSettings },
  strength: Strength,
  needsStrength: boolean,
): string | null {
  if (strength === "terminal") return null;
  if (strength === "key") return "there are no approvers whose signature could count";
  if (needsStrength) {
    return "it goes beyond what the law leaves to anybody else than a person there";
  }
  if (strength === "client") {
    return settings.allowClient ? null : "the law does not count what a client says";
  }
  return settings.allowAsserted ? null : "what an agent reports is no decision";
}
