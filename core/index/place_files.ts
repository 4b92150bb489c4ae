/**
 * The text files beside a document that are searched with it: those of `references/` and `scripts/`.
 *
 * What is too large, no text or blocked is left out, and so is what lies beyond the bounds of an entry.
 *
 * @module
 */

import type { FileFacts } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import type { EntryFile } from "../layers/entry_folder.ts";
import { mediaTypeOf } from "../layers/resource_mime.ts";
import { obstacle, type ServedSource } from "../layers/served.ts";
import type { View } from "../layers/view.ts";
import { foldText } from "./fold.ts";
import { type Snippet, snippetOf } from "./snippet.ts";

/** A text beside a document. */
export interface PlaceFile {
  /** Path below the entry, `references/table.md`. */
  readonly path: string;
  /** The text. */
  readonly text: string;
}

/** What lies in the sub-folders that are searched. */
export interface Beside {
  /** Path below the entry to what is known of it, folders too. */
  readonly looks: ReadonlyMap<string, FileFacts | null>;
  /** Whether all of it was looked at. */
  readonly isWhole: boolean;
}

/** Sub-folders that are searched. */
const SUBFOLDERS = ["references", "scripts"] as const;
/** Largest file in bytes. */
const MAX_FILE = 128 * 1024;
/** Most bytes of one entry. */
const MAX_TOTAL = 512 * 1024;
/** Most files and folders of one entry that are looked at without reading them. */
const MAX_LOOKS = 200;
const MAX_DEPTH = 8;
/** Lines that are shown of a file, from the first one with a match. */
const LINES = 8;

/**
 * Looks at the files beside a document without reading them.
 *
 * @param view The files
 * @param folder The entry
 * @returns What is there
 */
export function lookBeside(view: View, folder: string): Beside {
  const looks = new Map<string, FileFacts | null>();
  let isWhole = true;
  const walk = (path: string, depth: number) => {
    if (looks.size >= MAX_LOOKS || depth > MAX_DEPTH) {
      isWhole = false;
      return;
    }
    const facts = view.stat(`${folder}/${path}`);
    looks.set(path, facts);
    if (facts?.kind !== "folder") return;
    for (const { name } of view.list(`${folder}/${path}`)) {
      if (!name.startsWith(".")) walk(`${path}/${name}`, depth + 1);
    }
  };
  // Most entries have no sub-folder: one list costs less than looking for each.
  for (const { name } of view.list(folder)) {
    if (SUBFOLDERS.some((one) => one === name)) walk(name, 0);
  }
  return { looks, isWhole };
}

/**
 * Reads the files beside a document, as far as they are searched.
 *
 * @param source What is not served
 * @param view The files
 * @param place The entry, and the folder it must not lead out of
 * @param files The files it has
 * @returns Their texts, in order
 */
export function readBeside(
  source: ServedSource,
  view: View,
  { folder, store }: { readonly folder: string; readonly store: string },
  files: readonly EntryFile[],
): PlaceFile[] {
  const texts: PlaceFile[] = [];
  let total = 0;
  for (const { path, subfolder, size } of files) {
    const isSearched = SUBFOLDERS.some((one) => one === subfolder) && mediaTypeOf(path).isText;
    if (!isSearched || size > MAX_FILE || total + size > MAX_TOTAL) continue;
    if (obstacle(source, view, store, `${folder}/${path}`) !== null) continue;
    const text = readText(view, `${folder}/${path}`);
    if (text === null) continue;
    total += size;
    texts.push({ path, text });
  }
  return texts;
}

/**
 * Cuts the part where terms stand out of the first file that has one.
 *
 * @param files The files
 * @param terms Folded terms
 * @returns The part and its file, or `null`
 *
 * @example
 * ```ts
 * import { fileSnippet } from "./place_files.ts";
 *
 * const files = [{ path: "references/keys.md", text: "# Keys\nSealed with scrypt\n" }];
 * const found = fileSnippet(files, ["scrypt"]);
 * if (found?.path !== "references/keys.md") throw new Error("not found");
 * ```
 */
export function fileSnippet(
  files: readonly PlaceFile[],
  terms: readonly string[],
): { readonly path: string; readonly snippet: Snippet } | null {
  for (const { path, text } of files) {
    const lines = text.split("\n");
    const at = lines.findIndex((line) => holdsAny(line, terms));
    const part = at >= 0 ? lines.slice(at, at + LINES).join("\n") : text;
    const snippet = at >= 0 || holdsAny(text, terms) ? snippetOf(part, terms) : null;
    if (snippet !== null) return { path, snippet };
  }
  return null;
}

function holdsAny(text: string, terms: readonly string[]): boolean {
  const folded = foldText(text.replace(/\s+/g, " "));
  return terms.some((term) => folded.includes(term));
}

/** The text of a file; `null` when it cannot be read, has grown or is no UTF-8. */
function readText(view: View, path: string): string | null {
  try {
    const bytes = view.read(path, MAX_FILE);
    return bytes === null ? null : new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof KairosError || error instanceof TypeError) return null;
    throw error;
  }
}
