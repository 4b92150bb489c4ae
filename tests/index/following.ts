/**
 * Instances whose changes are followed, and disks that tell nothing of them, for tests.
 *
 * @module
 */

import { Disk, type FileFacts, type WatchOptions } from "../../core/disk/mod.ts";
import type { Change } from "../../core/index/changes.ts";
import type { Following, FollowOptions } from "../../core/index/follow.ts";
import type { Instance } from "../../core/instance.ts";
import { withInstance } from "../support/instance.ts";
import { makeStorage } from "./folders.ts";

/** A disk on which nothing can be watched. */
export class RefusingDisk extends Disk {
  protected override watchSystem(): Disposable {
    throw new Error("OS file watch limit reached");
  }
}

/** A disk that tells nothing of what others do, as network file systems. */
export class DeafDisk extends Disk {
  protected override watchSystem(): Disposable {
    return { [Symbol.dispose]: () => {} };
  }
}

/** A disk whose data directory changes without pause: once it is watched, nothing else can be. */
export class FloodedDisk extends Disk {
  #isFlooded = false;
  protected override watchSystem(real: string, options: WatchOptions): Disposable {
    if (this.#isFlooded) throw new Error("the system takes no further watch");
    this.#isFlooded = !options.isDeep;
    return super.watchSystem(real, options);
  }
}

/** A disk that tells late what others do. */
export class LateDisk extends Disk {
  protected override watchSystem(real: string, options: WatchOptions): Disposable {
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const watch = super.watchSystem(real, {
      ...options,
      onTouched: (path) => {
        timers.add(setTimeout(() => options.onTouched(path), 200));
      },
    });
    return {
      [Symbol.dispose]: () => {
        watch[Symbol.dispose]();
        for (const timer of timers) clearTimeout(timer);
      },
    };
  }
}

/** A disk that counts how often it is looked at. */
export class CountingLooks extends Disk {
  /** Looks so far. */
  looks = 0;
  override stat(path: string): FileFacts | null {
    this.looks++;
    return super.stat(path);
  }
  override list(path: string): ReturnType<Disk["list"]> {
    this.looks++;
    return super.list(path);
  }
}

/** An instance whose changes are followed. */
export interface Stage {
  readonly instance: Instance;
  readonly root: string;
  readonly following: Following;
  /** What was told, `kind uri`, each once. */
  readonly told: Set<string>;
  /** How often something was told. */
  readonly times: () => number;
}

/**
 * Runs a test with an instance whose changes are followed.
 *
 * @param test Gets it when everything has been looked at once
 * @param options Of following, the disk, and what is there before
 */
export async function withFollowing(
  test: (stage: Stage) => Promise<void>,
  options: Partial<FollowOptions> & {
    readonly disk?: Disk;
    readonly prepare?: (root: string) => Promise<void>;
  } = {},
): Promise<void> {
  const { disk = new Disk(), prepare, ...others } = options;
  await withInstance(async (instance, root) => {
    await makeStorage(root);
    for (const room of ["skills", "knowledge", "context"]) {
      await Deno.mkdir(`${root}/${room}`, { recursive: true });
    }
    await prepare?.(root);
    const told = new Set<string>();
    let times = 0;
    const following = await instance.follow({
      quiet: 30,
      onChanges: (changes: readonly Change[]) => {
        times++;
        for (const { kind, uri } of changes) told.add(`${kind} ${uri}`);
      },
      ...others,
    });
    try {
      await following.ready;
      await test({ instance, root, following, told, times: () => times });
    } finally {
      await following.stop();
    }
  }, { disk });
}
