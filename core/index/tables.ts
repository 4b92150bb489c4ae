/**
 * The tables of the index of documents, and what a match in each column is worth.
 *
 * @module
 */

/** Raised whenever the tables or the folding of text change. */
export const SCHEMA = 2;

/** Worth of a match in each column that is searched. */
export const WEIGHTS = { name: 8, description: 4, tags: 4, body: 1, files: 0.25 } as const;

/** A column that is searched. */
export type Column = keyof typeof WEIGHTS;

/** Every column that is searched. */
export const COLUMNS = Object.keys(WEIGHTS) as Column[];

const DOCUMENT: readonly Column[] = ["name", "description", "tags", "body"];

/**
 * The tables of words and of trigrams; what goes into `docs` goes into them by hand. The files beside a
 * document have their own, since a text counts for less the longer its row is.
 */
export const TEXTS = {
  words: DOCUMENT,
  grams: DOCUMENT,
  file_words: ["files"],
  file_grams: ["files"],
} as const satisfies Readonly<Record<string, readonly Column[]>>;

const TOKENIZERS = {
  words: "unicode61 remove_diacritics 0",
  grams: "trigram case_sensitive 1",
} as const;

/** Makes the tables in an empty file. */
export const TABLES = `
  CREATE TABLE meta (instance TEXT NOT NULL);
  CREATE TABLE docs (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    layer TEXT NOT NULL,
    session TEXT,
    archived INTEGER NOT NULL,
    stamp TEXT NOT NULL,
    settled INTEGER NOT NULL,
    version TEXT NOT NULL,
    modified REAL NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    tags TEXT NOT NULL,
    body TEXT NOT NULL,
    files TEXT NOT NULL
  );
  ${
  Object.entries(TEXTS).map(([table, columns]) =>
    `CREATE VIRTUAL TABLE ${table} USING fts5(${columns.join(", ")}, content='docs',
      content_rowid='id', tokenize='${TOKENIZERS[table.endsWith("words") ? "words" : "grams"]}');`
  ).join("\n  ")
}
`;
