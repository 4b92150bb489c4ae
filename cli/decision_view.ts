/**
 * Decisions as commands show them.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import type { Evolution } from "../core/evolution/evolution.ts";
import type { StateNote } from "../core/evolution/proposal_store.ts";
import type { Verdict } from "../core/evolution/records.ts";
import type { Decided } from "./decide_proposal.ts";
import { counted } from "./render/text.ts";

/** A decision for programs. */
export interface DecisionView {
  /** Id of the proposal. */
  readonly id: string;
  /** Yes or no. */
  readonly verdict: Verdict;
  /** How far the proposal has come. */
  readonly state: string;
  /** How sure it is that it was a person. */
  readonly strength: string;
  /** Fingerprint of the approvers, or `null` while there are none. */
  readonly approvers: string | null;
  /** Who has signed. */
  readonly signed: readonly { readonly id: string; readonly name: string }[];
  /** How many signatures are missing. */
  readonly missing: number;
  /** What was noted about the decision; `null` while signatures are missing. */
  readonly decided: StateNote | null;
}

/**
 * A decision for programs.
 *
 * @param id The proposal
 * @param verdict Yes or no
 * @param decided What was decided
 * @returns Plain data
 */
export function decisionJson(id: string, verdict: Verdict, decided: Decided): DecisionView {
  const { strength, fingerprint, stored: { state, note }, signers, missing } = decided;
  const signed = signers.map((key) => ({ id: key.id, name: key.name }));
  return { id, verdict, state, strength, approvers: fingerprint, signed, missing, decided: note };
}

/**
 * A decision for people.
 *
 * @param id The proposal
 * @param decided What was decided
 * @returns One line
 */
export function decisionText(id: string, { stored: { state }, missing }: Decided): string {
  const waits = missing === 0 ? "" : `: ${counted(missing, "signature")} missing`;
  return `Proposal ${id} is ${state}${waits}\n`;
}

/**
 * Who has signed a proposal that waits, where several have to.
 *
 * @param evolution The law
 * @param id The proposal
 * @returns A line for a yes and one for a no, where somebody has signed
 */
export function signedLines(evolution: Evolution, id: string): string[] {
  return (["approve", "reject"] as const).flatMap((verdict) => {
    try {
      const { signers, missing } = evolution.collected(id, verdict);
      const names = signers.map(({ name }) => name).join(", ");
      return names === "" ? [] : [`To ${verdict} it: signed by ${names}, ${missing} more needed`];
    } catch (error) {
      // What cannot be decided now has no signatures that count.
      if (error instanceof KairosError) return [];
      throw error;
    }
  });
}
