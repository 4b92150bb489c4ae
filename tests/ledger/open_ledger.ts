/**
 * A file ledger as an instance would have it, for tests.
 *
 * @module
 */

import type { Block } from "../../core/chain/block.ts";
import { verifyChain, type VerifyReport } from "../../core/chain/verify.ts";
import { Disk } from "../../core/disk/mod.ts";
import { FileLedger, type Recovery } from "../../core/ledger/file_ledger.ts";
import { ObjectStore } from "../../core/objects/objects.ts";

/** A ledger and what it reported. */
export interface OpenLedger {
  readonly ledger: FileLedger;
  readonly objects: ObjectStore;
  readonly recoveries: Recovery[];
}

/**
 * Opens `blockchain.json` of a folder.
 *
 * @param folder The folder; objects are kept in `objects` in it
 * @param disk The disk
 * @param name The ledger's path in the folder
 * @returns The ledger, its objects and the recoveries it will report
 */
export function openLedger(
  folder: string,
  disk: Disk = new Disk(),
  name = "blockchain.json",
): OpenLedger {
  const recoveries: Recovery[] = [];
  const objects = new ObjectStore(disk, `${folder}/objects`);
  const ledger = new FileLedger({
    disk,
    path: `${folder}/${name}`,
    keep: (bytes) => objects.put(bytes),
    onRecovered: (recovery) => recoveries.push(recovery),
  });
  return { ledger, objects, recoveries };
}

/** Verifies a ledger as it is read. */
export function verify(ledger: FileLedger): Promise<VerifyReport> {
  return verifyChain(ledger.bytes());
}

/** All blocks, oldest first, read from the end. */
export function blocksOf(ledger: FileLedger): Block[] {
  return [...ledger.newest()].reverse();
}

/** All blocks, read from the beginning. */
export async function oldestBlocksOf(ledger: FileLedger): Promise<Block[]> {
  const blocks: Block[] = [];
  for await (const block of ledger.oldest()) blocks.push(block);
  return blocks;
}
