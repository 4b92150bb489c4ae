/**
 * Follows what happens to the files of an instance, whoever does it.
 *
 * The folders are watched, and everything is looked at from time to time all the same: some systems do
 * not tell of everything, such as of what another machine writes to a network file system. Where that
 * shows, what is told is not relied upon any more.
 *
 * @module
 */

import type { Disk } from "../disk/mod.ts";
import { type Change, type ChangeSource, Snapshot } from "./changes.ts";
import { isWithin, WATCHED } from "./places.ts";
import { type Touched, unitAt } from "./touched.ts";

/** How changes are followed. */
export interface FollowOptions {
  /** Hears of changes, many at once. */
  readonly onChanges: (changes: readonly Change[]) => void;
  /** Changes since then are told, milliseconds since the epoch; now unless given. */
  readonly since?: number;
  /** Milliseconds without a change after which changes are told; 100 unless given. */
  readonly quiet?: number;
  /** Longest wait for that, and for the system to tell, in milliseconds; 1,000 unless given. */
  readonly patience?: number;
  /** Milliseconds between two looks at everything; a minute unless given. */
  readonly interval?: number;
}

/** Following, until it is stopped. */
export interface Following {
  /** Fulfilled when everything has been looked at for the first time. */
  readonly ready: Promise<void>;
  /** Whether every change is told as it happens; otherwise the looks at everything find it. */
  readonly isReliable: boolean;
  /** Ends it. */
  stop(): Promise<void>;
}

/** What following needs of an instance. */
export interface FollowSource extends ChangeSource {
  /** Where the folders are. */
  readonly store: { readonly disk: Disk };
  /** Told what may have changed. */
  readonly touched: Touched;
}

const QUIET = 100;
const PATIENCE = 1000;
const INTERVAL = 60_000;

/**
 * Follows changes. Its timers and watches keep no process alive.
 *
 * @param source The instance
 * @param options Who hears of them
 * @returns What ends it
 */
export function follow(source: FollowSource, options: FollowOptions): Following {
  const follower = new Follower(source, options);
  return {
    ready: follower.start(),
    get isReliable() {
      return follower.isReliable;
    },
    stop: () => follower.stop(),
  };
}

class Follower {
  readonly #source: FollowSource;
  readonly #options: FollowOptions;
  readonly #snapshot: Snapshot;
  readonly #stop = new AbortController();
  /** Room to its watch and real path; the empty name stands for the data directory. */
  readonly #watches = new Map<string, { readonly real: string; readonly watch: Disposable }>();
  /** Rooms the system refuses to watch: trying costs time, so it is not tried with every change. */
  readonly #refused = new Set<string>();
  /** What the next look is for. */
  readonly #due = new Set<string>();
  #firstDue = 0;
  /** Whether a look waits for another one to end: one is enough. */
  #isLookWaiting = false;
  /** What was told since a look at everything began. */
  #told: Set<string> | null = null;
  #isDeaf = false;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** One look at a time. */
  #running: Promise<void> = Promise.resolve();

  constructor(source: FollowSource, options: FollowOptions) {
    this.#source = source;
    this.#options = options;
    this.#snapshot = new Snapshot(source, options.since ?? Date.now());
  }

  get isReliable(): boolean {
    if (this.#isDeaf || !this.#watches.has("") || this.#stop.signal.aborted) return false;
    // The data directory's watch tells when a missing room appears, but not where a link leads.
    return WATCHED.every((room) => this.#watches.has(room) || this.#isMissing(room));
  }

  start(): Promise<void> {
    this.#watch();
    this.#sweepLater();
    return this.#run(async () => void await this.#look([""]));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#source.touched.tell(false);
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const room of [...this.#watches.keys()]) this.#unwatch(room);
    await this.#running;
  }

  /** Watches what is not watched yet, or has been replaced by something else. */
  #watch(): void {
    const { disk } = this.#source.store;
    // The system takes no further watch while events of another come without pause, as they may here.
    for (const room of [...WATCHED, ""]) {
      const real = this.#realPath(room);
      const known = this.#watches.get(room)?.real ?? null;
      if (real === known || this.#refused.has(room)) continue;
      this.#unwatch(room);
      if (this.#snapshot.isComplete) this.#touchAll(room);
      if (real === null) continue;
      try {
        const watch = disk.watch(this.#path(room), {
          isDeep: room !== "",
          onTouched: (path) => this.#onTouched(room, path),
          onLost: () => this.#onLost(room),
        });
        this.#watches.set(room, { real, watch });
      } catch {
        this.#refused.add(room);
      }
    }
    this.#source.touched.tell(this.isReliable);
  }

  #unwatch(room: string): void {
    this.#source.touched.tell(false);
    this.#watches.get(room)?.watch[Symbol.dispose]();
    this.#watches.delete(room);
  }

  #onTouched(room: string, path: string): void {
    if (room !== "") return this.#touch(path === "" ? room : `${room}/${path}`);
    // A room appears, goes or is replaced. What else lies in the data directory is no matter.
    const rooms = path === "" ? WATCHED : WATCHED.filter((one) => one === path);
    for (const one of rooms) this.#onLost(one);
  }

  #onLost(room: string): void {
    this.#unwatch(room);
    this.#touchAll(room);
  }

  /** Nobody told what happened in a room. */
  #touchAll(room: string): void {
    for (const one of room === "" ? WATCHED : [room]) this.#touch(one);
  }

  #touch(path: string): void {
    const unit = unitAt(path);
    if (unit === null || this.#stop.signal.aborted) return;
    this.#source.touched.add(unit);
    this.#told?.add(unit);
    const now = performance.now();
    if (this.#due.size === 0) this.#firstDue = now;
    this.#due.add(unit);
    const { quiet = QUIET, patience = PATIENCE } = this.#options;
    const wait = Math.min(quiet, Math.max(0, this.#firstDue + patience - now));
    if (!this.#isLookWaiting) this.#after("look", wait, () => this.#lookAtDue());
  }

  async #lookAtDue(): Promise<void> {
    this.#isLookWaiting = false;
    this.#watch();
    const units = [...this.#due];
    this.#due.clear();
    await this.#look(units);
  }

  /** Looks at everything, and finds out whether what it finds was told. */
  async #sweep(): Promise<void> {
    const told = this.#told = new Set();
    try {
      this.#refused.clear();
      await this.#lookAtDue();
      const found = await this.#look([""]);
      for (const unit of found) this.#source.touched.add(unit);
      if (found.length > 0 && this.isReliable) {
        // It may take a moment to tell.
        await this.#pause(this.#options.patience ?? PATIENCE);
        const isTold = (unit: string) => [...told].some((scope) => isWithin(unit, scope));
        if (!found.every(isTold)) this.#isDeaf = true;
        this.#source.touched.tell(this.isReliable);
      }
    } finally {
      this.#told = null;
      this.#sweepLater();
    }
  }

  async #look(scopes: readonly string[]): Promise<readonly string[]> {
    const { units, changes } = await this.#snapshot.look(scopes, this.#stop.signal);
    if (changes.length > 0 && !this.#stop.signal.aborted) this.#options.onChanges(changes);
    return units;
  }

  #sweepLater(): void {
    this.#after("sweep", this.#options.interval ?? INTERVAL, () => this.#sweep());
  }

  /** Runs a task when its time has come and nothing else is running. */
  #after(name: "look" | "sweep", wait: number, task: () => Promise<void>): void {
    clearTimeout(this.#timers.get(name));
    if (this.#stop.signal.aborted) return;
    const timer = setTimeout(() => {
      if (name === "look") this.#isLookWaiting = true;
      void this.#run(task);
    }, wait);
    Deno.unrefTimer(timer);
    this.#timers.set(name, timer);
  }

  #run(task: () => Promise<void>): Promise<void> {
    const run = async () => {
      try {
        if (!this.#stop.signal.aborted) await task();
      } catch {
        // Files that cannot be looked at now are looked at with the next change or the next sweep.
      }
    };
    return this.#running = this.#running.then(run);
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      Deno.unrefTimer(timer);
      this.#stop.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      }, { once: true });
    });
  }

  /** `null` also for what cannot be looked at; then nothing can be watched there. */
  #realPath(room: string): string | null {
    try {
      return this.#source.store.disk.realPath(this.#path(room));
    } catch {
      return null;
    }
  }

  #isMissing(room: string): boolean {
    try {
      return this.#source.store.disk.statLink(this.#path(room)) === null;
    } catch {
      return false;
    }
  }

  #path(room: string): string {
    return room === "" ? this.#source.root : `${this.#source.root}/${room}`;
  }
}
