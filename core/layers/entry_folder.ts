/**
 * One entry: a folder with a document and, optionally, `scripts/`, `assets/` and `references/`.
 *
 * The document is `<name>/<name>.md`, or else the first other `.md` file. See
 * `kairos_formats/entries.md#knowledge`.
 *
 * @module
 */

import { asKairosError, KairosError } from "../errors.ts";
import { sha256 } from "../objects/objects.ts";
import { quote } from "../text.ts";
import { type EntryProblem, type EntryText, parseEntryText } from "./front_matter.ts";
import type { View } from "./view.ts";

/** Sub-folders an entry may have. */
export const SUBFOLDERS = ["scripts", "assets", "references"] as const;

/** A sub-folder of an entry. */
export type Subfolder = typeof SUBFOLDERS[number];

/** A file in a sub-folder of an entry. */
export interface EntryFile {
  /** The sub-folder. */
  readonly subfolder: string;
  /** Path below the entry, `scripts/run.sh`. */
  readonly path: string;
  /** Size in bytes. */
  readonly size: number;
  /** Last change, milliseconds since the epoch. */
  readonly modified: number;
  /** Whether its owner may execute it. */
  readonly executable: boolean;
}

/** An entry as lists show it. One that cannot be read is there too, with its problem. */
export interface EntrySummary {
  /** The folder's name, by which the entry is found. */
  readonly name: string;
  /** The name its front matter gives, when that differs. */
  readonly declaredName: string | null;
  /** What it is about, or `null`. */
  readonly description: string | null;
  /** As written, never as a number. */
  readonly version: string | null;
  /** Its tags. */
  readonly tags: readonly string[];
  /** Whether it must stay in this instance. */
  readonly isPrivate: boolean;
  /** SHA-256 of the document, or `null` when there is none. */
  readonly hash: string | null;
  /** Size of the document in bytes. */
  readonly size: number;
  /** Last change of the document, milliseconds since the epoch. */
  readonly modified: number;
  /** Which sub-folders hold something. */
  readonly has: Readonly<Record<Subfolder, boolean>>;
  /** What is wrong with it, or `null`. */
  readonly problem: EntryProblem | null;
}

/** An entry with its content. */
export interface Entry extends EntrySummary {
  /** Path of the document, relative to the data directory. */
  readonly path: string | null;
  /** The document as it stands. */
  readonly text: string;
  /** The document without its front matter. */
  readonly body: string;
  /** The front matter. */
  readonly fields: EntryText["fields"];
  /** The files in its sub-folders. */
  readonly files: readonly EntryFile[];
}

/** Bounds of reading an entry. */
export interface EntryLimits {
  /** Largest document in bytes. */
  readonly maxBytes: number;
}

/** Most files of one entry that are listed. */
const MAX_FILES = 2000;
/** Deepest folder below a sub-folder that is listed. */
const MAX_DEPTH = 8;

/**
 * Reads an entry. What is wrong with it is told in `problem`, never thrown. Its document is looked at
 * each time; what else lies in its folder counts as watched, and so does the folder, since another
 * folder at its place has another document in it.
 *
 * @param view The files
 * @param store The folder entries of its kind live in, which it must not lead out of
 * @param folder The entry's folder
 * @param name The folder's name
 * @param limits Bounds
 * @returns The entry
 */
export function readEntry(
  view: View,
  store: string,
  folder: string,
  name: string,
  limits: EntryLimits,
): Entry {
  const blank = blankEntry(name);
  const around = view.watched();
  try {
    if (!around.isInside(folder, store)) {
      return { ...blank, problem: problem("Cannot follow the entry: its link leads outside") };
    }
    const path = documentPath(view, folder, name);
    const files = listFiles(around, store, folder);
    const has = presence(files);
    if (path === null) {
      return { ...blank, files, has, problem: problem("Cannot find a document: no `.md` file") };
    }
    if (!around.isInside(path, store)) {
      return {
        ...blank,
        files,
        has,
        problem: problem("Cannot follow the document: its link leads outside"),
      };
    }
    const facts = view.stat(path);
    const bytes = view.read(path, limits.maxBytes);
    if (facts === null || bytes === null) {
      return { ...blank, files, has, problem: problem("Cannot read the document: it has gone") };
    }
    const { name: declared, ...document } = parseEntryText(bytes, name);
    return {
      name,
      declaredName: declared === name ? null : declared,
      description: document.description,
      version: document.version,
      tags: document.tags,
      isPrivate: document.isPrivate,
      hash: sha256(bytes),
      size: bytes.length,
      modified: facts.modified,
      has,
      problem: document.problem,
      path,
      text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
      body: document.body,
      fields: document.fields,
      files,
    };
  } catch (error) {
    return { ...blank, problem: problem(asKairosError(error, "Cannot read the entry").message) };
  }
}

/**
 * The summary of an entry, without its content.
 *
 * @param entry The entry
 * @returns What lists show
 */
export function summaryOf(entry: Entry): EntrySummary {
  const { path: _path, text: _text, body: _body, fields: _fields, files: _files, ...summary } =
    entry;
  return summary;
}

/**
 * Path of an entry's document.
 *
 * @param view The files
 * @param folder The entry's folder
 * @param name The folder's name
 * @returns The path, or `null` when the folder has no `.md` file
 */
export function documentPath(view: View, folder: string, name: string): string | null {
  const own = `${folder}/${name}.md`;
  if (view.stat(own)?.kind === "file") return own;
  const other = view.list(folder).find(({ name: file, kind }) =>
    file.endsWith(".md") && !file.startsWith(".") && (kind === "file" || kind === "link")
  );
  return other === undefined ? null : `${folder}/${other.name}`;
}

/**
 * The files in the sub-folders of an entry. Links that lead out of the store are left out.
 *
 * @param view The files
 * @param store The folder it must not lead out of
 * @param folder The entry's folder
 * @returns The files, sorted by path
 * @throws {KairosError} `too_large` beyond 2,000 files or 8 levels
 */
export function listFiles(view: View, store: string, folder: string): EntryFile[] {
  const found: EntryFile[] = [];
  const walk = (path: string, subfolder: string, depth: number) => {
    for (const { name } of view.list(`${folder}/${path}`)) {
      if (name.startsWith(".")) continue;
      const at = `${path}/${name}`;
      const facts = view.stat(`${folder}/${at}`);
      if (facts === null || !view.isInside(`${folder}/${at}`, store)) continue;
      if (found.length >= MAX_FILES || depth > MAX_DEPTH) {
        throw new KairosError("too_large", `Cannot list ${quote(folder)}: too many files in it`);
      }
      if (facts.kind === "folder") walk(at, subfolder, depth + 1);
      else if (facts.kind === "file") {
        const { size, modified, mode } = facts;
        const executable = (mode & 0o100) !== 0;
        found.push({ subfolder, path: at, size, modified, executable });
      }
    }
  };
  for (const { name, kind } of view.list(folder)) {
    const isFolder = kind === "folder" ||
      (kind === "link" && view.stat(`${folder}/${name}`)?.kind === "folder");
    if (isFolder && !name.startsWith(".") && view.isInside(`${folder}/${name}`, store)) {
      walk(name, name, 1);
    }
  }
  return found;
}

function presence(files: readonly EntryFile[]): EntrySummary["has"] {
  const has = (subfolder: Subfolder) => files.some((file) => file.subfolder === subfolder);
  return { scripts: has("scripts"), assets: has("assets"), references: has("references") };
}

function problem(message: string): EntryProblem {
  return { message, line: 1, column: 1 };
}

/** An entry nothing is known of; what cannot be read stays private. */
function blankEntry(name: string): Entry {
  return {
    name,
    declaredName: null,
    description: null,
    version: null,
    tags: [],
    isPrivate: true,
    hash: null,
    size: 0,
    modified: 0,
    has: { scripts: false, assets: false, references: false },
    problem: null,
    path: null,
    text: "",
    body: "",
    fields: {},
    files: [],
  };
}
