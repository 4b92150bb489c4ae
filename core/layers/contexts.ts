/**
 * L2, session context: entries agents write freely while they work.
 *
 * Nothing here goes on the chain; what happened is in the journal. See
 * `kairos_formats/entries.md#context`.
 *
 * @module
 */

import { parentOf, transitName, writeAtomic, writeDurable } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { didYouMean } from "../nearest.ts";
import { sha256 } from "../objects/objects.ts";
import type { Actor } from "../actor.ts";
import type { Store } from "../store.ts";
import { isWellFormed, quote } from "../text.ts";
import { type Entry, type EntrySummary, type Subfolder, SUBFOLDERS } from "./entry_folder.ts";
import { parseEntryText } from "./front_matter.ts";
import { fileChanges, type KeptFile } from "./kept_files.ts";
import { checkName, checkSegment } from "./names.ts";
import { checkRelations } from "./relations.ts";
import type { Shelf } from "./shelf.ts";
import type { View } from "./view.ts";

/** The folder of L2. */
const HOME = "context";

/** A session, as lists show it. */
export interface SessionSummary {
  /** Its id, which is its folder's name. */
  readonly id: string;
  /** How many contexts it holds. */
  readonly contexts: number;
  /** Last change of the folder, milliseconds since the epoch. */
  readonly modified: number;
}

/** What a write of a context says. */
export interface ContextWrite {
  /** The session; a new id is made when it is left out. */
  readonly session?: string | undefined;
  /** Its name. */
  readonly name: string;
  /** The whole document, front matter included. */
  readonly content: string;
  /** Make `scripts/`, `assets/` and `references/` with a new context. */
  readonly subfolders?: boolean | undefined;
}

/** A context as it was saved. */
export interface ContextChange {
  /** The session's id. */
  readonly session: string;
  /** Its name. */
  readonly name: string;
  /** What was done; `none` when it already said so. */
  readonly action: "created" | "updated" | "none";
  /** SHA-256 of the document. */
  readonly hash: string;
}

/** What the layer needs beside the store. */
export interface ContextOptions {
  /** Largest document in bytes. */
  readonly maxBytes: number;
}

/** The contexts of one instance. */
export class ContextLayer {
  readonly #store: Store;
  readonly #view: () => View;
  readonly #shelf: Shelf;
  readonly #options: ContextOptions;

  /**
   * @param store Disk and journal
   * @param view The files as readers see them
   * @param shelf The entries as readers ask for them
   * @param options Bounds
   */
  constructor(store: Store, view: () => View, shelf: Shelf, options: ContextOptions) {
    this.#store = store;
    this.#view = view;
    this.#shelf = shelf;
    this.#options = options;
  }

  /** All sessions, the one changed last first. */
  sessions(): SessionSummary[] {
    const view = this.#view();
    return this.#shelf.folders(view, HOME)
      .map((id) => ({
        id,
        contexts: this.#shelf.folders(view, `${HOME}/${id}`).length,
        modified: view.stat(`${HOME}/${id}`)?.modified ?? 0,
      }))
      .sort((a, b) => b.modified - a.modified || (a.id < b.id ? -1 : 1));
  }

  /**
   * The contexts of a session, sorted by name.
   *
   * @param session Its id
   * @returns Their summaries; one that cannot be read is there with its problem
   * @throws {KairosError} `not_found`
   */
  list(session: string): EntrySummary[] {
    const view = this.#view();
    this.#checkSession(view, session);
    return this.#shelf.folders(view, `${HOME}/${session}`).map((name) =>
      this.#shelf.outline(view, HOME, `${HOME}/${session}/${name}`, name)
    );
  }

  /**
   * One context with its content.
   *
   * @param session The session's id
   * @param name Its name
   * @returns The context
   * @throws {KairosError} `not_found`
   */
  get(session: string, name: string): Entry {
    checkSegment(name, HOME);
    const view = this.#view();
    this.#checkSession(view, session);
    const folder = `${HOME}/${session}/${name}`;
    if (view.stat(folder)?.kind !== "folder") throw this.#missing(view, session, name);
    return this.#shelf.entry(view, HOME, folder, name);
  }

  /**
   * Saves a context, new or again.
   *
   * @param write Session, name, document
   * @param actor Who acts
   * @returns What was done
   * @throws {KairosError} `invalid`, `too_large`, `locked`, `io`
   */
  save(write: ContextWrite, actor: Actor): Promise<ContextChange> {
    return this.#store.locked(() => {
      const session = write.session ?? this.#newSession();
      checkName(session, "session");
      checkName(write.name, HOME);
      const bytes = this.#checkContent(write);
      const hash = sha256(bytes);
      const { name } = write;
      this.#refuseOutside(session);
      this.#refuseOutside(`${session}/${name}`);
      const there = this.#view().stat(`${HOME}/${session}/${name}`) !== null;
      if (there && this.get(session, name).hash === hash) {
        return { session, name, action: "none", hash };
      }
      if (there) this.#replace(session, name, bytes);
      else this.#create(session, name, bytes, write.subfolders === true ? SUBFOLDERS : []);
      const action = there ? "updated" : "created";
      this.#note(`context_${action}`, session, name, actor, { hash });
      return { session, name, action, hash };
    });
  }

  /**
   * Gives a context exactly these other files, one after the other; what goes or is replaced is kept as
   * objects.
   *
   * @param session The session's id
   * @param name The context's name
   * @param files The files
   * @param actor Who acts
   * @returns How many were not what they are to be
   * @throws {KairosError} `not_found`, `refused` for a path that leads elsewhere, `locked`, `io`
   */
  setFiles(
    session: string,
    name: string,
    files: readonly KeptFile[],
    actor: Actor,
  ): Promise<number> {
    return this.#store.locked(() => {
      const { files: there, hash } = this.get(session, name);
      this.#refuseOutside(session);
      this.#refuseOutside(`${session}/${name}`);
      const place = { folder: `${HOME}/${session}/${name}`, home: HOME };
      const changes = fileChanges(this.#store, this.#view(), place, there, files);
      for (const { path, next } of changes) {
        const at = this.#path(`${session}/${name}/${path}`);
        if (next === null) {
          this.#store.disk.remove(at);
          this.#store.disk.syncFolder(parentOf(at));
          continue;
        }
        this.#store.disk.makeFolder(parentOf(at));
        writeAtomic(
          this.#store.disk,
          at,
          next.bytes,
          next.executable ? { permissions: 0o755 } : {},
        );
      }
      if (changes.length > 0) {
        const listed = Object.fromEntries(files.map(({ path, hash }) => [path, hash]));
        this.#note("context_updated", session, name, actor, { hash, files: listed });
      }
      return changes.length;
    });
  }

  /**
   * Makes a sub-folder in a context.
   *
   * @param session The session's id
   * @param name The context's name
   * @param subfolder Which one
   * @param actor Who acts
   * @returns Whether it was missing
   * @throws {KairosError} `not_found`, `locked`, `io`
   */
  createSubfolder(
    session: string,
    name: string,
    subfolder: Subfolder,
    actor: Actor,
  ): Promise<boolean> {
    return this.#store.locked(() => {
      this.get(session, name);
      this.#refuseOutside(session);
      this.#refuseOutside(`${session}/${name}`);
      const folder = this.#path(`${session}/${name}`);
      const isNew = this.#store.disk.makeFolder(`${folder}/${subfolder}`);
      if (isNew) {
        this.#store.disk.syncFolder(folder);
        this.#note("context_subdir_created", session, name, actor, { subdir: subfolder });
      }
      return isNew;
    });
  }

  /**
   * Deletes a context with everything in it.
   *
   * @param session The session's id
   * @param name Its name
   * @param actor Who acts
   * @throws {KairosError} `not_found`, `locked`, `io`
   */
  delete(session: string, name: string, actor: Actor): Promise<void> {
    return this.#store.locked(() => {
      const { hash } = this.get(session, name);
      this.#removeFolder(`${session}/${name}`, session);
      this.#note("context_deleted", session, name, actor, { hash });
    });
  }

  /**
   * Deletes a session with all its contexts.
   *
   * @param session Its id
   * @param actor Who acts
   * @throws {KairosError} `not_found`, `locked`, `io`
   */
  deleteSession(session: string, actor: Actor): Promise<void> {
    return this.#store.locked(() => {
      const contexts = this.list(session).map(({ name, hash }) => ({ name, hash }));
      this.#removeFolder(session, "");
      this.#note("context_session_deleted", session, null, actor, { contexts });
    });
  }

  #create(session: string, name: string, bytes: Uint8Array, subfolders: readonly string[]): void {
    const { disk } = this.#store;
    const home = this.#path(session);
    if (disk.makeFolder(home)) disk.syncFolder(this.#path(""));
    const stage = `${home}/${transitName("stage")}`;
    try {
      disk.makeFolder(stage);
      for (const subfolder of subfolders) disk.makeFolder(`${stage}/${subfolder}`);
      writeDurable(disk, `${stage}/${name}.md`, bytes);
      disk.syncFolder(stage);
      disk.rename(stage, `${home}/${name}`);
    } catch (error) {
      disk.remove(stage);
      throw error;
    }
    disk.syncFolder(home);
  }

  #replace(session: string, name: string, bytes: Uint8Array): void {
    const { path } = this.get(session, name);
    const target = path ?? `${HOME}/${session}/${name}/${name}.md`;
    writeAtomic(this.#store.disk, `${this.#store.root}/${target}`, bytes);
  }

  #removeFolder(path: string, parent: string): void {
    const { disk } = this.#store;
    const home = this.#path(parent);
    const trash = `${home}/${transitName("trash")}`;
    disk.rename(this.#path(path), trash);
    disk.syncFolder(home);
    disk.remove(trash);
  }

  #refuseOutside(path: string): void {
    if (this.#view().isInside(`${HOME}/${path}`, HOME)) return;
    throw new KairosError("refused", `Cannot change the context ${quote(path)}`, {
      hint: "Its folder is a link that leads outside of the context folder",
    });
  }

  #checkSession(view: View, session: string): void {
    checkSegment(session, "session");
    if (view.stat(`${HOME}/${session}`)?.kind === "folder") return;
    throw new KairosError("not_found", `Session ${quote(session)} not found`, {
      hint: didYouMean(
        session,
        this.#shelf.folders(view, HOME),
        "List the sessions with `kairos context list`",
      ),
    });
  }

  #missing(view: View, session: string, name: string): KairosError {
    const what = `Context ${quote(name)} not found in session ${quote(session)}`;
    return new KairosError("not_found", what, {
      hint: didYouMean(
        name,
        this.#shelf.folders(view, `${HOME}/${session}`),
        `List the contexts with \`kairos context list ${session}\``,
      ),
    });
  }

  #checkContent({ name, content }: ContextWrite): Uint8Array {
    if (!isWellFormed(content)) {
      throw new KairosError("invalid", "Cannot save the context: the content is no valid Unicode");
    }
    const bytes = new TextEncoder().encode(content);
    if (bytes.length > this.#options.maxBytes) {
      throw new KairosError(
        "too_large",
        `Cannot save the context: ${bytes.length} bytes exceed ${this.#options.maxBytes}`,
        { hint: "Split it into several contexts" },
      );
    }
    checkRelations(parseEntryText(bytes, name).fields);
    return bytes;
  }

  /** `session_<YYYYmmdd_HHMMSS>_<8 hexadecimal digits>`, in UTC. */
  #newSession(): string {
    const time = new Date(this.#store.clock()).toISOString();
    const stamp = `${time.slice(0, 10).replaceAll("-", "")}_${
      time.slice(11, 19).replaceAll(":", "")
    }`;
    return `session_${stamp}_${crypto.randomUUID().slice(0, 8)}`;
  }

  #note(
    action: string,
    session: string,
    name: string | null,
    { principal, agentId }: Actor,
    details: Readonly<Record<string, unknown>>,
  ): void {
    const agent = agentId === undefined ? {} : { agent_id: agentId };
    const subject = name === null ? session : `${session}/${name}`;
    this.#store.journal.note({
      action,
      skill_id: subject,
      details: { ...details, principal, ...agent },
    });
  }

  #path(path: string): string {
    return path === "" ? `${this.#store.root}/${HOME}` : `${this.#store.root}/${HOME}/${path}`;
  }
}
