/**
 * The approvers there were before a block, by the pointers of `skills/approvers.json`.
 *
 * @module
 */

import { asPointer, findBlock, firstBlock } from "../ledger/block_at.ts";
import type { Store } from "../store.ts";
import { APPROVERS_FILE, MAX_SETS } from "./approvers.ts";
import { advance, type Lineage, NO_APPROVERS } from "./lineage.ts";
import { isSetRecord } from "./approver_set.ts";
import { parseObject } from "./shape.ts";

const MAX_FILE = 256 * 1024;

/**
 * Follows the sets that stand before a block.
 *
 * @param store Disk and chain
 * @param before Index of the block
 * @returns The sets, and what is wrong when one of them does not hold
 */
export function approversBefore(
  store: Store,
  before: number,
): { readonly lineage: Lineage; readonly problem: string | null } {
  const none = { lineage: NO_APPROVERS, problem: null };
  const path = `${store.root}/${APPROVERS_FILE}`;
  const size = store.disk.stat(path)?.size;
  if (size === undefined) return none;
  const bytes = size > MAX_FILE ? null : store.disk.read(path, MAX_FILE);
  const sets = bytes === null ? null : parseObject(new TextDecoder().decode(bytes))?.sets;
  if (!Array.isArray(sets) || sets.length > MAX_SETS) {
    return { ...none, problem: `${APPROVERS_FILE} cannot be read` };
  }
  const instance = firstBlock(store)?.hash ?? "";
  let lineage = NO_APPROVERS;
  for (const one of sets) {
    const pointer = asPointer(one);
    if (pointer === null) return { lineage, problem: `${APPROVERS_FILE} cannot be read` };
    if (pointer.index >= before) break;
    const block = findBlock(store, pointer);
    const item = block?.data.length === 1 ? block.data[0] : undefined;
    const problem = `block ${pointer.index} carries no approver set`;
    if (block === null || item === undefined || !isSetRecord(item)) return { lineage, problem };
    const advanced = advance(lineage, item, { instance, head: block.previous_hash });
    if (advanced.problem !== null) return { lineage, problem: advanced.problem };
    lineage = advanced.lineage;
  }
  return { lineage, problem: null };
}
