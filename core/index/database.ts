/**
 * The index as a database: one table of documents, and two of their words and of their trigrams.
 *
 * It holds nothing that is not in the files, so it is thrown away rather than mended.
 *
 * @module
 */

import { DatabaseSync, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { foldText } from "./fold.ts";
import type { Place, PlaceContent } from "./places.ts";
import { type Column, COLUMNS, SCHEMA, TABLES, TEXTS, WEIGHTS } from "./tables.ts";

/** Milliseconds to wait for another process. */
const PATIENCE = 250;

/** What the index remembers of a document. */
export interface Known {
  /** As `stampOf` gave it. */
  readonly stamp: string;
  /** Whether the stamp alone tells that nothing changed. */
  readonly settled: boolean;
  /** The content that was read. */
  readonly version: string;
}

/** Which documents a search is about. */
export interface PlaceFilter {
  /** Only this layer. */
  readonly layer?: string | undefined;
  /** Only this session. */
  readonly session?: string | undefined;
  /** Only documents with this tag. */
  readonly tag?: string | undefined;
  /** Only documents changed since, milliseconds since the epoch. */
  readonly since?: number | undefined;
  /** Archived ones too. */
  readonly archived?: boolean | undefined;
}

/** Where an index is kept. */
export interface DatabaseOptions {
  /** The file; memory unless given. */
  readonly path?: string;
  /** Write nothing, not even for the database's own sake. */
  readonly readOnly?: boolean;
  /** Whose documents these are. */
  readonly instance: string;
}

/** An opened index. */
export class IndexDatabase implements Disposable {
  readonly #database: DatabaseSync;
  readonly #statements: Record<string, StatementSync> = {};

  /**
   * Opens an index; an empty file becomes one.
   *
   * @param options Where it is
   * @throws {Error} Of SQLite; {@linkcode isDamage} tells what to do about it
   */
  constructor({ path = ":memory:", readOnly = false, instance }: DatabaseOptions) {
    this.#database = new DatabaseSync(path, { readOnly });
    try {
      this.#database.exec(`PRAGMA busy_timeout = ${PATIENCE}; PRAGMA temp_store = MEMORY`);
      // One file beside which nothing stays: the folder may be synchronised or be read-only.
      if (!readOnly) this.#database.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = 1");
      this.#prepare(instance, readOnly);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** Tells this index from any that was or will be in its place. */
  get mark(): number {
    return Number(this.#run("PRAGMA application_id").get()!["application_id"]);
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#database.close();
  }

  /**
   * Does something as one unit.
   *
   * @param mode `read` sees one state throughout, `write` keeps other writers out
   * @param task What to do
   * @returns What it returned
   */
  transaction<T>(mode: "read" | "write", task: () => T): T {
    this.#database.exec(mode === "read" ? "BEGIN" : "BEGIN IMMEDIATE");
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

  /**
   * What the index knows, by path.
   *
   * @param scope Only what is at or below this path; everything when it is empty
   * @returns Stamps and versions
   */
  known(scope = ""): Map<string, Known> {
    const columns = "SELECT path, stamp, settled, version FROM docs";
    const rows = scope === "" ? this.#run(columns).all() : this.#run(
      // What begins with the path and a slash lies before the character that follows the slash.
      `${columns} WHERE path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0')`,
    ).all(scope);
    return new Map(rows.map(({ path, stamp, settled, version }) => [
      String(path),
      { stamp: String(stamp), settled: settled === 1, version: String(version) },
    ]));
  }

  /**
   * Takes a document in, in place of what was known of it.
   *
   * @param place Where it is
   * @param content What it says
   * @param known Its stamp before it was read, and whether that settles it
   */
  put(place: Place, content: PlaceContent, known: Known): void {
    const { path, layer, session, archived, name } = place;
    this.drop(path);
    const { declaredName, description, tags, body, files, modified } = content;
    const names = declaredName === null ? name : `${name}\n${declaredName}`;
    const texts: Record<Column, string> = {
      name: foldText(names),
      description: foldText(oneLine(description ?? "")),
      tags: foldText(tags.map(oneLine).join("\n")),
      body: foldText(oneLine(body)),
      files: foldText(files.map(({ text }) => oneLine(text)).join("\n")),
    };
    const { lastInsertRowid } = this.#run(
      `INSERT INTO docs (path, layer, session, archived, stamp, settled, version, modified,
       ${COLUMNS.join(", ")}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      path,
      layer,
      session,
      archived ? 1 : 0,
      known.stamp,
      known.settled ? 1 : 0,
      known.version,
      modified,
      ...COLUMNS.map((column) => texts[column]),
    );
    // Not by triggers: each of their statements would make FTS5 write out what it has gathered.
    this.#tell(lastInsertRowid, texts, true);
  }

  /**
   * Notes that a document still says what it said.
   *
   * @param path Where it is
   * @param known Its new stamp
   * @param modified Its last change
   * @returns Whether the index knows it
   */
  touch(path: string, { stamp, settled }: Known, modified: number): boolean {
    const { changes } = this.#run(
      "UPDATE docs SET stamp = ?, settled = ?, modified = ? WHERE path = ?",
    ).run(stamp, settled ? 1 : 0, modified, path);
    return changes !== 0;
  }

  /**
   * Forgets a document.
   *
   * @param path Where it was
   */
  drop(path: string): void {
    const old = this.#run(`SELECT id, ${COLUMNS.join(", ")} FROM docs WHERE path = ?`).get(path);
    if (old === undefined) return;
    const { id, ...texts } = old;
    this.#tell(id!, texts, false);
    this.#run("DELETE FROM docs WHERE id = ?").run(id!);
  }

  /**
   * The documents a filter lets through.
   *
   * @param filter Which ones
   * @returns Place and content by id
   */
  allowed(
    { layer, session, tag, since, archived }: PlaceFilter,
  ): Map<number, { readonly path: string; readonly version: string }> {
    const rows = this.#run(
      `SELECT id, path, version FROM docs WHERE (?1 IS NULL OR layer = ?1) AND (?2 IS NULL OR session = ?2)
       AND (?3 IS NULL OR modified >= ?3) AND archived <= ?4
       AND (?5 IS NULL OR instr(char(10) || tags || char(10), char(10) || ?5 || char(10)) > 0)`,
    ).all(
      layer ?? null,
      session ?? null,
      since ?? null,
      archived === true ? 1 : 0,
      tag === undefined ? null : foldText(oneLine(tag)),
    );
    return new Map(
      rows.map(({ id, path, version }) => [
        Number(id),
        { path: String(path), version: String(version) },
      ]),
    );
  }

  /**
   * The documents that hold a term, and how much they are about it.
   *
   * @param term A folded term; nothing in it is an operator
   * @returns Id to score, more is better
   */
  matches(term: string): Map<number, number> {
    const found = new Map<number, number>();
    const add = (rows: Iterable<Record<string, unknown>>, worth: number) => {
      for (const { id, score } of rows) {
        found.set(Number(id), (found.get(Number(id)) ?? 0) + worth * Number(score));
      }
    };
    const literal = `"${term.replaceAll('"', '""')}"`;
    for (const table of ["words", "file_words"] as const) add(this.#ranked(table, literal), 1);
    if ([...term].length < 3) add(this.#holding(term), 0.02);
    else {for (const table of ["grams", "file_grams"] as const) {
        add(this.#ranked(table, literal), 0.5);
      }}
    return found;
  }

  /**
   * What is known of the entries of L1 in use.
   *
   * @param words Folded words
   * @returns Name of each entry to whether it has all words in name, description or tags
   */
  entriesWith(words: readonly string[]): Map<string, boolean> {
    // One text, since a row for each costs more than finding it; no path has two slashes in a row.
    const names = (condition: string, values: readonly string[]) => {
      const { paths } = this.#run(
        // What begins with the folder and a slash lies before the character that follows the slash.
        `SELECT group_concat(path, '//') AS paths FROM docs
         WHERE path > 'knowledge/' AND path < 'knowledge0'${condition}`,
      ).get(...values)!;
      return paths === null
        ? []
        : String(paths).split("//").map((path) => path.slice("knowledge/".length));
    };
    const long = words.filter((word) => [...word].length >= 3);
    const short = words.filter((word) => !long.includes(word));
    const grams = long
      .map((word) => `{name description tags} : "${word.replaceAll('"', '""')}"`).join(" AND ");
    const held = " AND (instr(name, ?) > 0 OR instr(description, ?) > 0 OR instr(tags, ?) > 0)";
    const found = names(
      (long.length === 0 ? "" : " AND id IN (SELECT rowid FROM grams WHERE grams MATCH ?)") +
        held.repeat(short.length),
      [...(long.length === 0 ? [] : [grams]), ...short.flatMap((word) => [word, word, word])],
    );
    const known = new Map(names("", []).map((name) => [name, false]));
    for (const name of found) known.set(name, true);
    return known;
  }

  /** Puts a document into the tables of texts, or takes it out of them. */
  #tell(
    id: SQLOutputValue,
    texts: Readonly<Record<string, SQLOutputValue>>,
    isIn: boolean,
  ): void {
    for (const [table, columns] of Object.entries(TEXTS)) {
      const values = columns.map((column) => texts[column]!);
      // Most documents have nothing beside them.
      if (values.every((text) => text === "")) continue;
      const [into, command] = isIn ? ["", ""] : [`${table}, `, "'delete', "];
      this.#run(
        `INSERT INTO ${table} (${into}rowid, ${columns.join(", ")})
         VALUES (${command}?${", ?".repeat(columns.length)})`,
      ).run(id, ...values);
    }
  }

  #ranked(table: keyof typeof TEXTS, literal: string): Record<string, unknown>[] {
    const weights = TEXTS[table].map((column) => WEIGHTS[column]).join(", ");
    return this.#run(
      `SELECT rowid AS id, -bm25(${table}, ${weights}) AS score
       FROM ${table} WHERE ${table} MATCH ?`,
    ).all(literal);
  }

  /** What is too short for trigrams is looked for in the texts themselves. */
  #holding(term: string): Record<string, unknown>[] {
    const score = COLUMNS.map((column) => `${WEIGHTS[column]} * (instr(${column}, ?1) > 0)`);
    return this.#run(
      `SELECT id, ${score.join(" + ")} AS score FROM docs
       WHERE ${COLUMNS.map((column) => `instr(${column}, ?1) > 0`).join(" OR ")}`,
    ).all(term);
  }

  #run(sql: string): StatementSync {
    return this.#statements[sql] ??= this.#database.prepare(sql);
  }

  #prepare(instance: string, readOnly: boolean): void {
    const version = () => Number(this.#run("PRAGMA user_version").get()!.user_version);
    const tables = "SELECT count(*) AS count FROM sqlite_schema";
    if (!readOnly && version() === 0 && this.#run(tables).get()!.count === 0) {
      this.transaction("write", () => {
        // Another process may have been faster.
        if (version() !== 0) return;
        this.#database.exec(TABLES);
        this.#run("INSERT INTO meta (instance) VALUES (?)").run(instance);
        const [mark] = crypto.getRandomValues(new Int32Array(1));
        this.#database.exec(`PRAGMA application_id = ${mark}; PRAGMA user_version = ${SCHEMA}`);
      });
    }
    if (version() !== SCHEMA) throw new UnfitIndex("another schema");
    if (this.#run("SELECT instance FROM meta").get()?.instance !== instance) {
      throw new UnfitIndex("another instance");
    }
  }
}

/** An index that is sound but not ours. */
class UnfitIndex extends Error {
  override readonly name = "UnfitIndex";
}

/**
 * Whether an index is to be thrown away after an error, rather than left alone because somebody else
 * uses it or because nothing can be written here.
 *
 * @param error What was thrown
 * @returns Whether making it anew would help
 */
export function isDamage(error: unknown): boolean {
  if (error instanceof UnfitIndex) return true;
  return error instanceof Error &&
    /malformed|not a database|no such|corrupt|constraint|vtable|logic error|has no column|unsupported file format/
      .test(error.message);
}

/** Line breaks in a body are no borders for phrases; in tags they are. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
