/**
 * What every layer of an instance works with: disk, ledger, objects, journal, and the one way to
 * change something.
 *
 * @module
 */

import type { Actor, RecordFields } from "./actor.ts";
import type { Block } from "./chain/block.ts";
import { blockTimestamp, recordTimestamp } from "./chain/timestamp.ts";
import {
  acquireLock,
  baseName,
  type Disk,
  type Displaced,
  type Intent,
  IntentLog,
  type IntentStep,
  isDue,
  isTransitName,
  type Keeper,
  parentOf,
} from "./disk/mod.ts";
import { asKairosError, KairosError } from "./errors.ts";
import type { BlockPointer } from "./ledger/block_at.ts";
import type { Journal } from "./journal/journal.ts";
import type { FileLedger } from "./ledger/file_ledger.ts";
import type { LedgerHost } from "./ledger/host.ts";
import { readMarker } from "./ledger/marker.ts";
import { type ObjectStore, sha256 } from "./objects/objects.ts";

/** The parts of a {@linkcode Store}. */
export interface StoreParts {
  /** The data directory. */
  readonly root: string;
  /** The disk. */
  readonly disk: Disk;
  /** The chain. */
  readonly ledger: FileLedger;
  /** Versions. */
  readonly objects: ObjectStore;
  /** The action log. */
  readonly journal: Journal;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Longest wait for the lock in milliseconds. */
  readonly lockTimeout: number;
  /** What others see who wait for the lock, such as `pid 12 (kairos serve)`. */
  readonly holder: string;
  /** Whether changes are allowed at all. */
  readonly writable: boolean;
}

/** A change of files and the record that goes with it. */
export interface Change {
  /** Makes the record, complete with time and actor. */
  readonly record: string;
  /** Further records that stand in the same block, behind it. */
  readonly beside?: readonly string[];
  /** The renames that bring the staged files into place. */
  readonly steps: readonly IntentStep[];
  /** Stage and trash paths to remove in the end. */
  readonly discard?: readonly string[];
  /** The block's time as {@linkcode Store.foresee} gave it; now unless given. */
  readonly at?: string;
}

/** The block a record is about to get. */
export interface Foreseen {
  /** The block. */
  readonly pointer: BlockPointer;
  /** Its canonical timestamp, to be handed to {@linkcode Store.commit}. */
  readonly at: string;
}

/** A change that has been made. */
export interface Committed {
  /** The block of its record. */
  readonly block: Block;
  /** What somebody else had put in its way, kept as objects. */
  readonly displaced: readonly Displaced[];
}

/** The shared parts of an instance and the exclusive section around every change. */
export class Store implements LedgerHost {
  /** The data directory. */
  readonly root: string;
  /** The disk. */
  readonly disk: Disk;
  /** The chain. */
  readonly ledger: FileLedger;
  /** Versions. */
  readonly objects: ObjectStore;
  /** The action log. */
  readonly journal: Journal;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly #parts: StoreParts;
  readonly #intents: IntentLog;
  #turn: Promise<void> = Promise.resolve();
  #prepared = false;

  /** @param parts The parts, made by the composition root */
  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.root = parts.root;
    this.disk = parts.disk;
    this.ledger = parts.ledger;
    this.objects = parts.objects;
    this.journal = parts.journal;
    this.clock = parts.clock;
    this.#intents = new IntentLog(parts.disk, parts.root);
  }

  /**
   * Runs a change with nobody else writing. Changes that a crash left halfway are brought to an end
   * first, so what the change sees is whole.
   *
   * @param change Makes the change; brief, as others wait meanwhile
   * @returns What the change returns
   * @throws {KairosError} those of `locked`
   */
  exclusive<T>(change: () => T): Promise<T> {
    return this.locked(() => {
      this.#recover();
      return change();
    });
  }

  /**
   * Runs something with nobody else writing: callers of this process in order, other processes by the
   * lock. For what does not depend on the chain being whole; everything else is `exclusive`.
   *
   * @param task What to run
   * @returns What the task returns
   * @throws {KairosError} `locked`, `refused` when the instance was opened for reading, and whatever
   *   the task throws
   */
  async locked<T>(task: () => T | Promise<T>): Promise<T> {
    if (!this.#parts.writable) {
      throw new KairosError("refused", "Cannot change anything: the instance is open for reading");
    }
    const before = this.#turn;
    let done = () => {};
    this.#turn = new Promise((resolve) => done = resolve);
    await before;
    try {
      this.#prepare();
      using _lock = await acquireLock(this.disk, this.ledger.lockPath, {
        timeout: this.#parts.lockTimeout,
        holder: this.#parts.holder,
      });
      return await task();
    } finally {
      done();
    }
  }

  /**
   * A record as compact JSON with the time and the actor at its end.
   *
   * @param fields The record's own keys, in order
   * @param actor Who acts
   * @param more Keys that go behind the actor
   * @returns The text that becomes a block's item
   */
  record(fields: RecordFields, actor: Actor, more: Readonly<Record<string, unknown>> = {}): string {
    return JSON.stringify({
      ...fields,
      timestamp: recordTimestamp(this.clock()),
      principal: actor.principal,
      ...(actor.agentId === undefined ? {} : { agent_id: actor.agentId }),
      ...more,
    });
  }

  /**
   * The block a record will get when its change is committed next, so that a staged file can name it.
   * Only inside {@linkcode exclusive}.
   *
   * @param record The record
   * @param beside Further records of the block
   * @returns The block and the time to commit it with
   * @throws {KairosError} `corrupt` when the end of the chain is damaged
   */
  foresee(record: string, beside: readonly string[] = []): Foreseen {
    const at = blockTimestamp(this.clock());
    return { pointer: this.ledger.foresee([record, ...beside], at), at };
  }

  /**
   * Appends a block. Only inside {@linkcode exclusive}.
   *
   * @param items The block's items
   * @param at Its canonical timestamp; now unless given
   * @returns The block
   * @throws {KairosError} `corrupt` when the chain must not grow, `io`
   */
  append(items: readonly string[], at: string = blockTimestamp(this.clock())): Block {
    const marker = readMarker(this.disk, this.root);
    if (marker !== null) {
      throw new KairosError("corrupt", `Cannot append: a verification failed at ${marker.at}`, {
        hint: "Look with `kairos chain verify`; mend with `kairos chain repair`",
        data: { findings: marker.findings },
      });
    }
    return this.ledger.append(items, at);
  }

  /**
   * Makes a change of files and its record as one unit. Only inside {@linkcode exclusive}.
   *
   * @param change Staged and synced files, and the record
   * @returns The block and what stood in the way
   * @throws {KairosError} whatever {@linkcode append} throws, and nothing has changed then; `io` with
   *   the block's index in its data when the record stands and its files are still to be put in place
   */
  commit(change: Change): Committed {
    const items = [change.record, ...change.beside ?? []];
    const head = this.ledger.head();
    const intent: Intent = {
      version: 1,
      id: crypto.randomUUID(),
      height: Math.max(head.length, 1),
      record: sha256(JSON.stringify(items)),
      steps: change.steps,
      discard: change.discard ?? [],
    };
    let block: Block;
    try {
      this.#intents.begin(intent);
      block = this.append(items, change.at);
    } catch (error) {
      this.#backOut(intent);
      throw error;
    }
    try {
      return { block, displaced: this.#intents.finish(intent, this.#keeper) };
    } catch (cause) {
      const { code, message } = asKairosError(cause);
      throw new KairosError(
        code,
        `${message}; the change is on the chain as block ${block.index}`,
        {
          hint: "Its files are put in place by the next change, once the disk works again",
          data: { block: block.index },
          cause,
        },
      );
    }
  }

  /**
   * Makes a change of files that has no record as one unit: it is made once its intent is durable. Only
   * inside {@linkcode exclusive}.
   *
   * @param change Staged and synced files
   * @returns What stood in the way
   * @throws {KairosError} `io`
   */
  commitUnrecorded({ steps, discard = [] }: Pick<Change, "steps" | "discard">): Displaced[] {
    const id = crypto.randomUUID();
    const intent: Intent = { version: 1, id, height: 0, record: UNRECORDED, steps, discard };
    try {
      this.#intents.begin(intent);
    } catch (error) {
      this.#intents.abandon(intent);
      throw error;
    }
    return this.#intents.finish(intent, this.#keeper);
  }

  /** Whether changes are allowed at all. */
  get writable(): boolean {
    return this.#parts.writable;
  }

  /**
   * Ends what an earlier process left halfway: an interrupted append, unfinished changes, and what was
   * staged for changes that never began.
   *
   * @throws {KairosError} `corrupt` when the end of the chain is damaged, and those of `locked`
   */
  recover(): Promise<void> {
    return this.exclusive(() => {
      this.ledger.recover();
      this.#sweep();
    });
  }

  /** Whether an earlier process may have left something halfway; a look without the lock. */
  isInterrupted(): boolean {
    return this.ledger.isTorn() || this.#intents.pending().length > 0;
  }

  /** Changes a crash left halfway, for a reader: those whose block is on the chain. */
  pendingSteps(): IntentStep[] {
    return this.#intents.pending().filter((intent) => this.#isCommitted(intent)).flatMap((intent) =>
      intent.steps
    );
  }

  /** After a failure: abandons the change if its block is not on the chain, else leaves it to recovery. */
  #backOut(intent: Intent): void {
    try {
      if (!this.#isCommitted(intent)) this.#intents.abandon(intent);
    } catch {
      // The first error is the one to report; the intent stays and the next writer decides.
    }
  }

  /** Makes the folders of lock and intents, once: looking for what is missing is what costs time. */
  #prepare(): void {
    if (this.#prepared) return;
    this.disk.makeFolder(parentOf(this.ledger.lockPath));
    this.#intents.prepare();
    this.#prepared = true;
  }

  /** A torn end of the chain reads as undone; the next append undoes it in the file. */
  #recover(): void {
    const pending = this.#intents.pending();
    if (pending.length === 0) return;
    for (const intent of pending) {
      if (!this.#isCommitted(intent)) {
        this.#intents.abandon(intent);
        continue;
      }
      const exists = (path: string) => this.disk.statLink(`${this.root}/${path}`) !== null;
      const unknown = intent.steps
        .filter(({ to }, at) => isTransitName(baseName(to)) && isDue(intent.steps, at, exists))
        .flatMap(({ from }) => this.#keepUnknown(from));
      for (const { path, object } of [...unknown, ...this.#intents.finish(intent, this.#keeper)]) {
        this.journal.note({ action: "edit_displaced", skill_id: path, details: { object } });
      }
    }
  }

  /** Removes what was staged and never used. Nobody stages without the lock, and no change is pending. */
  #sweep(): void {
    this.#intents.sweep();
    this.objects.sweep();
    for (const { folder, depth } of STAGED_IN) this.#sweepFolder(`${this.root}/${folder}`, depth);
  }

  #sweepFolder(folder: string, depth: number): void {
    for (const { name, kind } of this.disk.list(folder)) {
      const path = `${folder}/${name}`;
      if (isTransitName(name)) this.disk.remove(path);
      else if (kind === "folder" && depth > 0) this.#sweepFolder(path, depth - 1);
    }
  }

  /** Whether the block an intent waits for is on the chain; one without a record waits for none. */
  #isCommitted(intent: Intent): boolean {
    if (intent.height === 0 && intent.record === UNRECORDED) return true;
    for (const block of this.ledger.newest()) {
      if (block.index < intent.height) return false;
      if (block.index > intent.height) continue;
      return sha256(JSON.stringify(block.data)) === intent.record;
    }
    return false;
  }

  readonly #keeper: Keeper = {
    digest: (path) => {
      const bytes = this.disk.read(path, KEEP_LIMIT);
      return bytes === null ? null : sha256(bytes);
    },
    keep: (path) => this.#keepAll(path),
  };

  /** Keeps the files on their way out that no object holds yet: somebody edited them meanwhile. */
  #keepUnknown(path: string): Displaced[] {
    const at = `${this.root}/${path}`;
    const kind = this.disk.statLink(at)?.kind;
    if (kind === "folder") {
      return this.disk.list(at).flatMap(({ name }) => this.#keepUnknown(`${path}/${name}`));
    }
    const bytes = kind === "file" ? this.disk.read(at, KEEP_LIMIT) : null;
    if (bytes === null || this.objects.get(sha256(bytes)) !== null) return [];
    return [{ path, object: this.objects.put(bytes) }];
  }

  /** Keeps a file, or every file of a folder with a list of them; returns the SHA-256 to start from. */
  #keepAll(path: string): string {
    if (this.disk.statLink(path)?.kind !== "folder") {
      return this.objects.put(this.disk.read(path, KEEP_LIMIT) ?? new Uint8Array(0));
    }
    const files: Record<string, string> = {};
    for (const { name } of this.disk.list(path)) files[name] = this.#keepAll(`${path}/${name}`);
    return this.objects.put(new TextEncoder().encode(JSON.stringify({ files })));
  }
}

/** Where changes stage their files, and how many folders deep. */
const STAGED_IN = [
  { folder: "knowledge", depth: 2 },
  { folder: "context", depth: 2 },
  { folder: "storage", depth: 0 },
  { folder: "storage/snapshots", depth: 0 },
  { folder: "storage/damaged", depth: 0 },
  { folder: "config", depth: 0 },
  { folder: "skills", depth: 1 },
  { folder: "skillsets", depth: 0 },
];

/** Stands in an intent for the record there is none of. */
const UNRECORDED = "none";

/** Largest file that is kept when it stands in the way. */
const KEEP_LIMIT = 64 * 1024 * 1024;
