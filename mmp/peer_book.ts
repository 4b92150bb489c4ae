/**
 * `peers.json`: whom this instance has met, for people and for other implementations. What is believed
 * of whom is in {@linkcode PeerTrust}. See `kairos_formats/meeting.md#peers`.
 *
 * @module
 */

import { writeAtomic } from "../core/disk/mod.ts";
import { KairosError } from "../core/errors.ts";
import type { Store } from "../core/store.ts";
import { isWireMap, parseWire, plain, type Wire } from "./wire_json.ts";

/** The file, relative to the data directory. */
export const PEERS_FILE = "peers.json";

/** One contact, keys in the order they are written. */
export interface Contact {
  /** The id it goes by. */
  readonly id: string;
  /** What it calls itself. */
  readonly name: string;
  /** Where it was reached, or `null` when it came to us. */
  readonly url: string | null;
  /** When it was last heard of, ISO 8601 UTC. */
  readonly last_seen: string;
  /** The actions it supports. */
  readonly extensions: readonly string[];
  /** When it was first heard of. */
  readonly added_at: string;
  /** Its key as PEM, or `null` where another implementation kept none. */
  readonly public_key: string | null;
  /** Whether its signature was right. */
  readonly verified: boolean;
}

const MAX_BYTES = 8 * 1024 * 1024;
/** Most contacts. */
const MAX_CONTACTS = 1000;
const PRIVATE = 0o600;

/**
 * Reads the contacts. Entries another implementation wrote are kept as far as they can be understood.
 *
 * @param store The store
 * @returns The contacts, in the order of the file
 * @throws {KairosError} `invalid` for a file that holds no list, `too_large`
 */
export function readContacts({ disk, root }: Pick<Store, "disk" | "root">): Contact[] {
  const bytes = disk.read(`${root}/${PEERS_FILE}`, MAX_BYTES);
  if (bytes === null) return [];
  let list: Wire;
  try {
    list = parseWire(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw unreadable("it is no JSON", cause);
  }
  if (!Array.isArray(list)) throw unreadable("it holds no list");
  return list.flatMap(contactOf);
}

/**
 * Writes the contacts; needs the write lock. Where they are too many, or too large to be read again, who
 * came by itself goes before whom we called, and of those who was not heard of for longest.
 *
 * @param store The store
 * @param contacts All contacts
 * @throws {KairosError} `io`
 */
export function writeContacts({ disk, root }: Store, contacts: readonly Contact[]): void {
  const kept = new Set<Contact>();
  let room = MAX_BYTES;
  for (const contact of contacts.toSorted(byWorth).slice(0, MAX_CONTACTS)) {
    // As the only one of a list a contact takes more than as one of many.
    room -= encoded([contact]).length;
    if (room >= 0) kept.add(contact);
  }
  const bytes = encoded(contacts.filter((one) => kept.has(one)));
  writeAtomic(disk, `${root}/${PEERS_FILE}`, bytes, { permissions: PRIVATE });
}

function byWorth(a: Contact, b: Contact): number {
  const called = Number(b.url !== null) - Number(a.url !== null);
  return called || (a.last_seen > b.last_seen ? -1 : a.last_seen < b.last_seen ? 1 : 0);
}

function encoded(contacts: readonly Contact[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(contacts, null, 2));
}

function contactOf(entry: Wire): Contact[] {
  if (!isWireMap(entry)) return [];
  const fields = plain(entry) as Readonly<Record<string, unknown>>;
  const text = (key: string): string | null => {
    const value = fields[key];
    return typeof value === "string" ? value : null;
  };
  const { extensions, verified } = fields;
  const id = text("id");
  if (id === null) return [];
  return [{
    id,
    name: text("name") ?? "",
    url: text("url"),
    last_seen: text("last_seen") ?? "",
    extensions: Array.isArray(extensions)
      ? extensions.filter((one): one is string => typeof one === "string")
      : [],
    added_at: text("added_at") ?? "",
    public_key: text("public_key"),
    verified: verified === true,
  }];
}

function unreadable(found: string, cause?: unknown): KairosError {
  return new KairosError("invalid", `Cannot read ${PEERS_FILE}: ${found}`, {
    hint: "Correct the file, or move it away to begin anew",
    cause,
  });
}
