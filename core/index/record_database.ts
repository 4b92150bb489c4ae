/**
 * The records of the chain as tables of the index.
 *
 * They lie in the file of the full text and have a state and a schema of their own, so that either
 * can be made anew alone.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Block } from "../chain/block.ts";
import {
  factsOf,
  objectsOf,
  type RecordFacts,
  type RecordFilter,
  timeOf,
} from "../layers/record_facts.ts";
import type { PlacedBlock } from "../ledger/placed.ts";
import { type DatabaseOptions, IndexDatabase } from "./database.ts";
import { recordQuery, shortened } from "./record_query.ts";

/** Raised whenever the tables or what goes into them change. */
const SCHEMA = 1;

/** Milliseconds to wait for another process. */
const PATIENCE = 250;

const DROP = ["chain_blocks", "chain_records", "chain_objects", "chain_state"]
  .map((table) => `DROP TABLE IF EXISTS ${table};`).join("\n");

const TABLES = `
  CREATE TABLE chain_state (
    schema INTEGER NOT NULL,
    generation TEXT NOT NULL,
    file TEXT NOT NULL,
    bytes INTEGER NOT NULL
  );
  CREATE TABLE chain_blocks (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    hash BLOB NOT NULL,
    time INTEGER
  );
  CREATE TABLE chain_records (
    block INTEGER NOT NULL,
    type TEXT NOT NULL,
    layer TEXT NOT NULL,
    entry TEXT NOT NULL,
    principal TEXT NOT NULL,
    agent TEXT NOT NULL
  );
  CREATE TABLE chain_objects (
    hash BLOB NOT NULL,
    block INTEGER NOT NULL,
    PRIMARY KEY (hash, block)
  ) WITHOUT ROWID;
  CREATE INDEX chain_records_type ON chain_records (type, block);
  CREATE INDEX chain_records_layer ON chain_records (layer, block);
  CREATE INDEX chain_records_entry ON chain_records (entry, block);
  CREATE INDEX chain_records_principal ON chain_records (principal, block);
  CREATE INDEX chain_records_agent ON chain_records (agent, block);
`;

/** Where a block stands, as it was noted. */
export interface NotedBlock extends Pick<Block, "index" | "hash"> {
  /** Offset of its first byte. */
  readonly at: number;
  /** Its size in bytes. */
  readonly size: number;
}

/** How far the index has come. */
export interface RecordState {
  /** Changes when the records are made anew. */
  readonly generation: string;
  /** Which file it was, and when it was changed; `""` when it is not known. */
  readonly file: string;
  /** Size of the file, in bytes. */
  readonly bytes: number;
  /** The last block that was read, or `null` when there is none. */
  readonly last: NotedBlock | null;
}

/** The records, opened. */
export class RecordDatabase implements Disposable {
  readonly #database: DatabaseSync;
  readonly #statements: Record<string, StatementSync> = {};

  /**
   * Opens the records; a file without them gets them.
   *
   * @param options Where they are
   * @throws {Error} Of SQLite; {@linkcode isDamage} tells what to do about it
   */
  constructor(options: DatabaseOptions) {
    const { path = ":memory:", readOnly = false } = options;
    // Makes the file, and sees to it that it is ours.
    if (path !== ":memory:") new IndexDatabase(options)[Symbol.dispose]();
    this.#database = new DatabaseSync(path, { readOnly });
    try {
      this.#database.exec(
        `PRAGMA busy_timeout = ${PATIENCE}; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000`,
      );
      if (!readOnly) this.#database.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = 1");
      this.#prepare(readOnly);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#database.close();
  }

  /** How far the index has come. */
  state(): RecordState {
    const state = this.#run("SELECT generation, file, bytes FROM chain_state").get();
    const last = this.#run("SELECT id, at, size, hash FROM chain_blocks ORDER BY id DESC LIMIT 1")
      .get();
    return {
      generation: String(state?.["generation"] ?? ""),
      file: String(state?.["file"] ?? ""),
      bytes: Number(state?.["bytes"] ?? 0),
      last: last === undefined ? null : noted(last),
    };
  }

  /** Forgets everything. */
  clear(): void {
    this.#write(() => this.#reset());
  }

  /**
   * Takes blocks in, unless another process did meanwhile.
   *
   * @param state The state they follow upon
   * @param blocks The next blocks
   * @param file Which file they come from, and when it was changed
   * @param bytes Its size
   * @returns Whether they were taken in
   */
  add(state: RecordState, blocks: readonly PlacedBlock[], file: string, bytes: number): boolean {
    return this.#write(() => {
      const { generation, last } = this.state();
      if (generation !== state.generation || last?.index !== state.last?.index) return false;
      for (const placed of blocks) this.#insert(placed);
      this.#run("UPDATE chain_state SET file = ?, bytes = ?").run(file, bytes);
      return true;
    });
  }

  /**
   * Where the blocks stand that fit a filter, newest first.
   *
   * @param generation What is to be asked
   * @param filter Which ones
   * @param limit Most of them
   * @returns Their places, or `null` when the records were made anew meanwhile
   */
  find(generation: string, filter: RecordFilter, limit: number): NotedBlock[] | null {
    const { sql, values } = recordQuery(filter);
    this.#database.exec("BEGIN");
    try {
      const state = this.#run("SELECT generation FROM chain_state").get();
      if (state?.["generation"] !== generation) return null;
      return this.#run(sql).all(...values, limit).map(noted);
    } finally {
      if (this.#database.isTransaction) this.#database.exec("COMMIT");
    }
  }

  #insert({ block, at, size }: PlacedBlock): void {
    const { index } = block;
    this.#run("INSERT INTO chain_blocks (id, at, size, hash, time) VALUES (?, ?, ?, ?, ?)")
      .run(index, at, size, Buffer.from(block.hash, "hex"), timeOf(block));
    const rows = new Map(
      factsOf(block).map((facts) => {
        const row = rowOf(facts);
        return [JSON.stringify(row), row];
      }),
    );
    const record = this.#run(
      "INSERT INTO chain_records (block, type, layer, entry, principal, agent) VALUES (?, ?, ?, ?, ?, ?)",
    );
    for (const row of rows.values()) record.run(index, ...row);
    const object = this.#run("INSERT OR IGNORE INTO chain_objects (hash, block) VALUES (?, ?)");
    for (const hash of objectsOf(block)) {
      if (/^[0-9a-f]{64}$/.test(hash)) object.run(Buffer.from(hash, "hex"), index);
    }
  }

  #prepare(readOnly: boolean): void {
    const schema = () => {
      const there = this.#run("SELECT 1 FROM sqlite_schema WHERE name = 'chain_state'").get();
      return there && this.#run("SELECT schema FROM chain_state").get()?.["schema"];
    };
    if (schema() === SCHEMA) return;
    if (readOnly) throw new Error("no such schema");
    this.#write(() => {
      // Another process may have been faster.
      if (schema() !== SCHEMA) this.#reset();
    });
  }

  #reset(): void {
    this.#database.exec(`${DROP}\n${TABLES}`);
    this.#run("INSERT INTO chain_state (schema, generation, file, bytes) VALUES (?, ?, '', 0)")
      .run(SCHEMA, crypto.randomUUID());
  }

  #write<T>(task: () => T): T {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const value = task();
      this.#database.exec("COMMIT");
      return value;
    } catch (error) {
      // SQLite itself may have rolled back; what matters is the first error.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #run(sql: string): StatementSync {
    return this.#statements[sql] ??= this.#database.prepare(sql);
  }
}

function noted({ id, at, size, hash }: Readonly<Record<string, unknown>>): NotedBlock {
  return {
    index: Number(id),
    at: Number(at),
    size: Number(size),
    hash: hash instanceof Uint8Array ? Buffer.from(hash).toString("hex") : "",
  };
}

function rowOf({ type, layer, entry, principal, agent }: RecordFacts): string[] {
  return [type, layer, entry, principal, agent].map(shortened);
}
