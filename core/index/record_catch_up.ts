/**
 * Brings the records of the index up to date with the ledger.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import type { Block } from "../chain/block.ts";
import type { Disk } from "../disk/mod.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { PlacedBlock } from "../ledger/placed.ts";
import type { NotedBlock, RecordDatabase, RecordState } from "./record_database.ts";

/** Records that agree with the ledger as far as they go. */
export interface Covered {
  /** Where they are. */
  readonly database: RecordDatabase;
  /** How far they go. */
  readonly state: RecordState;
  /** The last block they know. */
  readonly last: NotedBlock;
  /** The blocks behind it that could not be taken in, newest first. */
  readonly newer: readonly Block[];
}

/** The ledger, and whether the index may be changed. */
interface Followed {
  readonly disk: Disk;
  readonly writable: boolean;
  readonly ledger: Ledger & { readonly path: string };
}

/** Which file the ledger is, when it was changed, and its size. */
interface LedgerFile {
  readonly file: string;
  readonly bytes: number;
}

/** Blocks and bytes that are taken in as one unit. */
const BATCH = 1000;
const BATCH_BYTES = 1024 * 1024;

/** Most bytes of new blocks that are read each time, where they cannot be taken in. */
const MAX_NEWER = 4 * 1024 * 1024;

/** Bytes that may close the file; with more behind the last block somebody is appending just now. */
const CLOSING = 4;

/** Other processes may take blocks in at the same time; each time one of us gets on. */
const MAX_ROUNDS = 10_000;

/**
 * Reads what is new in the ledger, or all of it when the index is about another one.
 *
 * @param database The records
 * @param followed The ledger
 * @returns The records, and the blocks they lack; `null` when they are no help
 * @throws {KairosError} `corrupt` when the ledger is no chain that could be indexed
 * @throws {Error} Of SQLite
 */
export async function catchUp(
  database: RecordDatabase,
  followed: Followed,
): Promise<Covered | null> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const now = ledgerFile(followed);
    const state = database.state();
    const { last } = state;
    if (now === null) return null;
    if (last !== null && !isAbout(state, last, now, followed.ledger)) {
      if (!followed.writable) return null;
      database.clear();
      continue;
    }
    const end = last === null ? 0 : last.at + last.size;
    const isWhole = state.file === now.file && state.bytes === now.bytes;
    if (isWhole) return last === null ? null : { database, state, last, newer: [] };
    if (!followed.writable) return asItIs(database, state, now, followed.ledger);
    try {
      if (!await readOn(database, state, end, now, followed.ledger)) continue;
    } catch (error) {
      // Another process writes it: as far as it goes it is good.
      if (isBusy(error)) return asItIs(database, state, now, followed.ledger);
      throw error;
    }
    const reached = database.state();
    return reached.last === null
      ? null
      : { database, state: reached, last: reached.last, newer: [] };
  }
  return null;
}

/** Whether the index is about this ledger, which may have grown since. */
function isAbout(state: RecordState, last: NotedBlock, now: LedgerFile, ledger: Ledger): boolean {
  // A file that changed grew, or else somebody rewrote it.
  if (state.bytes === now.bytes && state.file !== now.file) return false;
  const block = ledger.blockAt(last.at, last.size);
  return block !== null && block.index === last.index && block.hash === last.hash;
}

/** The index with what it lacks; `null` when that is too much. */
function asItIs(
  database: RecordDatabase,
  state: RecordState,
  { bytes }: LedgerFile,
  ledger: Ledger,
): Covered | null {
  const { last } = state;
  if (last === null || bytes - last.at - last.size > MAX_NEWER) return null;
  const newer: Block[] = [];
  for (const { block } of ledger.placed(last.at + last.size)) {
    if (block.index !== last.index + 1 + newer.length) return null;
    newer.push(block);
  }
  return { database, state, last, newer: newer.reverse() };
}

/** Takes in what stands behind the last block; whether nobody else did meanwhile. */
async function readOn(
  database: RecordDatabase,
  from: RecordState,
  end: number,
  { file, bytes }: LedgerFile,
  ledger: Ledger,
): Promise<boolean> {
  let state = from;
  let expected = from.last === null ? 0 : from.last.index + 1;
  let batch: PlacedBlock[] = [];
  let size = 0;
  for (const placed of ledger.placed(end)) {
    if (placed.block.index !== expected++) {
      throw new KairosError("corrupt", "Cannot index the ledger: its blocks are out of order");
    }
    batch.push(placed);
    size += placed.size;
    if (batch.length < BATCH && size < BATCH_BYTES) continue;
    if (!database.add(state, batch, "", 0)) return false;
    state = database.state();
    batch = [];
    size = 0;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const last = batch.at(-1) ?? state.last;
  const isSettled = last !== null && bytes - last.at - last.size <= CLOSING;
  return isSettled ? database.add(state, batch, file, bytes) : database.add(state, batch, "", 0);
}

/**
 * Whether a database failed because somebody else uses it.
 *
 * @param error What was thrown
 * @returns `true` when trying again later may help
 */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && /locked|busy/.test(error.message);
}

function ledgerFile({ disk, ledger }: Followed): LedgerFile | null {
  const facts = disk.stat(ledger.path);
  if (facts?.kind !== "file") return null;
  const { device, inode, modified, size } = facts;
  return { file: `${device}:${inode}:${modified}`, bytes: size };
}
