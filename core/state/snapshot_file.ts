/**
 * Snapshots as they lie in `storage/snapshots`.
 *
 * A name begins with a second that no earlier snapshot has, so names sort in the order of the commits.
 * See `kairos_formats/state.md#snapshots`.
 *
 * @module
 */

import { recordTimestamp } from "../chain/timestamp.ts";
import { KairosError } from "../errors.ts";
import { parseObject } from "../evolution/shape.ts";
import type { View } from "../layers/view.ts";
import { quote } from "../text.ts";
import { combinedHash, type Layers, sealManifest } from "./manifest.ts";
import type { PendingChange } from "./pending.ts";

/** The folder of snapshots. */
export const SNAPSHOTS = "storage/snapshots";

/** Largest snapshot that is read. */
export const MAX_SNAPSHOT = 64 * 1024 * 1024;

/** A commit as its snapshot keeps it; keys in the order of the file. */
export interface Snapshot {
  /** Combined hash of the layers. */
  readonly snapshot_hash: string;
  /** Local time with its offset. */
  readonly created_at: string;
  /** `human` or `system`. */
  readonly created_by: string;
  /** `explicit` or `auto`. */
  readonly commit_type: string;
  /** Why. */
  readonly reason: string;
  /** The manifests. */
  readonly layers: Layers;
  /** What changed since the commit before. */
  readonly changes_since_last: readonly PendingChange[];
  /** Version of what kairos adds; missing in snapshots of other programs. */
  readonly version?: 1;
}

const NAME = /^snapshot_(\d{8}_\d{6})_([0-9a-f]{8})\.json$/;

/**
 * The names of all snapshots, newest first.
 *
 * @param view The files
 * @returns File names
 */
export function snapshotNames(view: View): string[] {
  return view.list(SNAPSHOTS).map(({ name }) => name).filter((name) => NAME.test(name))
    .sort().reverse();
}

/**
 * The name of a new snapshot: its second is later than that of any other.
 *
 * @param names The names that are there, newest first
 * @param now Milliseconds since the epoch
 * @param hash The combined hash
 * @returns A file name
 *
 * @example
 * ```ts
 * import { nextSnapshotName } from "./snapshot_file.ts";
 *
 * const first = nextSnapshotName([], 0, "0".repeat(64));
 * if (nextSnapshotName([first], 0, "0".repeat(64)) <= first) throw new Error("not later");
 * ```
 */
export function nextSnapshotName(names: readonly string[], now: number, hash: string): string {
  const newest = NAME.exec(names[0] ?? "")?.[1] ?? "";
  let at = now;
  // A clock that was set back must not let a new commit look like an old one.
  const last = Date.parse(
    newest.replace(/^(....)(..)(..)_(..)(..)(..)$/, "$1-$2-$3T$4:$5:$6"),
  );
  if (!Number.isNaN(last) && stampOf(at) <= newest) at = last + 1000;
  return `snapshot_${stampOf(at)}_${hash.slice(0, 8)}.json`;
}

/**
 * A snapshot as bytes.
 *
 * @param snapshot The snapshot
 * @returns Pretty JSON
 */
export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(snapshot, null, 2) + "\n");
}

/**
 * Reads a snapshot.
 *
 * @param view The files
 * @param name Its file name
 * @returns The snapshot
 * @throws {KairosError} `not_found`, `too_large`, `corrupt` when it is none or its hashes do not fit
 */
export function readSnapshot(view: View, name: string): Snapshot {
  const path = `${SNAPSHOTS}/${name}`;
  const isThere = NAME.test(name) && view.isInside(path, SNAPSHOTS);
  const bytes = isThere ? view.read(path, MAX_SNAPSHOT) : null;
  if (bytes === null) {
    throw new KairosError("not_found", `Snapshot ${quote(name)} not found`, {
      hint: "List them with `kairos state history`",
    });
  }
  const problem = (what: string) =>
    new KairosError("corrupt", `Cannot read snapshot ${quote(name)}: ${what}`, {
      hint: "Its commit stays on the chain; bring the file back from a backup",
    });
  const value = parseObject(new TextDecoder().decode(bytes));
  if (!isSnapshot(value)) throw problem("it does not have the form of one");
  if (combinedHash(value.layers) !== value.snapshot_hash) throw problem("its hash does not fit");
  // Another program may have written numbers that read back as others.
  if (value.version === 1 && !Object.values(value.layers).every(isSealed)) {
    throw problem("the hash of a manifest does not fit");
  }
  return value;
}

/**
 * The one snapshot a text names.
 *
 * @param view The files
 * @param names All snapshots, newest first
 * @param reference At least 4 digits of its hash, its file name, or `last`
 * @returns Its file name; of several with the same hash the newest
 * @throws {KairosError} `not_found`, `invalid` when it names several
 */
export function findSnapshot(view: View, names: readonly string[], reference: string): string {
  const digits = reference.replace(/^snapshots\//, "");
  const found = reference === "last"
    ? names.slice(0, 1)
    : names.filter((name) => name === digits || isPrefix(view, name, reference));
  const hashes = new Set(found.map((name) => NAME.exec(name)?.[2]));
  if (found[0] === undefined) {
    throw new KairosError("not_found", `Commit not found: ${quote(reference)}`, {
      hint: "Give at least 4 digits of its hash; list them with `kairos state history`",
    });
  }
  if (hashes.size > 1) {
    throw new KairosError("invalid", `Several commits begin with ${quote(reference)}`, {
      hint: `Give more digits: ${[...hashes].slice(0, 5).join(", ")}`,
    });
  }
  return found[0];
}

function isPrefix(view: View, name: string, reference: string): boolean {
  if (!/^[0-9a-f]{4,64}$/.test(reference)) return false;
  const short = NAME.exec(name)![2]!;
  if (reference.length <= 8) return short.startsWith(reference);
  return reference.startsWith(short) &&
    readSnapshot(view, name).snapshot_hash.startsWith(reference);
}

/** Local time as digits, `20260120_103000`. */
function stampOf(now: number): string {
  return recordTimestamp(now).slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "_");
}

function isSealed({ manifest_hash, ...fields }: Layers[keyof Layers]): boolean {
  return sealManifest(fields).manifest_hash === manifest_hash;
}

type Fields = Readonly<Record<string, unknown>>;

function isSnapshot(value: unknown): value is Snapshot {
  if (!isFields(value)) return false;
  const texts = ["snapshot_hash", "created_at", "created_by", "commit_type", "reason"];
  const { layers, changes_since_last: changes } = value;
  if (!texts.every((key) => typeof value[key] === "string") || !isFields(layers)) return false;
  const { L0, L1, L2 } = layers;
  const all = [L0, L1, L2];
  if (!all.every((one) => isFields(one) && typeof one.manifest_hash === "string")) return false;
  return Array.isArray(changes) && changes.every(isFields) &&
    isListOf((L0 as Fields).skills, isNamed("id", "hash")) &&
    isListOf((L1 as Fields).knowledge, isEntry) &&
    isListOf((L1 as Fields).archived, isEntry) &&
    isListOf((L2 as Fields).sessions, (one) =>
      isNamed("id", "hash")(one) &&
      (one.contexts === undefined || isListOf(one.contexts, isEntry)));
}

/** An entry; of its other files nothing may be told. */
function isEntry(one: Fields): boolean {
  return isNamed("name")(one) && (one.files === undefined || isListOf(one.files, isNamed("path")));
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isListOf(value: unknown, holds: (one: Fields) => boolean): boolean {
  return Array.isArray(value) && value.every((one) => isFields(one) && holds(one));
}

/** Things with these texts; a hash may be missing where something could not be read. */
function isNamed(...keys: readonly string[]): (one: Fields) => boolean {
  return (one) =>
    keys.every((key) => typeof one[key] === "string") &&
    (one.hash === null || typeof one.hash === "string");
}
