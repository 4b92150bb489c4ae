/**
 * Blocks found by their records, without walking the chain.
 *
 * The index follows the ledger and is derived: it tells where to look, and what is answered is read
 * from the ledger there. Where it disagrees with the ledger it is made anew, where it cannot be used
 * the chain is walked; the answer is that of a walk in any case. Nothing that verifies, repairs or
 * recovers a chain asks it.
 *
 * @module
 */

import type { Block } from "../chain/block.ts";
import { KairosError } from "../errors.ts";
import { matchesBlock, type RecordFilter, type RecordFinder } from "../layers/record_facts.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { isDamage } from "./database.ts";
import { discardIndex, indexFile, type IndexHome } from "./index_file.ts";
import { catchUp, type Covered, isBusy } from "./record_catch_up.ts";
import { type NotedBlock, RecordDatabase } from "./record_database.ts";

/** What finding records needs of an instance. */
export interface RecordSource extends IndexHome {
  /** Where the index is kept, whether it may be written, and the chain. */
  readonly store: IndexHome["store"] & { readonly ledger: Ledger & { readonly path: string } };
}

/** Places asked for at once. */
const PAGE = 200;
/** Blocks between two moments for others. */
const TURN = 500;
/** Times the index is asked, which others may make anew meanwhile. */
const MAX_ROUNDS = 3;

/** Where a search through the index ended too early. */
interface Stopped {
  /** Every block from here on was looked at. */
  readonly below: number | undefined;
  /** Whether the index said what is not so. */
  readonly isWrong: boolean;
}

/** A file that is open. */
interface Kept {
  readonly database: RecordDatabase;
  readonly device: number;
  readonly inode: number;
}

/** The records of one instance. */
export class RecordIndex implements RecordFinder {
  readonly #source: RecordSource;
  #kept: Kept | null = null;
  /** Kept while no file can be used, so that the next question need not read everything. */
  #memory: RecordDatabase | null = null;
  #running: Promise<Covered | null> | null = null;

  /** @param source The instance */
  constructor(source: RecordSource) {
    this.#source = source;
  }

  /** The blocks that fit, see {@linkcode RecordFinder.blocks}. */
  async *blocks(filter: RecordFilter, signal?: AbortSignal): AsyncGenerator<Block> {
    let below = filter.below;
    const asks = Object.values(filter).some((wanted) => wanted !== undefined);
    // Of a chain whose end is damaged a walk tells what is wrong.
    if (asks && this.#source.store.ledger.head().state === "readable") {
      let isWrong = false;
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const covered = await this.#covered(isWrong, signal);
        if (covered === null) break;
        const stopped = yield* this.#search(covered, { ...filter, below }, signal);
        if (stopped === null) return;
        ({ below, isWrong } = stopped);
      }
    }
    yield* this.#walk({ ...filter, below }, signal);
  }

  async *#walk(filter: RecordFilter, signal?: AbortSignal): AsyncGenerator<Block> {
    let walked = 0;
    for (const block of this.#source.store.ledger.newest()) {
      if (++walked % TURN === 0) await turn(signal);
      if (matchesBlock(block, filter)) yield block;
    }
  }

  /** Goes through what is newer than the index, then through the index. */
  async *#search(
    { database, state, last, newer }: Covered,
    filter: RecordFilter,
    signal?: AbortSignal,
  ): AsyncGenerator<Block, Stopped | null> {
    const { ledger } = this.#source.store;
    yield* newer.filter((block) => matchesBlock(block, filter));
    let below = Math.min(filter.below ?? Infinity, last.index + 1);
    for (;;) {
      const places = this.#find(database, state.generation, { ...filter, below });
      if (!Array.isArray(places)) return { below, ...places };
      for (const place of places) {
        const block = ledger.blockAt(place.at, place.size);
        if (block === null || block.index !== place.index || block.hash !== place.hash) {
          return { below, isWrong: true };
        }
        below = block.index;
        if (matchesBlock(block, filter)) yield block;
      }
      if (places.length < PAGE) return null;
      await turn(signal);
    }
  }

  /** A page of places, or why there is none. */
  #find(
    database: RecordDatabase,
    generation: string,
    filter: RecordFilter,
  ): NotedBlock[] | { isWrong: boolean } {
    try {
      return database.find(generation, filter, PAGE) ?? { isWrong: false };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { isWrong: isDamage(error) };
    }
  }

  /** An index that agrees with the ledger, or `null` when there can be none. */
  async #covered(isAnew: boolean, signal?: AbortSignal): Promise<Covered | null> {
    if (isAnew && !this.#source.store.writable) return null;
    // Who asks meanwhile gets the same index, and whoever stops waiting stops nobody else.
    while (this.#running !== null) {
      await unlessAborted(this.#running.catch(() => null), signal);
    }
    this.#running = this.#open(isAnew).finally(() => this.#running = null);
    return await unlessAborted(this.#running, signal);
  }

  async #open(isAnew: boolean): Promise<Covered | null> {
    const { store } = this.#source;
    for (const isFirst of [true, false]) {
      try {
        const database = this.#file();
        if (database === null) break;
        if (isAnew) database.clear();
        const covered = await catchUp(database, store);
        this.#forgetMemory();
        return covered;
      } catch (error) {
        // A chain that cannot be read from its beginning is walked from its end.
        if (error instanceof KairosError) return null;
        if (isBusy(error)) return null;
        this.#close();
        if (!isFirst || !isDamage(error) || !discardIndex(this.#source)) break;
      }
    }
    if (!store.writable) return null;
    this.#memory ??= new RecordDatabase({ instance: "" });
    if (isAnew) this.#memory.clear();
    try {
      return await catchUp(this.#memory, store);
    } catch (error) {
      if (error instanceof KairosError) return null;
      throw error;
    }
  }

  /** The index file, open; `null` when there is none that could be used. */
  #file(): RecordDatabase | null {
    const { disk } = this.#source.store;
    const file = usable(this.#source);
    const facts = file === null ? null : disk.statLink(file.path);
    const kept = this.#kept;
    if (kept !== null && kept.device === facts?.device && kept.inode === facts.inode) {
      return kept.database;
    }
    this.#close();
    if (file === null || facts === null) return null;
    const { device, inode } = facts;
    this.#kept = { database: new RecordDatabase(file), device, inode };
    return this.#kept.database;
  }

  #close(): void {
    this.#kept?.database[Symbol.dispose]();
    this.#kept = null;
  }

  #forgetMemory(): void {
    this.#memory?.[Symbol.dispose]();
    this.#memory = null;
  }
}

/** How to open the file, or `null` where the disk refuses that. */
function usable(source: RecordSource): ReturnType<typeof indexFile> {
  try {
    return indexFile(source);
  } catch (error) {
    if (error instanceof KairosError) return null;
    throw error;
  }
}

/** Waits for something that goes on whether somebody waits or not. */
async function unlessAborted<T>(task: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return await task;
  const aborted = Promise.withResolvers<never>();
  const stop = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([task, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function turn(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal?.throwIfAborted();
}
