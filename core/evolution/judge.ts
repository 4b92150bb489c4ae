/**
 * Whether a decision counts, by the approvers there were when it was made.
 *
 * @module
 */

import type { Block } from "../chain/block.ts";
import { firstBlock } from "../ledger/block_at.ts";
import type { Store } from "../store.ts";
import { type ApproverSet, isSetRecord } from "./approver_set.ts";
import { advance, type Approvers, type Lineage, loadApprovers, NO_APPROVERS } from "./approvers.ts";
import { approversBefore } from "./approvers_before.ts";
import { verifyDecision } from "./decision.ts";
import type { EvolutionHost } from "./host.ts";
import type { LawDecision } from "./records.ts";

/**
 * Who may decide now.
 *
 * @param host The instance
 * @returns The approvers; with a problem nothing may be decided
 */
export function approversNow({ store, pins }: EvolutionHost): Approvers {
  return loadApprovers(store, pins ?? []);
}

/**
 * Whether the signatures of a decision on the chain are those that were needed.
 *
 * @param store The store
 * @param decision The decision
 * @param index Index of its block
 * @returns What is wrong, or `null` when it counts
 */
export function judgeDecision(store: Store, decision: LawDecision, index: number): string | null {
  const { lineage, problem } = approversBefore(store, index);
  return problem ?? judgeBySet(decision, lineage.set, firstBlock(store)?.hash ?? "");
}

/**
 * Whether the signatures of a decision are those a set of approvers requires.
 *
 * @param decision The decision
 * @param set The set, or `null` while there are no approvers
 * @param instance What tells this instance from others
 * @param required How many must sign, where the law asks for more than the set
 * @returns What is wrong, or `null` when it counts
 */
export function judgeBySet(
  decision: LawDecision,
  set: ApproverSet | null,
  instance: string,
  required = 1,
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

/** The approvers while a chain is walked from its beginning. */
export class ApproverReplay {
  #lineage: Lineage = NO_APPROVERS;
  readonly #instance: string;

  /** @param store The store */
  constructor(store: Store) {
    this.#instance = firstBlock(store)?.hash ?? "";
  }

  /** The approvers so far. */
  get lineage(): Lineage {
    return this.#lineage;
  }

  /**
   * Takes an item into account.
   *
   * @param item The item
   * @param block Its block
   * @returns What is wrong with it, or `null`
   */
  take(item: string, { data, previous_hash: head }: Block): string | null {
    if (!isSetRecord(item)) return null;
    if (data.length > 1) return "an approver set stands beside other records";
    const { lineage, problem } = advance(this.#lineage, item, { instance: this.#instance, head });
    this.#lineage = lineage;
    return problem;
  }

  /**
   * Judges a decision by the approvers so far.
   *
   * @param decision The decision
   * @returns What is wrong, or `null` when it counts
   */
  judge(decision: LawDecision): string | null {
    return judgeBySet(decision, this.#lineage.set, this.#instance);
  }
}
