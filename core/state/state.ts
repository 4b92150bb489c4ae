/**
 * State commits: what a whole instance holds at one moment, on the chain.
 *
 * A commit keeps every document it names as an object, writes a snapshot and appends a record; snapshot
 * and record are one unit, so no snapshot stands for a commit that was not made. See
 * `kairos_formats/state.md`.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import { recordTimestamp } from "../chain/timestamp.ts";
import { asKairosError, KairosError } from "../errors.ts";
import { Stage } from "../layers/stage.ts";
import type { View } from "../layers/view.ts";
import { MAX_OBJECT, sha256 } from "../objects/objects.ts";
import { Pace, type PaceOptions } from "../pace.ts";
import { diffStates, type DiffSummary, type StateDiff, summarizeDiff } from "./diff.ts";
import type { StateHost } from "./host.ts";
import { type State, takeState } from "./manifest.ts";
import {
  COMMIT_FAILED,
  COMMITTED,
  type Pending,
  pendingChanges,
  type PendingSummary,
  summarizePending,
  walkChain,
  type Walked,
} from "./pending.ts";
import {
  encodeSnapshot,
  findSnapshot,
  nextSnapshotName,
  readSnapshot,
  type Snapshot,
  snapshotNames,
  SNAPSHOTS,
} from "./snapshot_file.ts";
import { autoReason, type Trigger, triggerOf } from "./trigger.ts";

/** A snapshot and its file. */
export interface StoredSnapshot {
  /** The file's name. */
  readonly name: string;
  /** What it says. */
  readonly snapshot: Snapshot;
}

/** A snapshot in a list; one that cannot be read is listed with its problem. */
export interface ListedSnapshot {
  /** The file's name. */
  readonly name: string;
  /** What it says, or `null`. */
  readonly snapshot: Snapshot | null;
  /** Why it cannot be read, or `null`. */
  readonly problem: string | null;
}

/** A commit that was made. */
export interface StateCommit {
  /** The combined hash. */
  readonly hash: string;
  /** That of the commit before, or `null`. */
  readonly previousHash: string | null;
  /** The block of its record. */
  readonly block: number;
  /** Whether somebody asked for it. */
  readonly type: "explicit" | "auto";
  /** Why. */
  readonly reason: string;
  /** Local time with its offset. */
  readonly timestamp: string;
  /** Where the snapshot is, below `storage/`. */
  readonly snapshot: string;
  /** What differs from the commit before. */
  readonly summary: DiffSummary;
}

/** How things stand. */
export interface StateStatus {
  /** The last commit, or `null`. */
  readonly last: ListedSnapshot | null;
  /** The combined hash of what is there now. */
  readonly hash: string;
  /** Whether that differs from the last commit. */
  readonly hasChanges: boolean;
  /** What changed since. */
  readonly pending: Pending;
  /** The same in numbers. */
  readonly summary: PendingSummary;
  /** What would let a commit be made now, or `null`. */
  readonly trigger: Trigger | null;
  /** How many snapshots there are. */
  readonly snapshots: number;
}

/** What a commit is asked for with. */
interface Wish {
  readonly type: "explicit" | "auto";
  readonly reason: (summary: DiffSummary) => string;
  readonly force: boolean;
}

/**
 * The state commits of one instance.
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { initInstance } from "../init.ts";
 * import { openInstance } from "../instance.ts";
 *
 * const root = `${await Deno.makeTempDir()}/.kairos`;
 * await initInstance(new Disk(), root, { version: "0.1.0", clock: Date.now });
 * const state = await (await openInstance(root, { mode: "write" })).state();
 * const { hash } = await state.commit("the beginning", { principal: "cli:ada" });
 * const { hasChanges, last } = await state.status();
 * if (hasChanges || last?.snapshot?.snapshot_hash !== hash) throw new Error("not committed");
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export class StateCommits {
  readonly #host: StateHost;
  #walked: Walked | null = null;

  /** @param host The instance */
  constructor(host: StateHost) {
    this.#host = host;
  }

  /**
   * What is there now. Every document is read.
   *
   * @param pace Progress and cancellation
   * @returns Manifests and their hash
   * @throws {KairosError} `io`; the reason of the signal
   */
  async present(pace: Pace = new Pace()): Promise<State> {
    const { view, shelf } = this.#host;
    const { law, source } = await (await this.#host.evolution()).inForce();
    return await takeState(view(), { skills: law.skills, source }, shelf, pace);
  }

  /**
   * How things stand. Every document is read.
   *
   * @returns Last commit, present hash, pending changes
   * @throws {KairosError} `io`, `corrupt` at something that is no block
   */
  async status(): Promise<StateStatus> {
    const { config, view } = this.#host;
    const { hash } = await this.present();
    const names = snapshotNames(view());
    const pending = this.#pending();
    const summary = summarizePending(pending.changes);
    const last = names[0] === undefined ? null : listed(view(), names[0]);
    return {
      last,
      hash,
      hasChanges: last?.snapshot?.snapshot_hash !== hash,
      pending,
      summary,
      trigger: triggerOf(summary, config),
      snapshots: names.length,
    };
  }

  /**
   * What changed since the last commit, from the ends of chain and journal; no document is read.
   *
   * @returns Last commit and pending changes
   * @throws {KairosError} `io`, `corrupt` at something that is no block
   */
  since(): Pick<StateStatus, "last" | "pending"> {
    return { last: this.history(1)[0] ?? null, pending: this.#pending() };
  }

  /**
   * The commits whose snapshots are kept, newest first.
   *
   * @param most Most to return
   * @returns Each with what its snapshot says
   */
  history(most: number): ListedSnapshot[] {
    const view = this.#host.view();
    return snapshotNames(view).slice(0, most).map((name) => listed(view, name));
  }

  /**
   * One commit.
   *
   * @param reference At least 4 digits of its hash, the name of its snapshot, or `last`
   * @returns Its snapshot
   * @throws {KairosError} `not_found`, `invalid` when it names several, `corrupt`
   */
  show(reference: string): StoredSnapshot {
    const view = this.#host.view();
    const name = findSnapshot(view, snapshotNames(view), reference);
    return { name, snapshot: readSnapshot(view, name) };
  }

  /**
   * Compares a commit with another, or with what is there now.
   *
   * @param from As {@linkcode show} takes it
   * @param to Likewise; what is there now unless given
   * @returns What differs
   * @throws {KairosError} those of `show`
   */
  async diff(from: string, to?: string): Promise<StateDiff> {
    const before = this.show(from).snapshot.layers;
    const after = to === undefined ? (await this.present()).layers : this.show(to).snapshot.layers;
    return diffStates(before, after);
  }

  /**
   * Commits what is there now.
   *
   * @param reason Why; goes on the chain
   * @param actor Who asks
   * @param options `force`: also when nothing changed; progress in entries and files that were looked
   *   at and kept; cancellation, up to the moment in which the commit is made
   * @returns The commit
   * @throws {KairosError} `invalid` without a reason, `refused` when nothing changed (the last hash is
   *   in its data) or the settings forbid it, `locked`, `corrupt`, `io`; the reason of the signal
   */
  async commit(
    reason: string,
    actor: Actor,
    options: PaceOptions & { readonly force?: boolean } = {},
  ): Promise<StateCommit> {
    if (reason.trim() === "") {
      throw new KairosError("invalid", "Reason is required for explicit commit", {
        hint: "Say in a sentence what this state is worth keeping for",
      });
    }
    const force = options.force === true;
    const wish = { type: "explicit" as const, reason: () => reason, force };
    const made = await this.#commit(wish, actor, new Pace(options));
    if (typeof made !== "string") return made;
    const message = "No changes since last commit. Use force=true to commit anyway.";
    throw new KairosError("refused", message, { data: { last_hash: made } });
  }

  /**
   * Commits when the settings say that a commit is due; to be called after a change, which stands
   * whatever comes of this. A failure is noted in the journal and told by {@linkcode status}.
   *
   * @param actor Who made the change
   * @param options `ends`: the session ends, so that any change is reason enough
   * @returns The commit, or `null`
   */
  async afterChange(
    actor: Actor,
    options: { readonly ends?: boolean } = {},
  ): Promise<StateCommit | null> {
    const { store, config } = this.#host;
    if (!store.writable) return null;
    try {
      const { changes, failure } = this.#pending();
      const trigger = triggerOf(summarizePending(changes), config, options.ends);
      if (trigger === null) return null;
      const reason = (summary: DiffSummary) => autoReason(trigger, summary);
      try {
        const made = await this.#commit({ type: "auto", reason, force: false }, actor);
        return typeof made === "string" ? null : made;
      } catch (error) {
        await this.#noteFailure(asKairosError(error), failure);
      }
    } catch {
      // Not even the note could be written. The change stands; the next one tries again.
    }
    return null;
  }

  /** What changed; of the chain only what is new since the last look is read. */
  #pending(): Pending {
    const { store } = this.#host;
    this.#walked = walkChain(store, this.#walked);
    return pendingChanges(store, this.#walked);
  }

  /** Notes a failure once; who waits for the lock has nothing to tell. */
  async #noteFailure({ code, message }: KairosError, known: string | null): Promise<void> {
    if (code === "locked" || message === known) return;
    const note = { action: COMMIT_FAILED, skill_id: null, details: { code, message } };
    await this.#host.store.locked(() => this.#host.store.journal.note(note));
  }

  /** The commit, or the hash of the last one when nothing changed. */
  async #commit(wish: Wish, actor: Actor, pace: Pace = new Pace()): Promise<StateCommit | string> {
    const { store, view, config } = this.#host;
    if (!config["state_commit.enabled"]) {
      throw new KairosError("refused", "Cannot commit the state: state commits are switched off", {
        hint: "Set `state_commit.enabled: true` in `skills/config.yml`",
      });
    }
    return await store.exclusive(async () => {
      const state = await this.present(pace);
      const names = snapshotNames(view());
      const last = names[0] === undefined ? null : listed(view(), names[0]).snapshot;
      if (!wish.force && last?.snapshot_hash === state.hash) return last.snapshot_hash;
      const summary = summarizeDiff(diffStates(last?.layers ?? null, state.layers));
      const reason = wish.reason(summary);
      // What the last commit kept is kept; who insists gets all of it kept again.
      await this.#keepBodies(state, wish.force || last?.version !== 1 ? null : last, pace);
      const snapshot: Snapshot = {
        snapshot_hash: state.hash,
        created_at: recordTimestamp(store.clock()),
        created_by: ACTORS[wish.type],
        commit_type: wish.type,
        reason,
        layers: state.layers,
        changes_since_last: this.#pending().changes,
        version: 1,
      };
      const name = nextSnapshotName(names, store.clock(), state.hash);
      const block = this.#record(name, snapshot, last?.snapshot_hash ?? null, summary, actor);
      this.#prune([name, ...names].slice(config["state_commit.max_snapshots"]));
      return {
        hash: state.hash,
        previousHash: last?.snapshot_hash ?? null,
        block,
        type: wish.type,
        reason,
        timestamp: snapshot.created_at,
        snapshot: `snapshots/${name}`,
        summary,
      };
    });
  }

  /** Snapshot and record, one unit. */
  #record(
    name: string,
    snapshot: Snapshot,
    previousHash: string | null,
    summary: DiffSummary,
    actor: Actor,
  ): number {
    const { store } = this.#host;
    const bytes = encodeSnapshot(snapshot);
    const fields = {
      type: "state_commit",
      commit_type: snapshot.commit_type,
      actor: snapshot.created_by,
      prev_snapshot_hash: previousHash,
      next_snapshot_hash: snapshot.snapshot_hash,
      snapshot_ref: `snapshots/${name}`,
      summary,
      reason: snapshot.reason,
    };
    const record = store.record(fields, actor, { snapshot_sha256: sha256(bytes) });
    store.disk.makeFolder(`${store.root}/${SNAPSHOTS}`);
    const { path } = Stage.fill(store, SNAPSHOTS, (stage) => stage.file(bytes));
    const steps = [{ from: path, to: `${SNAPSHOTS}/${name}`, base: null }];
    const { block: { index } } = store.commit({ record, steps, discard: [path] });
    const details = { block: index, hash: snapshot.snapshot_hash };
    store.journal.note({ action: COMMITTED, skill_id: null, details });
    return index;
  }

  /** Keeps every document as an object, so that the state can be brought back. */
  async #keepBodies({ bodies }: State, last: Snapshot | null, pace: Pace): Promise<void> {
    const { store, view } = this.#host;
    const files = view();
    const known = last === null ? new Set() : documentsOf(last);
    for (const { hash, path } of bodies) {
      await pace.step();
      if (known.has(hash)) continue;
      const bytes = files.read(path, MAX_OBJECT);
      if (bytes !== null && sha256(bytes) === hash) store.objects.put(bytes);
      else {
        throw new KairosError("conflict", "Cannot commit the state: a document is being changed", {
          hint: "Try again",
          data: { path },
        });
      }
    }
  }

  #prune(names: readonly string[]): void {
    const { disk, root } = this.#host.store;
    for (const name of names) disk.remove(`${root}/${SNAPSHOTS}/${name}`);
  }
}

/** Who commits, in the words of the existing implementation. */
const ACTORS = { explicit: "human", auto: "system" } as const;

/** The hashes of all documents and files a snapshot names. */
function documentsOf({ layers: { L0, L1, L2 } }: Snapshot): Set<string | null> {
  const contexts = L2.sessions.flatMap((session) => session.contexts ?? []);
  const entries = [...L1.knowledge, ...L1.archived, ...contexts];
  const hashes = entries.flatMap(({ hash, files = [] }) => [hash, ...files.map((one) => one.hash)]);
  return new Set([L0.md_file_hash, ...hashes]);
}

function listed(view: View, name: string): ListedSnapshot {
  try {
    return { name, snapshot: readSnapshot(view, name), problem: null };
  } catch (error) {
    return { name, snapshot: null, problem: asKairosError(error).message };
  }
}
