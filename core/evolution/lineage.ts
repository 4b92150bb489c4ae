/**
 * Approver sets one after the other, from the first one on. See
 * `kairos_formats/approvers.md#approver-set`.
 *
 * @module
 */

import type { Block } from "../chain/block.ts";
import {
  type ApproverSet,
  isSetRecord,
  parseSet,
  type SetSite,
  verifySet,
} from "./approver_set.ts";

/** The sets up to a point of the chain. */
export interface Lineage {
  /** The set in force, or `null` while there is none. */
  readonly set: ApproverSet | null;
  /** Epochs that were opened without the set before; they stay unproven for ever. */
  readonly unproven: readonly number[];
}

/** Before the first set. */
export const NO_APPROVERS: Lineage = { set: null, unproven: [] };

/** What advancing a lineage by one record gives. */
export type Advanced =
  | { readonly lineage: Lineage; readonly problem: null }
  | { readonly lineage: Lineage; readonly problem: string };

/**
 * Takes one record of a set into account. A record that does not hold changes nothing.
 *
 * @param lineage The sets before it
 * @param item The record
 * @param site The chain and the place in it where the record stands
 * @returns The sets with it, and what is wrong when it does not hold
 */
export function advance(lineage: Lineage, item: string, site: SetSite): Advanced {
  const set = parseSet(item);
  if (typeof set === "string") {
    return { lineage, problem: `an approver set cannot be read: ${set}` };
  }
  const { proof, problem } = verifySet(lineage.set, set, site);
  if (problem !== null) {
    return { lineage, problem: `approver set ${set.number} does not hold: ${problem}` };
  }
  const unproven = proof === "unproven" ? [...lineage.unproven, set.epoch] : lineage.unproven;
  return { lineage: { set, unproven }, problem: null };
}

/** The approvers while a chain is walked from its beginning. */
export class ApproverReplay {
  #lineage: Lineage = NO_APPROVERS;
  #instance = "";

  /** The approvers so far. */
  get lineage(): Lineage {
    return this.#lineage;
  }

  /** What tells this chain from others in a signature; empty before block 1. */
  get instance(): string {
    return this.#instance;
  }

  /**
   * Takes a block into account.
   *
   * @param block The block
   * @returns What is wrong with the sets in it
   */
  take({ index, hash, data, previous_hash: head }: Block): string[] {
    if (index === 1) this.#instance = hash;
    return data.filter(isSetRecord).flatMap((item) => {
      if (data.length > 1) return ["an approver set stands beside other records"];
      const { lineage, problem } = advance(this.#lineage, item, { instance: this.#instance, head });
      this.#lineage = lineage;
      return problem ?? [];
    });
  }
}
