/**
 * Removal of stored versions that nothing refers to any more.
 *
 * What might refer to an object counts as a reference: any SHA-256 in the chain, the journal, damaged
 * chains that were kept, changes on their way, and in objects that list others. Documents as they
 * stand now keep their object too. Whoever knows of files that bring nothing about any more says so. See `kairos_formats/entries.md#objects`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import type { Disk } from "../disk/mod.ts";
import { MAX_OBJECT, type ObjectStore, sha256, type StoredObject } from "./objects.ts";

/** What collecting needs of the instance around it. */
export interface CollectHost {
  /** The data directory. */
  readonly root: string;
  /** The disk. */
  readonly disk: Disk;
  /** Versions. */
  readonly objects: ObjectStore;
  /** The chain. */
  readonly ledger: {
    /** The end of the chain. */
    head(): { readonly state: string; readonly problem: string | null };
    /** Its blocks. */
    oldest(): AsyncIterable<{ readonly data: readonly string[] }>;
  };
  /** Runs something with nobody else writing. */
  locked<T>(task: () => T | Promise<T>): Promise<T>;
}

/** How to collect. */
export interface CollectOptions {
  /**
   * Tells which files no longer count as references, by their paths from the data directory. It is asked
   * when nobody else writes.
   */
  readonly spent?: () => ReadonlySet<string>;
}

/** What was found, and removed unless it was only looked for. */
export interface Collection {
  /** Objects that are kept. */
  readonly kept: number;
  /** Objects nothing refers to. */
  readonly unreferenced: readonly StoredObject[];
  /** Their size in bytes. */
  readonly bytes: number;
}

/** Folders whose files are hashed: their present content is a version too. */
const DOCUMENTS = ["knowledge", "context", "skills"] as const;
/** Where files lie that name objects, besides the chain. */
const MENTIONS = ["skills", "storage"] as const;
/** Files of these kinds hold no text with hashes, or are the objects themselves. */
const SKIPPED = /^(?:objects|embeddings)$|\.(?:db|db-wal|db-shm|lock)$/;
/** How much of a file is read at once. */
const PIECE = 1024 * 1024;
/** A hash with the character before and behind it. */
const OVERLAP = 66;
/** Longest list of files among the objects. */
const MAX_LIST = 1024 * 1024;
const HASH = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;

/**
 * Looks for objects nothing refers to. Changes nothing.
 *
 * @param host The instance
 * @param options What does not count
 * @returns What a removal would find
 * @throws {KairosError} `corrupt` when the chain is missing or cannot be read to its end
 */
export async function findUnreferenced(
  host: CollectHost,
  { spent = () => new Set() }: CollectOptions = {},
): Promise<Collection> {
  if (host.objects.list().next().done === true) return { kept: 0, unreferenced: [], bytes: 0 };
  const marked = new Set<string>();
  await markChain(host, marked);
  const passed = new Set([...spent()].map((path) => `${host.root}/${path}`));
  for (const folder of MENTIONS) markMentions(host, `${host.root}/${folder}`, passed, marked);
  for (const folder of DOCUMENTS) markDocuments(host, `${host.root}/${folder}`, marked);
  markListed(host, marked);
  const unreferenced: StoredObject[] = [];
  let kept = 0;
  let bytes = 0;
  for (const object of host.objects.list()) {
    if (marked.has(object.id)) kept++;
    else {
      unreferenced.push(object);
      bytes += object.size;
    }
  }
  return { kept, unreferenced, bytes };
}

/**
 * Removes the objects nothing refers to, with nobody else writing.
 *
 * @param host The instance, open for writing
 * @param options What does not count
 * @returns What was removed
 * @throws {KairosError} `corrupt` when the chain is missing or cannot be read to its end, `locked`, `io`
 *
 * @example
 * ```ts
 * import { openInstance } from "../instance.ts";
 * import { collectObjects } from "./collect.ts";
 *
 * const root = await Deno.makeTempDir();
 * const { store } = await openInstance(root, { mode: "write" });
 * await store.exclusive(() => store.append(["a first block"]));
 * store.objects.put(new TextEncoder().encode("nothing refers to this"));
 * const { unreferenced } = await collectObjects(store);
 * if (unreferenced.length !== 1) throw new Error("not collected");
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export function collectObjects(
  host: CollectHost,
  options: CollectOptions = {},
): Promise<Collection> {
  return host.locked(async () => {
    const found = await findUnreferenced(host, options);
    for (const { id } of found.unreferenced) host.objects.remove(id);
    host.objects.sweep();
    return found;
  });
}

/** A chain that is damaged or gone may have lost references: nothing can be told unreferenced then. */
async function markChain({ ledger }: CollectHost, marked: Set<string>): Promise<void> {
  const { state, problem } = ledger.head();
  if (state !== "readable") {
    const found = state === "absent" ? "there is no chain" : problem ?? state;
    throw new KairosError("corrupt", `Cannot tell which objects are needed: ${found}`, {
      hint: "See `kairos chain verify`; bring the chain back or repair it first",
    });
  }
  for await (const { data } of ledger.oldest()) {
    for (const item of data) {
      mark(item, marked);
      // Other writers may have escaped letters inside the item.
      if (item.includes("\\u")) mark(unescaped(item), marked);
    }
  }
}

/**
 * Every file of a room, as its path. Links are followed as far as they stay in the room, each place
 * once, so that a link cannot lead around in a circle or through the whole machine.
 */
function* filesOf(disk: Disk, room: string, skip?: RegExp): Generator<string> {
  const home = disk.realPath(room);
  const seen = new Set<string>();
  const open = home === null ? [] : [room];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const real = disk.realPath(folder);
    const inside = real !== null && (real === home || real.startsWith(`${home}/`));
    if (!inside || seen.has(real)) continue;
    seen.add(real);
    if (disk.stat(folder)?.kind === "file") yield folder;
    else {for (const { name } of disk.list(folder)) {
        if (!skip?.test(name)) open.push(`${folder}/${name}`);
      }}
  }
}

function markMentions(
  { disk }: CollectHost,
  room: string,
  passed: ReadonlySet<string>,
  marked: Set<string>,
): void {
  for (const path of filesOf(disk, room, SKIPPED)) {
    if (passed.has(path)) continue;
    try {
      markFile(disk, path, marked);
    } catch (error) {
      // While nothing is locked, a writer may end its change and remove what we were about to read.
      if (!(error instanceof KairosError) || error.code !== "not_found") throw error;
    }
  }
}

/** A hash that lies across two pieces is seen in the second one, which begins before its end. */
function markFile(disk: Disk, path: string, marked: Set<string>): void {
  using file = disk.open(path, "read");
  const { size } = file.facts();
  for (let at = 0; at < size; at += PIECE) {
    const from = Math.max(0, at - OVERLAP);
    const length = Math.min(at + PIECE + OVERLAP, size) - from;
    mark(LATIN1.decode(file.readAt(from, length)), marked);
  }
}

function markDocuments({ disk }: CollectHost, room: string, marked: Set<string>): void {
  for (const path of filesOf(disk, room)) {
    if ((disk.stat(path)?.size ?? Infinity) > MAX_OBJECT) continue;
    const bytes = disk.read(path, MAX_OBJECT);
    if (bytes !== null) marked.add(sha256(bytes));
  }
}

/** An object may be a list of other objects: what stood in the way of a change, file by file. */
function markListed({ objects }: CollectHost, marked: Set<string>): void {
  const sizes = new Map([...objects.list()].map(({ id, size }) => [id, size]));
  for (const id of marked) {
    if ((sizes.get(id) ?? Infinity) > MAX_LIST) continue;
    const text = LATIN1.decode(objects.get(id) ?? new Uint8Array(0));
    // A set hands out what is added to it during the walk.
    if (text.startsWith('{"files":')) mark(text, marked);
  }
}

function mark(text: string, marked: Set<string>): void {
  for (const [hash] of text.matchAll(HASH)) marked.add(hash);
}

function unescaped(item: string): string {
  return item.replace(
    /\\u([0-9a-fA-F]{4})/g,
    (_, digits) => String.fromCharCode(parseInt(digits, 16)),
  );
}

const LATIN1 = new TextDecoder("latin1");
