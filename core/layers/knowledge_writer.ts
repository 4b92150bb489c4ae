/**
 * Changes of knowledge, each one unit with its record. They run with nobody else writing.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import {
  baseName,
  type Displaced,
  type IntentStep,
  isTransitName,
  parentOf,
  transitName,
} from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { sha256 } from "../objects/objects.ts";
import type { Store } from "../store.ts";
import { isWellFormed, quote } from "../text.ts";
import { stringifyYaml } from "../yaml.ts";
import { documentPath, readEntry, SUBFOLDERS } from "./entry_folder.ts";
import type { Entry, EntryLimits } from "./entry_folder.ts";
import { ARCHIVE, findKnowledge, KNOWLEDGE } from "./knowledge_home.ts";
import { fileChanges, isInnerPath, keepFiles, type KeptFile } from "./kept_files.ts";
import { checkName, checkSegment } from "./names.ts";
import { type KnowledgeAction, knowledgeUpdate } from "./records.ts";
import { Stage } from "./stage.ts";
import { Shelf } from "./shelf.ts";
import type { View } from "./view.ts";

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
  /** The other files the entry is to have, and no others; as they are unless given. */
  readonly files?: readonly KeptFile[] | undefined;
  /** Refuse the write unless the document still has this SHA-256. */
  readonly baseHash?: string | undefined;
}

/** Why an entry goes to the archive. */
export interface ArchiveOptions {
  /** Why; goes on the chain. */
  readonly reason?: string | undefined;
  /** The entry that takes its place. */
  readonly supersededBy?: string | undefined;
  /** Since when it counts as archived, where it was archived before; now unless given. */
  readonly archivedAt?: string | undefined;
}

/** A change that is staged, and what its record says. */
interface StagedChange {
  readonly name: string;
  readonly action: KnowledgeAction;
  readonly previousHash: string | null;
  readonly hash: string | null;
  readonly reason: string | undefined;
  readonly steps: readonly IntentStep[];
  readonly discard: readonly string[];
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Note that an archived entry carries. */
const ARCHIVE_NOTE = ".archive_meta.yml";

/** Makes the changes of one actor. Every method needs the write lock. */
export class KnowledgeWriter {
  readonly #store: Store;
  readonly #view: View;
  readonly #limits: EntryLimits;
  readonly #actor: Actor;

  /**
   * @param store Disk, ledger, objects
   * @param view The files
   * @param limits Bounds
   * @param actor Who acts
   */
  constructor(store: Store, view: View, limits: EntryLimits, actor: Actor) {
    this.#store = store;
    this.#view = view;
    this.#limits = limits;
    this.#actor = actor;
  }

  /**
   * Whether an entry has that name, readable or not.
   *
   * @param name The name
   * @returns `false` when it is free
   */
  exists(name: string): boolean {
    checkSegment(name, KNOWLEDGE);
    return this.#store.disk.statLink(`${this.#store.root}/${KNOWLEDGE}/${name}`) !== null;
  }

  /**
   * Makes a new entry.
   *
   * @param write Name and document
   * @param files Other files of the entry: path below it to object
   * @returns What was done
   * @throws {KairosError} `exists`, `invalid`, `too_large`, and those of a commit
   */
  create(write: KnowledgeWrite, files: Readonly<Record<string, string>> = {}): KnowledgeChange {
    const { name, reason } = write;
    checkName(name, KNOWLEDGE);
    if (this.exists(name)) {
      throw new KairosError("exists", `Knowledge ${quote(name)} already exists`, {
        hint: "Update it instead",
      });
    }
    const bytes = this.#checkContent(write);
    const hash = this.#store.objects.put(bytes);
    const stage = Stage.fill(this.#store, KNOWLEDGE, (stage) => {
      stage.folder();
      if (write.subfolders === true) SUBFOLDERS.forEach((subfolder) => stage.folder(subfolder));
      for (const [path, id] of Object.entries(files)) this.#stageKept(stage, path, id);
      for (const { path, hash, executable } of write.files ?? []) {
        this.#stageKept(stage, path, hash, executable);
      }
      stage.file(bytes, `${name}.md`);
    });
    return this.#commit({
      name,
      action: "create",
      previousHash: null,
      hash,
      reason,
      steps: [{ from: stage.path, to: `${KNOWLEDGE}/${name}`, base: null }],
      discard: [stage.path],
    });
  }

  /**
   * Replaces the document of an entry.
   *
   * @param write Name and document
   * @returns What was done; action `none` when the document already said so
   * @throws {KairosError} `not_found`, `conflict`, `refused`, and those of `create`
   */
  update(write: KnowledgeWrite): KnowledgeChange {
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
    const files = this.#fileSteps(present, write);
    if (hash === present.hash && files.length === 0) {
      return { name, action: "none", hash, previousHash: hash, block: null, displaced: [] };
    }
    const steps = [...files];
    if (hash !== present.hash) {
      this.#store.objects.put(bytes);
      const folder = `${KNOWLEDGE}/${name}`;
      const stage = Stage.fill(this.#store, folder, (stage) => stage.file(bytes));
      const target = present.path ?? `${folder}/${name}.md`;
      steps.push({ from: stage.path, to: target, base: present.hash });
    }
    const listed = Object.fromEntries(write.files?.map(({ path, hash }) => [path, hash]) ?? []);
    return this.#commit({
      name,
      action: "update",
      previousHash: present.hash,
      hash,
      reason,
      steps,
      discard: steps.flatMap(({ from, to }) => [from, to]).filter((path) =>
        isTransitName(baseName(path))
      ),
      more: files.length === 0 ? {} : { files: listed },
    });
  }

  /** The renames that give an entry the files it is to have. */
  #fileSteps({ files: there }: Entry, { name, files }: KnowledgeWrite): IntentStep[] {
    if (files === undefined) return [];
    const folder = `${KNOWLEDGE}/${name}`;
    const { disk, root } = this.#store;
    const place = { folder, home: KNOWLEDGE };
    return fileChanges(this.#store, this.#view, place, there, files).map(
      ({ path, base, next }): IntentStep => {
        const target = `${folder}/${path}`;
        const home = parentOf(target);
        if (next === null) {
          return { from: target, to: `${home}/${transitName("trash")}`, base: null };
        }
        disk.makeFolder(`${root}/${home}`);
        const stage = Stage.fill(this.#store, home, (stage) => {
          stage.file(next.bytes, "", next.executable);
        });
        return { from: stage.path, to: target, base };
      },
    );
  }

  /**
   * Removes an entry; everything in its folder is kept as objects.
   *
   * @param name Its name
   * @param reason Why
   * @returns What was done
   * @throws {KairosError} `not_found`, `too_large`, `refused`, and those of a commit
   */
  delete(name: string, reason?: string): KnowledgeChange {
    const { hash, path } = this.#present(name);
    const files = keepFiles(this.#store, this.#view, `${KNOWLEDGE}/${name}`, path);
    const trash = `${KNOWLEDGE}/${transitName("trash")}`;
    return this.#commit({
      name,
      action: "delete",
      previousHash: hash,
      hash: null,
      reason,
      steps: [{ from: `${KNOWLEDGE}/${name}`, to: trash, base: null }],
      discard: [trash],
      more: Object.keys(files).length === 0 ? {} : { files },
    });
  }

  /**
   * Moves an entry to the archive.
   *
   * @param name Its name
   * @param options Why
   * @returns What was done
   * @throws {KairosError} `not_found`, `exists`, `refused`, and those of a commit
   */
  archive(name: string, options: ArchiveOptions): KnowledgeChange {
    checkSegment(name, KNOWLEDGE);
    if (this.#view.stat(`${ARCHIVE}/${name}`) !== null) {
      throw new KairosError("exists", `Knowledge ${quote(name)} is already archived`, {
        hint: "Bring the archived one back under another name, or delete this one",
      });
    }
    const { hash } = this.#present(name);
    const { root, disk } = this.#store;
    const folder = `${KNOWLEDGE}/${name}`;
    const reason = options.reason ?? `Archive knowledge: ${name}`;
    const note = stringifyYaml({
      archived_at: options.archivedAt ?? new Date(this.#store.clock()).toISOString(),
      archived_reason: reason,
      superseded_by: options.supersededBy ?? null,
      original_path: `${root}/${folder}`,
      content_hash: hash,
    }, { start: true });
    disk.makeFolder(`${root}/${ARCHIVE}`);
    const stage = Stage.fill(this.#store, folder, (stage) => {
      stage.file(new TextEncoder().encode(note));
    });
    return this.#commit({
      name,
      action: "archive",
      previousHash: hash,
      hash: null,
      reason,
      steps: [
        { from: stage.path, to: `${folder}/${ARCHIVE_NOTE}`, base: null },
        { from: folder, to: `${ARCHIVE}/${name}`, base: null },
      ],
      discard: [stage.path],
    });
  }

  /**
   * Moves an entry back from the archive.
   *
   * @param name Its name
   * @param reason Why
   * @returns What was done
   * @throws {KairosError} `not_found`, `exists`, and those of a commit
   */
  unarchive(name: string, reason?: string): KnowledgeChange {
    checkSegment(name, KNOWLEDGE);
    const folder = `${ARCHIVE}/${name}`;
    if (this.#view.stat(folder)?.kind !== "folder") {
      throw new KairosError("not_found", `Archived knowledge ${quote(name)} not found`);
    }
    if (this.exists(name)) {
      throw new KairosError("exists", `Active knowledge ${quote(name)} already exists`, {
        hint: "Rename or delete it first",
      });
    }
    const { hash } = readEntry(this.#view, KNOWLEDGE, folder, name, this.#limits);
    const trash = transitName("trash");
    return this.#commit({
      name,
      action: "unarchive",
      previousHash: hash,
      hash,
      reason,
      steps: [
        { from: `${folder}/${ARCHIVE_NOTE}`, to: `${folder}/${trash}`, base: null },
        { from: folder, to: `${KNOWLEDGE}/${name}`, base: null },
      ],
      discard: [`${KNOWLEDGE}/${name}/${trash}`, `${folder}/${trash}`],
    });
  }

  #commit(change: StagedChange): KnowledgeChange {
    const { name, action, previousHash, hash } = change;
    const record = this.#store.record(knowledgeUpdate(change), this.#actor, change.more);
    const { block: made, displaced } = this.#store.commit({ ...change, record });
    const block = { index: made.index, hash: made.hash };
    return { name, action, hash, previousHash, block, displaced };
  }

  /** The entry about to be changed, not remembered but read; its bytes are kept, whoever wrote them. */
  #present(name: string): Entry {
    const entry = findKnowledge(new Shelf(this.#limits), this.#view, name);
    const { path, problem } = entry;
    const folder = `${KNOWLEDGE}/${name}`;
    if (path !== null) {
      const bytes = this.#view.read(path, this.#limits.maxBytes);
      if (bytes !== null) this.#store.objects.put(bytes);
    } else if (
      documentPath(this.#view, folder, name) !== null || !this.#view.isInside(folder, KNOWLEDGE)
    ) {
      // There is a document and it cannot be read, so it could not be kept either.
      throw new KairosError("refused", `Cannot change knowledge ${quote(name)}`, {
        hint: problem?.message ?? "Look at its folder",
      });
    }
    return entry;
  }

  /** Stages a kept file. Its path comes from the chain, so it must not lead anywhere else. */
  #stageKept(stage: Stage, path: string, id: string, executable = false): void {
    const bytes = isInnerPath(path) ? this.#store.objects.get(id) : null;
    if (bytes === null) return;
    if (path.includes("/")) stage.folder(parentOf(path));
    stage.file(bytes, path, executable);
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
    if (bytes.length > this.#limits.maxBytes) {
      throw new KairosError(
        "too_large",
        `Cannot write knowledge: ${bytes.length} bytes exceed ${this.#limits.maxBytes}`,
        { hint: "Split the entry, or move long material into `references/`" },
      );
    }
    return bytes;
  }
}
