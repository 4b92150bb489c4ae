/**
 * L1, project knowledge: entries whose every change is a record on the chain.
 *
 * A change and its record are one unit: staged, intended, recorded, switched. Each published version
 * is kept as an object first. See `kairos_formats/entries.md#knowledge`.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import { KairosError } from "../errors.ts";
import type { Store } from "../store.ts";
import { quote } from "../text.ts";
import type { Entry, EntryLimits, EntrySummary } from "./entry_folder.ts";
import { ARCHIVE, findKnowledge, KNOWLEDGE, listKnowledge } from "./knowledge_home.ts";
import {
  type ArchiveOptions,
  type KnowledgeChange,
  type KnowledgeWrite,
  KnowledgeWriter,
} from "./knowledge_writer.ts";
import type { EntrySource } from "./entry_place.ts";
import { refuseLent } from "./library.ts";
import type { RecordFinder } from "./record_facts.ts";
import { type KnowledgeRecord, recordsOf } from "./records.ts";
import type { View } from "./view.ts";

/** Which entries a list holds. */
export interface KnowledgeFilter {
  /** The archived ones instead of the active ones. */
  readonly archived?: boolean;
}

/** Where readers find what they ask for. */
export interface KnowledgeSources extends EntrySource {
  /** Blocks of the ledger, by their records. */
  readonly records: RecordFinder;
}

/** Bounds of the layer. */
export interface KnowledgeOptions extends EntryLimits {
  /** Whether configuration lets this layer change. */
  readonly enabled: boolean;
}

/** What a deletion kept, as it was known at a length of the chain. */
interface Deletion {
  readonly length: number;
  readonly files: Readonly<Record<string, string>>;
}

/** The knowledge of one instance. */
export class KnowledgeLayer {
  readonly #store: Store;
  readonly #view: () => View;
  readonly #sources: KnowledgeSources;
  readonly #options: KnowledgeOptions;

  /**
   * @param store Disk, ledger, objects
   * @param view The files as readers see them
   * @param sources Where readers find what they ask for
   * @param options Bounds
   */
  constructor(
    store: Store,
    view: () => View,
    sources: KnowledgeSources,
    options: KnowledgeOptions,
  ) {
    this.#store = store;
    this.#view = view;
    this.#sources = sources;
    this.#options = options;
  }

  /**
   * All entries, sorted by name. One that cannot be read is listed with its problem.
   *
   * @param filter Active or archived ones
   * @returns Their summaries
   */
  list(filter: KnowledgeFilter = {}): EntrySummary[] {
    const home = filter.archived === true ? ARCHIVE : KNOWLEDGE;
    return listKnowledge(this.#sources.shelf, this.#view(), home);
  }

  /**
   * One entry with its content.
   *
   * @param name Its name
   * @returns The entry
   * @throws {KairosError} `not_found` with the names that are there, `invalid` for a name that is none,
   *   `refused` for an entry of a SkillSet
   */
  get(name: string): Entry {
    this.#refuseLent(name);
    return findKnowledge(this.#sources.shelf, this.#view(), name);
  }

  /**
   * A version of an entry, present or past.
   *
   * @param name The entry's name
   * @param version A block number, or at least 6 digits of the document's SHA-256
   * @returns The record that made it and the document
   * @throws {KairosError} `not_found` when no record or no object matches
   */
  async version(
    name: string,
    version: string,
  ): Promise<{ record: KnowledgeRecord; text: string }> {
    const record = await this.#findVersion(name, version);
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
  async *history(name: string): AsyncGenerator<KnowledgeRecord> {
    for await (
      const block of this.#sources.records.blocks({ type: "knowledge_update", entries: [name] })
    ) {
      yield* recordsOf(block).filter((record) => record.name === name);
    }
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
    return this.#change(actor, (writer) => writer.create(write));
  }

  /**
   * Replaces the document of an entry. The same document again changes nothing.
   *
   * @param write Name and document
   * @param actor Who acts
   * @returns What was done; action `none` when nothing had to be
   * @throws {KairosError} `not_found`, `conflict` when `baseHash` is another, `refused` for an entry of
   *   a SkillSet, and those of `create`
   */
  update(write: KnowledgeWrite, actor: Actor): Promise<KnowledgeChange> {
    return this.#changeOwn(write.name, actor, (writer) => writer.update(write));
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
    return this.#change(
      actor,
      (writer) => writer.exists(write.name) ? writer.update(write) : writer.create(write),
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
    return this.#changeOwn(name, actor, (writer) => writer.delete(name, reason));
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
  archive(name: string, actor: Actor, options: ArchiveOptions = {}): Promise<KnowledgeChange> {
    return this.#changeOwn(name, actor, (writer) => writer.archive(name, options));
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
    return this.#change(actor, (writer) => writer.unarchive(name, reason));
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
    const { record, text } = await this.version(name, version);
    const deletion = await this.#lastDeletion(name);
    const write = {
      name,
      content: text,
      reason: reason ?? `Restore knowledge: ${name} from block #${record.block}`,
    };
    return await this.#change(
      actor,
      (writer) =>
        writer.exists(name)
          ? writer.update(write)
          : writer.create(write, this.#deletedFiles(name, deletion)),
    );
  }

  /** Runs a change of an entry that must be there, and must be ours. */
  #changeOwn(
    name: string,
    actor: Actor,
    change: (writer: KnowledgeWriter) => KnowledgeChange,
  ): Promise<KnowledgeChange> {
    return this.#change(actor, (writer) => {
      this.#refuseLent(name);
      return change(writer);
    });
  }

  #refuseLent(name: string): void {
    refuseLent({ ...this.#sources, view: this.#view }, name);
  }

  /** Runs a change with nobody else writing, if configuration lets this layer change at all. */
  #change(
    actor: Actor,
    change: (writer: KnowledgeWriter) => KnowledgeChange,
  ): Promise<KnowledgeChange> {
    return this.#store.exclusive(() => {
      if (!this.#options.enabled) {
        throw new KairosError("refused", "Cannot change knowledge: the L1 layer is disabled", {
          hint: "Set `layers.L1.enabled: true` in `skills/config.yml`",
        });
      }
      return change(new KnowledgeWriter(this.#store, this.#view(), this.#options, actor));
    });
  }

  /** The last deletion of an entry, and how long the chain was before it was looked for. */
  async #lastDeletion(name: string): Promise<Deletion> {
    const { length } = this.#store.ledger.head();
    for await (const record of this.history(name)) {
      if (record.action === "delete") return { length, files: record.files };
    }
    return { length, files: {} };
  }

  /** The files the last deletion of an entry kept, seen with nobody else writing. */
  #deletedFiles(name: string, { length, files }: Deletion): Readonly<Record<string, string>> {
    for (const block of this.#store.ledger.newest()) {
      if (block.index < length) break;
      const deletion = recordsOf(block).find((record) =>
        record.name === name && record.action === "delete"
      );
      if (deletion !== undefined) return deletion.files;
    }
    return files;
  }

  async #findVersion(name: string, version: string): Promise<KnowledgeRecord> {
    const block = /^#?(\d{1,15})$/.exec(version)?.[1];
    for await (const record of this.history(name)) {
      if (record.nextHash === null) continue;
      if (block !== undefined && record.block === Number(block)) return record;
      if (/^[0-9a-f]{6,64}$/.test(version) && record.nextHash.startsWith(version)) return record;
    }
    throw new KairosError("not_found", `Cannot find version ${quote(version)} of ${quote(name)}`, {
      hint: `List the versions with \`kairos history ${name}\``,
    });
  }
}
