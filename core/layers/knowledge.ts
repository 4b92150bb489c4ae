/**
 * L1, project knowledge: entries whose every change is a record on the chain.
 *
 * A change and its record are one unit: staged, intended, recorded, switched. Each published version
 * is kept as an object first. See `kairos_formats/entries.md#knowledge`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import {
  type Displaced,
  type IntentStep,
  parentOf,
  transitName,
  writeDurable,
} from "../disk/mod.ts";
import { sha256 } from "../objects/objects.ts";
import type { Actor } from "../actor.ts";
import type { Store } from "../store.ts";
import { isWellFormed, quote } from "../text.ts";
import { stringifyYaml } from "../yaml.ts";
import {
  documentPath,
  type Entry,
  type EntrySummary,
  listFiles,
  readEntry,
  SUBFOLDERS,
  summaryOf,
} from "./entry_folder.ts";
import { checkName, checkSegment, isListed } from "./names.ts";
import { type KnowledgeAction, type KnowledgeRecord, knowledgeRecords } from "./records.ts";
import { View } from "./view.ts";

/** The folder of L1. */
const HOME = "knowledge";
/** The folder of archived entries. */
const ARCHIVE = "knowledge/.archived";
/** Largest sum of other files that a deletion keeps. */
const MAX_KEPT = 16 * 1024 * 1024;
/** Most other files that a deletion keeps. */
const MAX_KEPT_FILES = 512;

/** A change of an entry, as it was made. */
export interface KnowledgeChange {
  /** The entry's name. */
  readonly name: string;
  /** What was done; `none` when the document already said so. */
  readonly action: KnowledgeAction | "none";
  /** SHA-256 of the document now, or `null` when it has gone. */
  readonly hash: string | null;
  /** SHA-256 of the document before, or `null`. */
  readonly previousHash: string | null;
  /** The block of the record, or `null` when nothing had to change. */
  readonly block: { readonly index: number; readonly hash: string } | null;
  /** Edits of others found in the way; they are kept as objects. */
  readonly displaced: readonly Displaced[];
}

/** What a write of an entry says. */
export interface KnowledgeWrite {
  /** The entry's name. */
  readonly name: string;
  /** The whole document, front matter included. */
  readonly content: string;
  /** Why; goes on the chain. */
  readonly reason?: string | undefined;
  /** Make `scripts/`, `assets/` and `references/` with a new entry. */
  readonly subfolders?: boolean | undefined;
  /** Refuse the write unless the document still has this SHA-256. */
  readonly baseHash?: string | undefined;
}

/** Which entries a list holds. */
export interface KnowledgeFilter {
  /** The archived ones instead of the active ones. */
  readonly archived?: boolean;
}

/** What the layer needs beside the store. */
export interface KnowledgeOptions {
  /** Largest document in bytes. */
  readonly maxBytes: number;
  /** Whether configuration lets this layer change. */
  readonly enabled: boolean;
}

/** The knowledge of one instance. */
export class KnowledgeLayer {
  readonly #store: Store;
  readonly #view: () => View;
  readonly #options: KnowledgeOptions;

  /**
   * @param store Disk, ledger, objects
   * @param view The files as readers see them
   * @param options Bounds
   */
  constructor(store: Store, view: () => View, options: KnowledgeOptions) {
    this.#store = store;
    this.#view = view;
    this.#options = options;
  }

  /**
   * All entries, sorted by name. One that cannot be read is listed with its problem.
   *
   * @param filter Active or archived ones
   * @returns Their summaries
   */
  list(filter: KnowledgeFilter = {}): EntrySummary[] {
    const home = filter.archived === true ? ARCHIVE : HOME;
    const view = this.#view();
    return view.list(home)
      .filter(({ name, kind }) => isListed(name) && (kind === "folder" || kind === "link"))
      .filter(({ name }) => view.stat(`${home}/${name}`)?.kind !== "file")
      .map(({ name }) => summaryOf(readEntry(view, HOME, `${home}/${name}`, name, this.#options)));
  }

  /**
   * One entry with its content.
   *
   * @param name Its name
   * @returns The entry
   * @throws {KairosError} `not_found` with the names that are there, `invalid` for a name that is none
   */
  get(name: string): Entry {
    checkSegment(name, HOME);
    const view = this.#view();
    if (view.stat(`${HOME}/${name}`)?.kind !== "folder") throw this.#missing(view, name);
    return readEntry(view, HOME, `${HOME}/${name}`, name, this.#options);
  }

  /**
   * A version of an entry, present or past.
   *
   * @param name The entry's name
   * @param version A block number, or at least 6 digits of the document's SHA-256
   * @returns The record that made it and the document
   * @throws {KairosError} `not_found` when no record or no object matches
   */
  version(name: string, version: string): { record: KnowledgeRecord; text: string } {
    const record = this.#findVersion(name, version);
    const bytes = this.#store.objects.get(record.nextHash!);
    if (bytes === null) {
      throw new KairosError(
        "not_found",
        `Cannot read version ${quote(version)} of ${quote(name)}: its bytes are not kept here`,
        { hint: "Versions made by other implementations are kept only while they are current" },
      );
    }
    return { record, text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) };
  }

  /**
   * The records of an entry, newest first.
   *
   * @param name Its name; it need not exist any more
   * @returns The records, read from the chain as far as they are asked for
   */
  history(name: string): Generator<KnowledgeRecord> {
    return knowledgeRecords(this.#store.ledger, name);
  }

  /**
   * Makes a new entry.
   *
   * @param write Name and document
   * @param actor Who acts
   * @returns What was done
   * @throws {KairosError} `exists`, `invalid`, `too_large`, `locked`, `corrupt`, `io`
   */
  create(write: KnowledgeWrite, actor: Actor): Promise<KnowledgeChange> {
    return this.#change(() => {
      if (this.#exists(write.name)) throw this.#taken(write.name);
      return this.#create(write, actor);
    });
  }

  /**
   * Replaces the document of an entry. The same document again changes nothing.
   *
   * @param write Name and document
   * @param actor Who acts
   * @returns What was done; action `none` when nothing had to be
   * @throws {KairosError} `not_found`, `conflict` when `baseHash` is another, and those of `create`
   */
  update(write: KnowledgeWrite, actor: Actor): Promise<KnowledgeChange> {
    return this.#change(() => this.#update(write, actor));
  }

  /**
   * Makes an entry or replaces its document.
   *
   * @param write Name and document
   * @param actor Who acts
   * @returns What was done
   * @throws {KairosError} those of `create` and `update`
   */
  set(write: KnowledgeWrite, actor: Actor): Promise<KnowledgeChange> {
    return this.#change(() =>
      this.#exists(write.name) ? this.#update(write, actor) : this.#create(write, actor)
    );
  }

  /**
   * Removes an entry with everything in its folder. All of it is kept as objects.
   *
   * @param name Its name
   * @param actor Who acts
   * @param reason Why
   * @returns What was done
   * @throws {KairosError} `not_found`, `too_large` when the folder holds more than can be kept
   */
  delete(name: string, actor: Actor, reason?: string): Promise<KnowledgeChange> {
    return this.#change(() => {
      const { hash } = this.#present(name);
      const files = this.#keepFiles(name);
      const trash = `${HOME}/${transitName("trash")}`;
      return this.#commit(actor, {
        name,
        action: "delete",
        previousHash: hash,
        hash: null,
        reason,
        steps: [{ from: `${HOME}/${name}`, to: trash, base: null }],
        discard: [trash],
        more: Object.keys(files).length === 0 ? {} : { files },
      });
    });
  }

  /**
   * Takes an entry out of use without removing it.
   *
   * @param name Its name
   * @param actor Who acts
   * @param options Why, and by which entry it is superseded
   * @returns What was done
   * @throws {KairosError} `not_found`, `exists` when an archived entry has that name
   */
  archive(
    name: string,
    actor: Actor,
    options: { reason?: string | undefined; supersededBy?: string | undefined } = {},
  ): Promise<KnowledgeChange> {
    return this.#change(() => {
      if (this.#view().stat(`${ARCHIVE}/${name}`) !== null) {
        throw new KairosError("exists", `Knowledge ${quote(name)} is already archived`, {
          hint: "Bring the archived one back under another name, or delete this one",
        });
      }
      const { hash } = this.#present(name);
      const reason = options.reason ?? `Archive knowledge: ${name}`;
      const stage = `${HOME}/${name}/${transitName("stage")}`;
      const meta = stringifyYaml({
        archived_at: new Date(this.#store.clock()).toISOString(),
        archived_reason: reason,
        superseded_by: options.supersededBy ?? null,
        original_path: `${this.#store.root}/${HOME}/${name}`,
        content_hash: hash,
      }, { start: true });
      this.#ensureFolder(ARCHIVE);
      this.#staging(stage, () => this.#stage(stage, meta));
      return this.#commit(actor, {
        name,
        action: "archive",
        previousHash: hash,
        hash: null,
        reason,
        steps: [
          { from: stage, to: `${HOME}/${name}/.archive_meta.yml`, base: null },
          { from: `${HOME}/${name}`, to: `${ARCHIVE}/${name}`, base: null },
        ],
        discard: [stage],
      });
    });
  }

  /**
   * Brings an archived entry back.
   *
   * @param name Its name
   * @param actor Who acts
   * @param reason Why
   * @returns What was done
   * @throws {KairosError} `not_found`, `exists` when an active entry has that name
   */
  unarchive(name: string, actor: Actor, reason?: string): Promise<KnowledgeChange> {
    return this.#change(() => {
      checkSegment(name, HOME);
      const view = this.#view();
      const folder = `${ARCHIVE}/${name}`;
      if (view.stat(folder)?.kind !== "folder") {
        throw new KairosError("not_found", `Archived knowledge ${quote(name)} not found`);
      }
      if (this.#exists(name)) {
        throw new KairosError("exists", `Active knowledge ${quote(name)} already exists`, {
          hint: "Rename or delete it first",
        });
      }
      const { hash } = readEntry(view, HOME, folder, name, this.#options);
      const trash = `${folder}/${transitName("trash")}`;
      return this.#commit(actor, {
        name,
        action: "unarchive",
        previousHash: hash,
        hash,
        reason: reason ?? `Unarchive knowledge: ${name}`,
        steps: [
          { from: `${folder}/.archive_meta.yml`, to: trash, base: null },
          { from: folder, to: `${HOME}/${name}`, base: null },
        ],
        discard: [`${HOME}/${name}/${trash.slice(folder.length + 1)}`, trash],
      });
    });
  }

  /**
   * Publishes a past version again, also of an entry that was deleted; its other files come back too
   * when the deletion kept them.
   *
   * @param name The entry's name
   * @param version A block number, or at least 6 digits of the document's SHA-256
   * @param actor Who acts
   * @param reason Why
   * @returns What was done
   * @throws {KairosError} `not_found` when the version is unknown or its bytes are not kept
   */
  async restore(
    name: string,
    version: string,
    actor: Actor,
    reason?: string,
  ): Promise<KnowledgeChange> {
    const { record, text } = this.version(name, version);
    const write: KnowledgeWrite = {
      name,
      content: text,
      reason: reason ?? `Restore knowledge: ${name} from block #${record.block}`,
    };
    return await this.#change(() => {
      if (this.#exists(name)) return this.#update(write, actor);
      return this.#create(write, actor, this.#deletedFiles(name));
    });
  }

  /** Runs a change with nobody else writing, if configuration lets this layer change at all. */
  #change<T>(change: () => T): Promise<T> {
    return this.#store.exclusive(() => {
      if (this.#options.enabled) return change();
      throw new KairosError("refused", "Cannot change knowledge: the L1 layer is disabled", {
        hint: "Set `layers.L1.enabled: true` in `skills/config.yml`",
      });
    });
  }

  #create(
    write: KnowledgeWrite,
    actor: Actor,
    files: Readonly<Record<string, string>> = {},
  ): KnowledgeChange {
    const { name, reason } = write;
    checkName(name, HOME);
    const bytes = this.#checkContent(write);
    const hash = this.#store.objects.put(bytes);
    const stage = `${HOME}/${transitName("stage")}`;
    const subfolders = write.subfolders === true ? SUBFOLDERS : [];
    this.#staging(stage, () => {
      this.#ensureFolder(stage);
      for (const subfolder of subfolders) this.#ensureFolder(`${stage}/${subfolder}`);
      for (const [path, id] of Object.entries(files)) this.#stageObject(stage, path, id);
      this.#stage(`${stage}/${name}.md`, bytes);
    });
    return this.#commit(actor, {
      name,
      action: "create",
      previousHash: null,
      hash,
      reason,
      steps: [{ from: stage, to: `${HOME}/${name}`, base: null }],
      discard: [stage],
    });
  }

  #update(write: KnowledgeWrite, actor: Actor): KnowledgeChange {
    const { name, reason, baseHash } = write;
    const present = this.#present(name);
    const bytes = this.#checkContent(write);
    if (baseHash !== undefined && baseHash !== present.hash) {
      throw new KairosError("conflict", `Cannot update knowledge ${quote(name)}: it has changed`, {
        hint: "Read it again and base the change on what it says now",
        data: { expected: baseHash, found: present.hash },
      });
    }
    const hash = sha256(bytes);
    if (hash === present.hash) {
      return { name, action: "none", hash, previousHash: hash, block: null, displaced: [] };
    }
    this.#store.objects.put(bytes);
    const folder = `${HOME}/${name}`;
    const target = present.path ?? `${folder}/${name}.md`;
    const stage = `${folder}/${transitName("stage")}`;
    this.#staging(stage, () => this.#stage(stage, bytes));
    return this.#commit(actor, {
      name,
      action: "update",
      previousHash: present.hash,
      hash,
      reason,
      steps: [{ from: stage, to: target, base: present.hash }],
      discard: [stage],
    });
  }

  #commit(actor: Actor, change: {
    name: string;
    action: KnowledgeAction;
    previousHash: string | null;
    hash: string | null;
    reason: string | undefined;
    steps: readonly IntentStep[];
    discard: readonly string[];
    more?: Readonly<Record<string, unknown>>;
  }): KnowledgeChange {
    const { name, action, previousHash, hash } = change;
    const record = this.#store.record(
      {
        type: "knowledge_update",
        layer: "L1",
        knowledge_id: name,
        action,
        prev_hash: previousHash,
        next_hash: hash,
        reason: change.reason ?? `${TITLES[action]} knowledge: ${name}`,
      },
      actor,
      change.more,
    );
    const { block, displaced } = this.#store.commit({ ...change, record });
    const { index } = block;
    return { name, action, hash, previousHash, block: { index, hash: block.hash }, displaced };
  }

  /** The entry about to be changed; its present bytes are kept, whoever wrote them. */
  #present(name: string): Entry {
    const entry = this.get(name);
    if (entry.path !== null && entry.hash !== null) {
      const bytes = this.#view().read(entry.path, this.#options.maxBytes);
      if (bytes !== null) this.#store.objects.put(bytes);
    } else if (entry.problem !== null && entry.path === null) {
      const view = this.#view();
      const folder = `${HOME}/${name}`;
      const unreadable = documentPath(view, folder, name) !== null || !view.isInside(folder, HOME);
      if (unreadable) {
        throw new KairosError("refused", `Cannot change knowledge ${quote(name)}`, {
          hint: entry.problem.message,
        });
      }
    }
    return entry;
  }

  /** Keeps the other files of an entry as objects. */
  #keepFiles(name: string): Record<string, string> {
    const folder = `${HOME}/${name}`;
    const view = this.#view();
    const files = listFiles(view, HOME, folder);
    const sum = files.reduce((total, { size }) => total + size, 0);
    if (files.length > MAX_KEPT_FILES || sum > MAX_KEPT) {
      throw new KairosError(
        "too_large",
        `Cannot delete knowledge ${quote(name)}: ${files.length} files with ${sum} bytes ` +
          "are more than can be kept",
        { hint: "Archive it instead" },
      );
    }
    return Object.fromEntries(files.map(({ path }) => {
      const bytes = view.read(`${folder}/${path}`, MAX_KEPT) ?? new Uint8Array(0);
      return [path, this.#store.objects.put(bytes)];
    }));
  }

  /** The files the last deletion of an entry kept. */
  #deletedFiles(name: string): Readonly<Record<string, string>> {
    for (const record of this.history(name)) {
      if (record.action === "delete") return record.files;
    }
    return {};
  }

  #findVersion(name: string, version: string): KnowledgeRecord {
    const block = /^#?(\d{1,15})$/.exec(version)?.[1];
    for (const record of this.history(name)) {
      if (record.nextHash === null) continue;
      if (block !== undefined && record.block === Number(block)) return record;
      if (/^[0-9a-f]{6,64}$/.test(version) && record.nextHash.startsWith(version)) return record;
    }
    throw new KairosError("not_found", `Cannot find version ${quote(version)} of ${quote(name)}`, {
      hint: `List the versions with \`kairos knowledge history ${name}\``,
    });
  }

  #checkContent({ content }: KnowledgeWrite): Uint8Array {
    if (content.trim() === "") {
      throw new KairosError("invalid", "Cannot write knowledge: the content is empty", {
        hint: "Send the whole document, front matter and body",
      });
    }
    if (!isWellFormed(content)) {
      throw new KairosError("invalid", "Cannot write knowledge: the content is no valid Unicode");
    }
    const bytes = new TextEncoder().encode(content);
    if (bytes.length > this.#options.maxBytes) {
      throw new KairosError(
        "too_large",
        `Cannot write knowledge: ${bytes.length} bytes exceed ${this.#options.maxBytes}`,
        { hint: "Split the entry, or move long material into `references/`" },
      );
    }
    return bytes;
  }

  #exists(name: string): boolean {
    checkSegment(name, HOME);
    return this.#store.disk.statLink(this.#path(`${HOME}/${name}`)) !== null;
  }

  #taken(name: string): KairosError {
    return new KairosError("exists", `Knowledge ${quote(name)} already exists`, {
      hint: "Update it instead",
    });
  }

  #missing(view: View, name: string): KairosError {
    const names = view.list(HOME).map((entry) => entry.name).filter(isListed);
    return new KairosError("not_found", `Knowledge ${quote(name)} not found`, {
      hint: names.length === 0
        ? "There are no entries yet"
        : `Available: ${names.slice(0, 20).map((one) => quote(one)).join(", ")}${
          names.length > 20 ? `, and ${names.length - 20} more` : ""
        }`,
    });
  }

  /** Stages a file; its name must be as durable as its bytes before a record speaks of it. */
  #stage(path: string, content: Uint8Array | string): void {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    writeDurable(this.#store.disk, this.#path(path), bytes);
    this.#store.disk.syncFolder(parentOf(this.#path(path)));
  }

  /** Stages a kept file. Its path comes from the chain, so it must not lead anywhere else. */
  #stageObject(stage: string, path: string, id: string): void {
    if (path.split("/").some((part) => part === "" || part.startsWith("."))) return;
    const bytes = this.#store.objects.get(id);
    if (bytes === null) return;
    const folder = parentOf(`${stage}/${path}`);
    this.#ensureFolder(folder);
    this.#stage(`${stage}/${path}`, bytes);
  }

  #ensureFolder(path: string): void {
    this.#store.disk.makeFolder(this.#path(path));
  }

  /** Stages something; when that fails, nothing staged is left. */
  #staging(path: string, stage: () => void): void {
    try {
      stage();
    } catch (error) {
      try {
        this.#store.disk.remove(this.#path(path));
      } catch {
        // What is left is invisible and swept later; the first error is the one to report.
      }
      throw error;
    }
  }

  #path(path: string): string {
    return `${this.#store.root}/${path}`;
  }
}

const TITLES: Record<KnowledgeAction, string> = {
  create: "Create",
  update: "Update",
  delete: "Delete",
  archive: "Archive",
  unarchive: "Unarchive",
};
