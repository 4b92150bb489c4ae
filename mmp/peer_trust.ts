/**
 * `storage/peer_trust.json`: which key belongs to which instance id, and who was turned away. A file of
 * its own, because other implementations rewrite `peers.json` without what they do not know. See
 * `kairos_formats/meeting.md#trust`.
 *
 * @module
 */

import { writeAtomic } from "../core/disk/mod.ts";
import { KairosError } from "../core/errors.ts";
import { parseJsonObject } from "../core/json_object.ts";
import { keptRsaPublicKey, type RsaPublicKey } from "../core/keys/rsa.ts";
import type { Store } from "../core/store.ts";
import { readContacts } from "./peer_book.ts";

/** The file, relative to the data directory. */
export const TRUST_FILE = "storage/peer_trust.json";

/** What was decided about a key: by its proof, or by a person. */
export type Standing = "pinned" | "trusted" | "blocked";

/** A key that stands for an instance. */
export interface TrustedKey {
  /** The instance id. */
  readonly id: string;
  /** Its key; `null` when a person turned away whoever goes by the id, and the key it derives from. */
  readonly key: RsaPublicKey | null;
  /** What was decided: `pinned` by its own proof, `trusted` or `blocked` by a person. */
  readonly standing: Standing;
  /** When, ISO 8601 UTC. */
  readonly since: string;
  /** Another key that asked to be taken for the same instance, and when; `null` when none did. */
  readonly rival: { readonly key: RsaPublicKey; readonly seen: string } | null;
}

const STANDINGS: readonly unknown[] = ["pinned", "trusted", "blocked"] satisfies Standing[];
const BOUNDS = { bytes: 8 * 1024 * 1024, depth: 5 };
/** Most keys that nobody but their owners vouched for. */
const MAX_PINNED = 1000;
const PRIVATE = 0o600;

/**
 * Reads what was decided.
 *
 * @param store The store
 * @returns The keys, oldest decision first
 * @throws {KairosError} `invalid` for a file that cannot be understood: whoever was turned away must not
 *   come back by a damaged file
 */
export function readTrust({ disk, root }: Pick<Store, "disk" | "root">): TrustedKey[] {
  const bytes = disk.read(`${root}/${TRUST_FILE}`, BOUNDS.bytes);
  if (bytes === null) return [];
  const { version, keys } = parseJsonObject(bytes, BOUNDS, `Cannot read ${TRUST_FILE}`);
  if (version !== 1) throw unreadable("its version is not 1");
  if (!Array.isArray(keys)) throw unreadable("it holds no keys");
  return keys.map(trustedKey);
}

/**
 * Writes what was decided; needs the write lock. Where there are too many pinned keys, the oldest of
 * those who came by themselves goes first: strangers must not be able to push out whom we called.
 *
 * @param store The store
 * @param keys All keys
 * @throws {KairosError} `io`; `invalid` for an address book that cannot be read
 */
export function writeTrust(store: Store, keys: readonly TrustedKey[]): void {
  const { disk, root } = store;
  const kept = withoutSurplus(store, keys);
  const plain = kept.map(({ id, key, standing, since, rival }) => ({
    id,
    public_key: key === null ? null : key.pem,
    standing,
    since,
    rival: rival && { public_key: rival.key.pem, seen: rival.seen },
  }));
  const bytes = new TextEncoder().encode(JSON.stringify({ version: 1, keys: plain }, null, 2));
  disk.makeFolder(`${root}/storage`);
  writeAtomic(disk, `${root}/${TRUST_FILE}`, bytes, { permissions: PRIVATE });
}

function withoutSurplus(store: Store, keys: readonly TrustedKey[]): readonly TrustedKey[] {
  const pinned = keys.filter(({ standing }) => standing === "pinned");
  const surplus = pinned.length - MAX_PINNED;
  if (surplus <= 0) return keys;
  const called = new Set(
    readContacts(store).filter(({ url }) => url !== null).map((one) =>
      `${one.id} ${one.public_key}`
    ),
  );
  const isCalled = ({ id, key }: TrustedKey) => called.has(`${id} ${key?.pem}`);
  const byWorth = pinned.toSorted((a, b) => Number(isCalled(a)) - Number(isCalled(b)));
  const gone = new Set(byWorth.slice(0, surplus));
  return keys.filter((one) => !gone.has(one));
}

function trustedKey(entry: unknown): TrustedKey {
  const { id, public_key, standing, since, rival } = fieldsOf(entry);
  if (typeof id !== "string" || typeof since !== "string" || !STANDINGS.includes(standing)) {
    throw unreadable("an entry lacks id, since or standing");
  }
  return {
    id,
    key: public_key === null && standing === "blocked" ? null : keyOf(public_key),
    standing: standing as Standing,
    since,
    rival: rival === null ? null : rivalOf(rival),
  };
}

function rivalOf(entry: unknown): TrustedKey["rival"] {
  const { public_key, seen } = fieldsOf(entry);
  if (typeof seen !== "string") throw unreadable("an entry lacks its time");
  return { key: keyOf(public_key), seen };
}

function keyOf(pem: unknown): RsaPublicKey {
  const key = keptRsaPublicKey(pem);
  if (typeof key === "string") throw unreadable(key);
  return key;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw unreadable("an entry is no object");
}

function unreadable(found: string): KairosError {
  return new KairosError("invalid", `Cannot read ${TRUST_FILE}: ${found}`, {
    hint: "Restore it from a backup; without it nobody is known and nobody is turned away",
  });
}
