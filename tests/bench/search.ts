/**
 * Search over ten thousand entries: making the index, and asking it.
 *
 * @module
 */

import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { foldText } from "../../core/index/fold.ts";
import { openInstance } from "../../core/instance.ts";
import { corpus, type CorpusEntry, QUERIES, writeCorpus } from "./corpus.ts";
import { type Figure, figure, median } from "./measure.ts";

const ENTRIES = 10_000;
const REBUILDS = 3;
const ROUNDS = 7;

/**
 * Measures searching.
 *
 * @param folder A folder on the disk to measure
 * @returns The figures
 */
export async function benchSearch(folder: string): Promise<Figure[]> {
  const root = `${folder}/search`;
  const entries = corpus(ENTRIES);
  await writeCorpus(root, entries);
  return [
    await rebuild(root, `${folder}/floor.db`, entries),
    ...await ask(root),
  ];
}

/** Making the index anew, files read and all, against filling two bare tables. */
async function rebuild(
  root: string,
  floorPath: string,
  entries: readonly CorpusEntry[],
): Promise<Figure> {
  const ours: number[] = [];
  const floor: number[] = [];
  // Folded beforehand: the floor is SQLite alone.
  const rows = entries.map(({ name, description, tags, body }) =>
    [name, description, tags.join("\n"), body].map(foldText)
  );
  for (let round = 0; round < REBUILDS; round++) {
    const { search } = await openInstance(root, { mode: "write" });
    await Deno.remove(`${root}/storage/index.db`).catch(() => {});
    let start = performance.now();
    await search({ query: "marker1" });
    ours.push(performance.now() - start);
    await Deno.remove(floorPath).catch(() => {});
    start = performance.now();
    bulkInsert(floorPath, rows);
    floor.push(performance.now() - start);
  }
  return figure({
    name: `index of ${ENTRIES} entries made anew`,
    ours: median(ours),
    floorName: "bare FTS5 bulk insert of their text, words and trigrams",
    floor: median(floor),
    unit: "ms",
    target: 1 / 0.5,
  });
}

/** The same text into the same two kinds of table, in one transaction. */
function bulkInsert(path: string, rows: readonly (readonly string[])[]): void {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = 1");
  const tokenizers = ["unicode61 remove_diacritics 0", "trigram case_sensitive 1"];
  const inserts = tokenizers.map((tokenize, at) => {
    database.exec(
      `CREATE VIRTUAL TABLE text${at} USING fts5(name, description, tags, body, tokenize='${tokenize}')`,
    );
    return database.prepare(`INSERT INTO text${at} VALUES (?, ?, ?, ?)`);
  });
  database.exec("BEGIN");
  for (const row of rows) for (const insert of inserts) insert.run(...row);
  database.exec("COMMIT");
  database.close();
}

/** A statement with its values, to be run again. */
interface Asked {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/**
 * A warm search, changes followed as a server does, against its own SQL, run again on the same index
 * with nothing done to the rows.
 */
async function ask(root: string): Promise<Figure[]> {
  const { search, follow } = await openInstance(root, { mode: "write" });
  const following = await follow({ onChanges: () => {} });
  await following.ready;
  const asked = new Map<string, Asked[]>();
  for (const query of QUERIES) {
    await search({ query });
    asked.set(query, await recorded(() => search({ query })));
  }
  const database = new DatabaseSync(`${root}/storage/index.db`, { readOnly: true });
  const statements = new Map<string, StatementSync>();
  for (const { sql } of [...asked.values()].flat()) {
    if (!statements.has(sql)) statements.set(sql, database.prepare(sql));
  }
  const ours: number[][] = [];
  const floor: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const oursNow: number[] = [];
    const floorNow: number[] = [];
    for (const query of QUERIES) {
      let start = performance.now();
      await search({ query });
      oursNow.push(performance.now() - start);
      start = performance.now();
      for (const { sql, values } of asked.get(query)!) statements.get(sql)!.all(...values);
      floorNow.push(performance.now() - start);
    }
    ours.push(oursNow);
    floor.push(floorNow);
  }
  database.close();
  await following.stop();
  const at = (share: number, rounds: number[][]) =>
    median(rounds.map((one) => quantile(one, share)));
  return [[0.5, "median"] as const, [0.95, "p95"] as const].map(([share, what]) =>
    figure({
      name: `search, ${what} of ${QUERIES.length} queries`,
      ours: at(share, ours),
      floorName: "the same SQL on the same index",
      floor: at(share, floor),
      unit: "ms",
      target: 3,
    })
  );
}

/** The statements a search ranks with: those between `BEGIN` and `COMMIT`. */
async function recorded(run: () => Promise<unknown>): Promise<Asked[]> {
  const asked: Asked[] = [];
  const { prepare, exec } = DatabaseSync.prototype;
  let isInside = false;
  DatabaseSync.prototype.exec = function (sql) {
    if (sql === "BEGIN") isInside = true;
    if (sql === "COMMIT") isInside = false;
    exec.call(this, sql);
  };
  DatabaseSync.prototype.prepare = function (sql, ...rest) {
    const statement = prepare.call(this, sql, ...rest);
    const all = statement.all.bind(statement) as (...values: SQLInputValue[]) => ReturnType<
      StatementSync["all"]
    >;
    statement.all = ((...values: SQLInputValue[]) => {
      if (isInside) asked.push({ sql, values });
      return all(...values);
    }) as StatementSync["all"];
    return statement;
  };
  try {
    await run();
  } finally {
    Object.assign(DatabaseSync.prototype, { prepare, exec });
  }
  return asked;
}

function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
