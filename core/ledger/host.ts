/**
 * What auditing and repairing a ledger needs of the instance around it.
 *
 * @module
 */

import type { Actor, RecordFields } from "../actor.ts";
import type { Disk } from "../disk/mod.ts";
import type { Journal } from "../journal/journal.ts";
import type { FileLedger } from "./file_ledger.ts";

/** The part of an instance's store that a ledger's audit and repair work with. */
export interface LedgerHost {
  /** The data directory. */
  readonly root: string;
  /** The disk. */
  readonly disk: Disk;
  /** The chain. */
  readonly ledger: FileLedger;
  /** The action log. */
  readonly journal: Journal;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Whether the instance was opened for writing. */
  readonly writable: boolean;
  /** Runs something with nobody else writing. */
  locked<T>(task: () => T | Promise<T>): Promise<T>;
  /** A record as compact JSON with time and actor. */
  record(fields: RecordFields, actor: Actor): string;
}
