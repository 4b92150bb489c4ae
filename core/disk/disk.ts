/**
 * The one place that touches files.
 *
 * Every change of the file system is announced as an {@linkcode Effect} before it happens. The hook
 * that hears of it can refuse it, which is how a full or failing disk is put to the test, and can
 * record it, which is how every possible crash is replayed.
 *
 * @module
 */

import { asKairosError, KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import type { Announcer, Effect, EffectHook } from "./effect.ts";
import { DiskFile, factsOf, type FileFacts } from "./file.ts";
import { pathInside, type WatchOptions, watchSystem } from "./watch.ts";

/** How a file is opened. */
export type OpenMode = "read" | "write" | "create" | "createNew";

/** One entry of a folder. */
export interface FolderEntry {
  /** Its name, one path segment. */
  readonly name: string;
  /** What it is; a symbolic link is not followed. */
  readonly kind: "file" | "folder" | "link" | "other";
}

/** Options of a {@linkcode Disk}. */
export interface DiskOptions {
  /** Hears of every effect. */
  readonly onEffect?: EffectHook;
}

/**
 * File access with announced effects. Calls are synchronous: a change is never interleaved with
 * another one of the same process.
 *
 * @example
 * ```ts
 * import { Disk } from "./disk.ts";
 *
 * const folder = Deno.makeTempDirSync();
 * const disk = new Disk();
 * disk.makeFolder(`${folder}/a/b`);
 * if (disk.list(`${folder}/a`)[0]?.name !== "b") throw new Error("the folder is missing");
 * Deno.removeSync(folder, { recursive: true });
 * ```
 */
export class Disk implements Announcer {
  readonly #hook: EffectHook | undefined;
  /** Hear of own effects when they have been made. */
  readonly #watches = new Set<(path: string) => void>();

  /** @param options Who hears of effects */
  constructor(options: DiskOptions = {}) {
    this.#hook = options.onEffect;
  }

  /**
   * Announces an effect and makes it.
   *
   * @param effect What is about to happen
   * @param make Makes it; gets the bytes to write when the effect is a write
   * @throws {KairosError} `io` and others of {@linkcode asKairosError}
   */
  effect(effect: Effect, make: (bytes: Uint8Array) => void): void {
    const bytes = effect.kind === "write" ? effect.bytes : EMPTY;
    try {
      const fault = this.#hook?.(effect);
      if (fault === undefined) return make(bytes);
      const { written = 0 } = fault;
      if (effect.kind === "write" && written > 0) make(bytes.subarray(0, written));
      throw fault.error;
    } catch (error) {
      throw asKairosError(error, `Cannot ${VERBS[effect.kind]} ${quote(baseName(effect.path))}`);
    } finally {
      // Also when it failed: it may have been made in part.
      if (this.#watches.size > 0 && effect.kind !== "sync" && effect.kind !== "syncDir") {
        for (const tell of this.#watches) {
          tell(effect.path);
          if (effect.kind === "rename") tell(effect.to);
        }
      }
    }
  }

  /**
   * Watches a folder. Own effects by this disk are told as soon as they are made, those of others when
   * the system tells of them; a system that does not, as on many network file systems, is not noticed.
   *
   * @param folder The folder; a link is followed now, and not again when it is changed
   * @param options What is told
   * @returns What ends it
   * @throws {KairosError} `not_found` when it is missing, `io` when the system refuses
   */
  watch(folder: string, options: WatchOptions): Disposable {
    const real = this.realPath(folder);
    if (real === null) {
      throw new KairosError("not_found", `Cannot watch ${quote(baseName(folder))}: it is missing`);
    }
    const { isDeep, onTouched } = options;
    const own = (path: string) => {
      const inside = pathInside(folder, path) ?? pathInside(real, path);
      if (inside !== null && (isDeep || !inside.includes("/"))) onTouched(inside);
    };
    let system: Disposable;
    try {
      system = this.watchSystem(real, options);
    } catch (cause) {
      const attempt = `Cannot watch ${quote(baseName(folder))}`;
      throw new KairosError("io", `${attempt}: the system refuses`, { cause });
    }
    this.#watches.add(own);
    return {
      [Symbol.dispose]: () => {
        this.#watches.delete(own);
        system[Symbol.dispose]();
      },
    };
  }

  /**
   * How {@linkcode watch} hears of others; a disk for tests may hear nothing, or refuse.
   *
   * @param real The real path of a folder
   * @param options What is told
   * @returns What ends it
   */
  protected watchSystem(real: string, options: WatchOptions): Disposable {
    return watchSystem(real, options);
  }

  /**
   * What is at a path, symbolic links followed.
   *
   * @param path The path
   * @returns Its facts, or `null` when nothing is there
   */
  stat(path: string): FileFacts | null {
    return absentAsNull(() => factsOf(Deno.statSync(path)));
  }

  /**
   * What is at a path, symbolic links not followed.
   *
   * @param path The path
   * @returns Its facts, or `null` when nothing is there
   */
  statLink(path: string): FileFacts | null {
    return absentAsNull(() => factsOf(Deno.lstatSync(path)));
  }

  /**
   * The path with every symbolic link resolved.
   *
   * @param path The path
   * @returns The real path, or `null` when nothing is there
   */
  realPath(path: string): string | null {
    return absentAsNull(() => Deno.realPathSync(path));
  }

  /**
   * What a symbolic link points to, whether or not something is there.
   *
   * @param path The path
   * @returns The link's text, or `null` when no link is at the path
   */
  linkTarget(path: string): string | null {
    if (this.statLink(path)?.kind !== "link") return null;
    return absentAsNull(() => Deno.readLinkSync(path));
  }

  /**
   * The entries of a folder, sorted by name in code unit order.
   *
   * @param path The folder; one that is missing counts as empty
   * @returns Its entries
   */
  list(path: string): FolderEntry[] {
    const entries = absentAsNull(() => [...Deno.readDirSync(path)]) ?? [];
    return entries
      .map((entry): FolderEntry => ({ name: entry.name, kind: kindOf(entry) }))
      .sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /**
   * Reads a whole file.
   *
   * @param path The file
   * @param maxBytes Most bytes to read
   * @returns Its content, or `null` when it is missing
   * @throws {KairosError} `too_large` when it is longer, `invalid` when it is no regular file
   */
  read(path: string, maxBytes: number): Uint8Array | null {
    // Looking first keeps a FIFO or a device from blocking the open.
    const seen = this.stat(path);
    if (seen === null) return null;
    if (seen.kind !== "file") {
      throw new KairosError("invalid", `Cannot read ${quote(baseName(path))}: it is no file`);
    }
    using file = absentAsNull(() => this.open(path, "read"));
    if (file === null) return null;
    const { size } = file.facts();
    if (size > maxBytes) {
      throw new KairosError(
        "too_large",
        `Cannot read ${quote(baseName(path))}: ${size} bytes exceed the limit of ${maxBytes}`,
      );
    }
    return file.readAt(0, size);
  }

  /**
   * Opens a file. Creating it is an effect.
   *
   * @param path The file
   * @param mode Whether it is written and whether it may or must be new
   * @param permissions Mode bits of a new file
   * @returns The open file, to be closed by the caller
   * @throws {KairosError} `not_found`, `exists`, `io`
   */
  open(path: string, mode: OpenMode, permissions = 0o644): DiskFile {
    const create = mode === "create" || mode === "createNew";
    const options: Deno.OpenOptions = {
      read: true,
      write: mode !== "read",
      create: mode === "create",
      createNew: mode === "createNew",
      ...(create ? { mode: permissions } : {}),
    };
    let handle: Deno.FsFile | undefined;
    const open = () => {
      handle = Deno.openSync(path, options);
    };
    if (create && this.statLink(path) === null) this.effect({ kind: "create", path }, open);
    else {
      try {
        open();
      } catch (error) {
        throw asKairosError(error, `Cannot open ${quote(baseName(path))}`);
      }
    }
    return new DiskFile(this, path, handle!);
  }

  /**
   * Makes a folder and those above it, and makes their names durable.
   *
   * @param path The folder
   * @param permissions Mode bits of new folders
   * @returns Whether it was missing
   */
  makeFolder(path: string, permissions = 0o755): boolean {
    return this.makeFolders([path], permissions);
  }

  /**
   * Makes folders and those above them, and makes their names durable: a folder with many new ones is
   * synced once.
   *
   * @param paths The folders
   * @param permissions Mode bits of new folders
   * @returns Whether any was missing
   */
  makeFolders(paths: Iterable<string>, permissions = 0o755): boolean {
    const changed = new Set<string>();
    const make = (path: string) => {
      if (this.stat(path)?.kind === "folder") return;
      const parent = parentOf(path);
      if (parent !== path) make(parent);
      this.effect({ kind: "mkdir", path }, () => Deno.mkdirSync(path, { mode: permissions }));
      changed.add(parent);
    };
    for (const path of paths) make(path);
    for (const parent of changed) this.syncFolder(parent);
    return changed.size > 0;
  }

  /**
   * Renames within one file system; an existing target file is replaced in one step.
   *
   * @param from The present path
   * @param to The new path
   */
  rename(from: string, to: string): void {
    this.effect({ kind: "rename", path: from, to }, () => Deno.renameSync(from, to));
  }

  /**
   * Removes a file, a link or a folder with all it holds. What is missing already is fine.
   *
   * @param path What to remove; a link is removed, never followed
   */
  remove(path: string): void {
    const facts = this.statLink(path);
    if (facts === null) return;
    if (facts.kind === "folder") {
      for (const { name } of this.list(path)) this.remove(`${path}/${name}`);
    }
    this.effect({ kind: "remove", path }, () => void absentAsNull(() => Deno.removeSync(path)));
  }

  /**
   * Makes the names inside a folder durable.
   *
   * @param path The folder
   */
  syncFolder(path: string): void {
    this.effect({ kind: "syncDir", path }, () => {
      // Windows has no such call; renames are durable there once they return.
      if (Deno.build.os === "windows") return;
      using folder = Deno.openSync(path, { read: true });
      folder.syncSync();
    });
  }
}

/**
 * The folder a path lies in.
 *
 * @param path A path with `/` or, on Windows, `\` between its segments
 * @returns Everything before the last segment
 */
export function parentOf(path: string): string {
  const cut = lastSlash(path);
  return cut < 0 ? "." : cut === 0 ? path.slice(0, 1) : path.slice(0, cut);
}

/**
 * The last segment of a path.
 *
 * @param path A path
 * @returns Its last segment
 */
export function baseName(path: string): string {
  return path.slice(lastSlash(path) + 1);
}

function lastSlash(path: string): number {
  const slash = path.lastIndexOf("/");
  return Deno.build.os === "windows" ? Math.max(slash, path.lastIndexOf("\\")) : slash;
}

/** What a look-up throws when nothing is at the path, or links that lead to each other. */
const ABSENT = [Deno.errors.NotFound, Deno.errors.NotADirectory, Deno.errors.FilesystemLoop];

/** Runs a look-up; `null` when nothing is at the path. */
function absentAsNull<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (ABSENT.some((kind) => error instanceof kind)) return null;
    if (error instanceof KairosError && error.code === "not_found") return null;
    throw asKairosError(error, "Cannot look at the data directory");
  }
}

function kindOf(entry: Deno.DirEntry): FolderEntry["kind"] {
  if (entry.isSymlink) return "link";
  if (entry.isFile) return "file";
  return entry.isDirectory ? "folder" : "other";
}

const EMPTY = new Uint8Array(0);

const VERBS: Record<Effect["kind"], string> = {
  create: "create",
  sync: "sync",
  syncDir: "sync the folder",
  mkdir: "make the folder",
  remove: "remove",
  rename: "rename",
  truncate: "cut",
  write: "write",
};
