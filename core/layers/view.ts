/**
 * The files of an instance as a reader should see them.
 *
 * A writer that was interrupted after its record reached the chain leaves renames undone. A reader
 * repairs nothing; it looks at the files as if the renames had been made.
 *
 * @module
 */

import type { Disk, FileFacts, FolderEntry, IntentStep } from "../disk/mod.ts";
import { baseName, isDue, parentOf } from "../disk/mod.ts";
import type { Looks } from "./looks.ts";

/** Reading access to the files of an instance; paths are relative to the data directory. */
export class View {
  readonly #disk: Disk;
  readonly #root: string;
  readonly #steps: readonly IntentStep[];
  readonly #looks: Looks | undefined;
  readonly #isWatched: boolean;

  /**
   * @param disk The disk
   * @param root The data directory
   * @param steps Renames that are still due, in order
   * @param looks Notes what is looked at
   * @param isWatched Whether what is looked at is noted as watched
   */
  constructor(
    disk: Disk,
    root: string,
    steps: readonly IntentStep[] = [],
    looks?: Looks,
    isWatched = false,
  ) {
    this.#disk = disk;
    this.#root = root;
    const exists = (path: string) => disk.statLink(`${root}/${path}`) !== null;
    this.#steps = steps.filter((_, at) => isDue(steps, at, exists));
    this.#looks = looks;
    this.#isWatched = isWatched;
  }

  /** Whether the files are where they belong, so that what is seen of them can be compared later. */
  get isPlain(): boolean {
    return this.#steps.length === 0;
  }

  /**
   * The same files, with a note of everything that is looked at.
   *
   * @param looks Where to note it
   * @returns The view
   */
  noting(looks: Looks): View {
    return new View(this.#disk, this.#root, this.#steps, looks);
  }

  /**
   * The same files, for looks at what need not be looked at again while whoever watches the files tells
   * of no change.
   *
   * @returns The view, with the same notes
   */
  watched(): View {
    return new View(this.#disk, this.#root, this.#steps, this.#looks, true);
  }

  /**
   * What is at a path itself, be it a link.
   *
   * @param path The path
   * @returns Its facts, or `null`
   */
  statLink(path: string): FileFacts | null {
    const at = this.#locate(path);
    return at === null ? null : this.#disk.statLink(at);
  }

  /**
   * What is at a path, links followed.
   *
   * @param path The path
   * @returns Its facts, or `null`
   */
  stat(path: string): FileFacts | null {
    const at = this.#locate(path);
    const look = () => at === null ? null : this.#disk.stat(at);
    return this.#looks === undefined ? look() : this.#looks.note(path, look, this.#isWatched);
  }

  /**
   * Reads a file.
   *
   * @param path The path
   * @param maxBytes Most bytes to read
   * @returns Its content, or `null` when it is missing
   * @throws {KairosError} `too_large`, `io`
   */
  read(path: string, maxBytes: number): Uint8Array | null {
    const at = this.#locate(path);
    return at === null ? null : this.#disk.read(at, maxBytes);
  }

  /**
   * The entries of a folder, sorted by name.
   *
   * @param path The folder
   * @returns Its entries; none when it is missing
   */
  list(path: string): FolderEntry[] {
    if (this.#looks !== undefined) this.stat(path);
    return this.#listAfter(this.#steps.length, path).sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /**
   * Whether a path, links resolved, lies inside a folder, links resolved.
   *
   * @param path The path; one that is missing lies where its name says
   * @param folder The folder
   * @returns `false` when a link leads outside
   */
  isInside(path: string, folder: string): boolean {
    if (this.#looks !== undefined) {
      for (let at = path; isAtOrBelow(at, folder) && at !== folder; at = parentOf(at)) {
        this.#looks.noteIdentity(at, this.statLink(at), this.#isWatched);
      }
    }
    const at = this.#locate(path);
    const real = at === null ? null : this.#disk.realPath(at);
    if (real === null) return true;
    const home = this.#disk.realPath(`${this.#root}/${folder}`);
    return home !== null && (real === home || real.startsWith(`${home}/`));
  }

  /** The entries of a folder once the first `count` renames are made. */
  #listAfter(count: number, path: string): FolderEntry[] {
    const step = this.#steps[count - 1];
    if (step === undefined) return this.#disk.list(`${this.#root}/${path}`);
    const { from, to } = step;
    if (isAtOrBelow(path, to)) return this.#listAfter(count - 1, from + path.slice(to.length));
    if (isAtOrBelow(path, from)) return [];
    const found = this.#listAfter(count - 1, path);
    const stays = found.filter(({ name }) => {
      const at = `${path}/${name}`;
      return at !== from && at !== to;
    });
    if (parentOf(to) !== path) return stays;
    const at = this.#locate(from, count - 1);
    const kind = at === null ? undefined : this.#disk.statLink(at)?.kind;
    return kind === undefined ? stays : [...stays, { name: baseName(to), kind }];
  }

  /** Where the thing is now that a path names once the renames are made; `null` when it has gone. */
  #locate(path: string, count = this.#steps.length): string | null {
    let at = path;
    for (let step = count - 1; step >= 0; step--) {
      const { from, to } = this.#steps[step]!;
      if (isAtOrBelow(at, to)) at = from + at.slice(to.length);
      else if (isAtOrBelow(at, from)) return null;
    }
    return `${this.#root}/${at}`;
  }
}

function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
