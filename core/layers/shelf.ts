/**
 * Entries as readers ask for them, over and over: kept at hand as long as their files stay the same. A
 * document is looked at each time; of the files beside it a server need not look at each one, as long as
 * nothing is told of a change.
 *
 * Writers do not use it; what is decided is decided by the files.
 *
 * @module
 */

import type { FolderEntry } from "../disk/mod.ts";
import { sha256 } from "../objects/objects.ts";
import { type Entry, type EntryLimits, type EntrySummary, readEntry } from "./entry_folder.ts";
import { type FileMemo, fileMemo } from "./file_memo.ts";
import { MAX_KEPT_FILE } from "./kept_files.ts";
import { isListed } from "./names.ts";
import type { View } from "./view.ts";

/** An entry without what is written in it. */
export type EntryOutline = EntrySummary & Pick<Entry, "path" | "files">;

/** How much is kept of each kind, in UTF-16 units: a few megabytes. */
const MOST = { names: 2 ** 21, outlines: 2 ** 23, entries: 2 ** 22, digests: 2 ** 22 } as const;

/** The entries of one instance. */
export class Shelf {
  readonly #limits: EntryLimits;
  readonly #names = fileMemo<readonly FolderEntry[]>({
    most: MOST.names,
    weigh: (entries) => entries.reduce((sum, { name }) => sum + name.length + 8, 0),
  });
  readonly #outlines: FileMemo<EntryOutline>;
  readonly #entries: FileMemo<Entry>;
  readonly #digests = fileMemo<string | null>({ most: MOST.digests, weigh: () => 64 });

  /**
   * @param limits Bounds of reading
   * @param stillness Tells whether the files that are watched have changed, see `FileMemoOptions`
   */
  constructor(limits: EntryLimits, stillness: () => number | null = () => null) {
    this.#limits = limits;
    this.#outlines = fileMemo({ most: MOST.outlines, weigh: weightOf, stillness });
    this.#entries = fileMemo({
      most: MOST.entries,
      weigh: (entry) => weightOf(entry) + 3 * entry.text.length,
      stillness,
    });
  }

  /**
   * What counts as an entry or a session in a folder, by its name: folders, and links to whatever.
   *
   * @param view The files
   * @param home The folder
   * @returns Names and kinds, sorted by name
   */
  list(view: View, home: string): readonly FolderEntry[] {
    return this.#names.get(
      view,
      home,
      (files) =>
        files.list(home).filter(({ name, kind }) =>
          isListed(name) && (kind === "folder" || kind === "link")
        ),
    );
  }

  /**
   * The names of the folders in a folder that count as entries or sessions; links to folders do.
   *
   * @param view The files
   * @param home The folder
   * @returns Names, sorted
   */
  folders(view: View, home: string): string[] {
    return this.list(view, home)
      .filter(({ name, kind }) =>
        kind === "folder" || view.stat(`${home}/${name}`)?.kind === "folder"
      )
      .map(({ name }) => name);
  }

  /**
   * An entry without what is written in it.
   *
   * @param view The files
   * @param store The folder entries of its kind live in, which it must not lead out of
   * @param folder The entry's folder
   * @param name The folder's name
   * @returns The entry; what is wrong with it is told in `problem`
   */
  outline(view: View, store: string, folder: string, name: string): EntryOutline {
    return this.#outlines.get(view, folder, (files) => {
      const { text: _text, body: _body, fields: _fields, ...outline } = this.#read(
        files,
        store,
        folder,
        name,
      );
      return outline;
    });
  }

  /**
   * An entry with its content.
   *
   * @param view The files
   * @param store The folder entries of its kind live in, which it must not lead out of
   * @param folder The entry's folder
   * @param name The folder's name
   * @returns The entry; what is wrong with it is told in `problem`
   */
  entry(view: View, store: string, folder: string, name: string): Entry {
    return this.#entries.get(view, folder, (files) => this.#read(files, store, folder, name));
  }

  /**
   * The hash of a file.
   *
   * @param view The files
   * @param path The file
   * @returns Its SHA-256, or `null` when it is missing or too large to be kept as an object
   */
  digest(view: View, path: string): string | null {
    return this.#digests.get(view, path, (files) => {
      const size = files.stat(path)?.size ?? Infinity;
      const bytes = size > MAX_KEPT_FILE ? null : files.read(path, MAX_KEPT_FILE);
      return bytes === null ? null : sha256(bytes);
    });
  }

  #read(files: View, store: string, folder: string, name: string): Entry {
    return readEntry(files, store, folder, name, this.#limits);
  }
}

/**
 * Names, texts and paths of an entry, and something for the rest of it. What could not be read may be
 * readable the next time without a change of any file.
 */
function weightOf({ description, tags, files, problem }: EntryOutline): number {
  if (problem !== null) return Infinity;
  const texts = [description ?? "", ...tags, ...files.map(({ path }) => path)];
  return texts.reduce((sum, text) => sum + text.length + 16, 200);
}
