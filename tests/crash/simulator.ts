/**
 * The crash simulator: what a file system may hold when the machine stops in the middle of something.
 *
 * An operation runs once, for real, and the effects it announces are recorded. Then every prefix of
 * them is replayed on a model of the file system that keeps only what it must:
 *
 * - The content of a file is certain once *that file* was synced after the change.
 * - A name (created, renamed, removed) is certain once *its folder* was synced after the change; a
 *   rename between two folders once both were. A rename is never half done, and it is lost with the
 *   change that made the name it starts from.
 * - Everything else may be there or not, each on its own and in any order: the model yields nothing of
 *   it, all of it, all but one, one alone; all names without the unsynced content (a file is then
 *   empty, or has its size and reads as zeros) and all content without the names.
 * - A write that is not synced may also be cut in half, keep its later half only, or read as zeros
 *   where the file grew.
 *
 * What is not announced, such as the note in a lock file, stays as it was before the operation.
 *
 * @module
 */

import { Disk, type Effect } from "../../core/disk/mod.ts";
import { pick } from "../counts.ts";
import { Tree } from "./tree.ts";

/** A change of the model, by inode numbers, so that later renames do not matter. */
type Change =
  | {
    readonly kind: "name";
    readonly folder: number;
    readonly name: string;
    readonly inode: number;
  }
  | {
    readonly kind: "drop";
    readonly folder: number;
    readonly name: string;
    readonly inode: number;
  }
  | {
    readonly kind: "move";
    readonly folder: number;
    readonly name: string;
    readonly inode: number;
    readonly toFolder: number;
    readonly toName: string;
  }
  | {
    readonly kind: "data";
    readonly inode: number;
    readonly at: number;
    readonly bytes: Uint8Array;
  }
  | { readonly kind: "size"; readonly inode: number; readonly size: number };

/** A change of a file's content. */
type Content = Extract<Change, { readonly kind: "data" | "size" }>;

/** One recorded effect: a change, or the sync of a file or folder. */
type Step =
  | { readonly label: string; readonly change: Change }
  | { readonly label: string; readonly synced: number };

/** A change that may still get lost. */
interface OpenChange {
  readonly change: Change;
  /** The files and folders whose sync makes it certain, once all of them were synced. */
  readonly waitsFor: ReadonlySet<number>;
}

/** An operation, recorded. */
export interface Recording {
  /** The file system before, with the new files and folders in it but nameless. */
  readonly before: Tree;
  /** Its effects in order. */
  readonly steps: readonly Step[];
}

/** A state in which a crash may leave the file system. */
export interface Replay {
  /** The file system. */
  readonly tree: Tree;
  /** Whether the operation had returned. */
  readonly acknowledged: boolean;
  /** What was done and what was lost, for messages. */
  readonly label: string;
}

/**
 * Runs an operation and records its effects.
 *
 * @param folder The folder everything happens in
 * @param operate The operation; it must change files through the disk it is given only
 * @returns The recording
 */
export async function recordEffects(
  folder: string,
  operate: (disk: Disk) => unknown,
): Promise<Recording> {
  const before = Tree.snapshot(folder);
  const live = before.clone();
  const steps: Step[] = [];
  const disk = new Disk({
    onEffect: (effect) => {
      const step = understand(effect, live, before);
      if (step !== null) steps.push(step);
      return undefined;
    },
  });
  await operate(disk);
  return { before, steps };
}

/**
 * Every state a crash may leave, equal ones once.
 *
 * @param recording What was recorded
 * @returns The states, by the number of effects that had begun
 */
export function* replays({ before, steps }: Recording): Generator<Replay> {
  const certain = before.clone();
  let open: OpenChange[] = [];
  const seen = new Set<string>();
  for (let done = 0; done <= steps.length; done++) {
    const step = steps[done - 1];
    if (step !== undefined && "change" in step) open.push(opened(step.change));
    else if (step !== undefined) open = settle(certain, open, step.synced);
    const acknowledged = done === steps.length;
    for (const { lost, kept } of variants(open.map(({ change }) => change), certain)) {
      const tree = certain.clone();
      for (const change of kept) apply(tree, change);
      const key = `${acknowledged} ${tree.fingerprint()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const label = `${done} of ${steps.length} effects, last: ${step?.label ?? "none"}; ${lost}`;
      yield { tree, acknowledged, label };
    }
  }
}

/**
 * States a crash may leave: as many as `crashReplays` says, and each one in which the operation had
 * returned, since what was acknowledged is there in all of them.
 *
 * @param recording What was recorded
 * @returns The states
 */
export function someReplays(recording: Recording): Replay[] {
  const all = [...replays(recording)];
  const finished = all.filter(({ acknowledged }) => acknowledged);
  return [...pick("crashReplays", all.filter(({ acknowledged }) => !acknowledged)), ...finished];
}

/**
 * Writes a state into a new folder, in memory where the machine has such a place, lets something
 * happen there and removes it.
 *
 * @param state A state of {@linkcode replays}, or what a recording began with
 * @param look What happens there
 * @returns What it returned
 */
export async function inState<T>(
  state: { readonly tree: Tree },
  look: (folder: string) => T | Promise<T>,
): Promise<T> {
  const folder = Deno.makeTempDirSync(hasMemory() ? { dir: "/dev/shm" } : {});
  try {
    state.tree.materialise(folder);
    return await look(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function hasMemory(): boolean {
  try {
    return Deno.statSync("/dev/shm").isDirectory;
  } catch {
    return false;
  }
}

/** Translates an effect to inode numbers and makes it on the live tree. */
function understand(effect: Effect, live: Tree, before: Tree): Step | null {
  const { kind, path } = effect;
  const label = `${kind} ${path.slice(path.lastIndexOf("/") + 1)}`;
  if (kind === "syncDir") {
    // A folder above the recorded one is synced for a name that is not ours to lose.
    return live.covers(path) ? { label, synced: live.locate(path, true).inode! } : null;
  }
  const follows = kind === "sync" || kind === "write" || kind === "truncate";
  const { folder, name, inode } = live.locate(path, follows);
  if (kind === "sync") return { label, synced: present(inode, path) };
  const change = ((): Change => {
    switch (kind) {
      case "create":
      case "mkdir":
        return { kind: "name", folder, name, inode: addTo([live, before], kind) };
      case "remove":
        return { kind: "drop", folder, name, inode: present(inode, path) };
      case "rename": {
        const to = live.locate(effect.to, false);
        const target = { toFolder: to.folder, toName: to.name };
        return { kind: "move", folder, name, inode: present(inode, path), ...target };
      }
      case "write":
        return {
          kind: "data",
          inode: present(inode, path),
          at: effect.at,
          bytes: effect.bytes.slice(),
        };
      case "truncate":
        return { kind: "size", inode: present(inode, path), size: effect.size };
    }
  })();
  apply(live, change);
  return { label, change };
}

function present(inode: number | null, path: string): number {
  if (inode === null) throw new Error(`an effect on what is not there: ${path}`);
  return inode;
}

/** Adds a nameless file or folder to both trees, under the same number. */
function addTo(trees: readonly Tree[], kind: "create" | "mkdir"): number {
  const numbers = trees.map((tree) =>
    tree.add(
      kind === "create"
        ? { kind: "file", bytes: new Uint8Array(0), mode: 0o600 }
        : { kind: "folder", names: new Map(), mode: 0o755 },
    )
  );
  return numbers[0]!;
}

function opened(change: Change): OpenChange {
  const waitsFor = change.kind === "move"
    ? [change.folder, change.toFolder]
    : [isContent(change) ? change.inode : change.folder];
  return { change, waitsFor: new Set(waitsFor) };
}

/** Makes certain what a sync completes; returns what is still open. */
function settle(certain: Tree, open: readonly OpenChange[], synced: number): OpenChange[] {
  const rest: OpenChange[] = [];
  for (const { change, waitsFor } of open) {
    const left = new Set([...waitsFor].filter((number) => number !== synced));
    if (left.size === 0) apply(certain, change);
    else rest.push({ change, waitsFor: left });
  }
  return rest;
}

function apply(tree: Tree, change: Change): void {
  if (isContent(change)) {
    const old = tree.get(change.inode);
    if (old.kind === "file") tree.setBytes(change.inode, changed(old.bytes, change));
    return;
  }
  const names = tree.names(change.folder);
  if (change.kind === "name") names.set(change.name, change.inode);
  else if (names.get(change.name) === change.inode) {
    names.delete(change.name);
    if (change.kind === "move") tree.names(change.toFolder).set(change.toName, change.inode);
  }
}

function changed(old: Uint8Array, change: Content): Uint8Array {
  const end = change.kind === "size" ? change.size : change.at + change.bytes.length;
  const bytes = new Uint8Array(change.kind === "size" ? end : Math.max(old.length, end));
  bytes.set(old.subarray(0, bytes.length));
  if (change.kind === "data") bytes.set(change.bytes, change.at);
  return bytes;
}

/** Which of the open changes are there, and in what shape. */
function* variants(
  open: readonly Change[],
  certain: Tree,
): Generator<{ lost: string; kept: readonly Change[] }> {
  yield { lost: "everything kept", kept: open };
  if (open.length === 0) return;
  yield { lost: "everything open lost", kept: [] };
  yield { lost: "content lost", kept: open.filter((change) => !isContent(change)) };
  yield { lost: "names lost", kept: open.filter(isContent) };
  yield { lost: "content reads as zeros", kept: open.flatMap((one) => zeroed(one, certain)) };
  for (const [at, change] of open.entries()) {
    const instead = (...shapes: readonly Change[]) => open.toSpliced(at, 1, ...shapes);
    const which = `open change ${at} (${change.kind})`;
    yield { lost: `${which} lost`, kept: instead() };
    yield { lost: `all but ${which} lost`, kept: [change] };
    if (change.kind !== "data") continue;
    const half = change.bytes.length >> 1;
    const first = { ...change, bytes: change.bytes.subarray(0, half) };
    const second = { ...change, at: change.at + half, bytes: change.bytes.subarray(half) };
    yield { lost: `${which} cut in half`, kept: instead(first) };
    yield { lost: `${which} cut in half, all after it lost`, kept: [...open.slice(0, at), first] };
    yield { lost: `first half of ${which} lost`, kept: instead(second) };
    yield { lost: `${which} reads as zeros`, kept: instead(...zeroed(change, certain)) };
  }
}

/** A write of which only the growth of the file is left. */
function zeroed(change: Change, certain: Tree): Change[] {
  if (change.kind !== "data") return [change];
  const file = certain.get(change.inode);
  const size = file.kind === "file" ? file.bytes.length : 0;
  const from = Math.max(change.at, size);
  const length = change.at + change.bytes.length - from;
  return length <= 0 ? [] : [{ ...change, at: from, bytes: new Uint8Array(length) }];
}

function isContent(change: Change): change is Content {
  return change.kind === "data" || change.kind === "size";
}
