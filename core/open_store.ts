/**
 * Puts the shared parts of an instance together: disk, ledger, objects, journal.
 *
 * @module
 */

import type { Disk } from "./disk/mod.ts";
import { Journal } from "./journal/journal.ts";
import { FileLedger } from "./ledger/file_ledger.ts";
import { ObjectStore } from "./objects/objects.ts";
import { Store } from "./store.ts";

/** What differs from one opening to another. */
export interface StoreOptions {
  /** The disk. */
  readonly disk: Disk;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Longest wait for the lock in milliseconds. */
  readonly lockTimeout: number;
  /** What others see who wait for the lock. */
  readonly holder: string;
  /** Whether changes are allowed at all. */
  readonly writable: boolean;
  /** Size in bytes at which the journal begins a new file. */
  readonly rotateAt?: number;
}

/**
 * Opens the store of a data directory. Nothing is read or written yet.
 *
 * @param root The data directory
 * @param options Disk, clock, lock, mode
 * @returns The store
 */
export function openStore(root: string, options: StoreOptions): Store {
  const { disk, clock, lockTimeout, holder, writable, rotateAt } = options;
  const journal = new Journal({
    disk,
    path: `${root}/skills/action_log.jsonl`,
    clock,
    ...(rotateAt === undefined ? {} : { rotateAt }),
  });
  const objects = new ObjectStore(disk, `${root}/storage/objects`);
  const ledger = new FileLedger({
    disk,
    path: `${root}/storage/blockchain.json`,
    keep: (bytes) => objects.put(bytes),
    onRecovered: ({ length, bytes, object }) =>
      journal.note({
        action: "append_undone",
        skill_id: null,
        details: { blocks: length, bytes, object },
      }),
  });
  return new Store({ root, disk, ledger, objects, journal, clock, lockTimeout, holder, writable });
}
