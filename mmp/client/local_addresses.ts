/**
 * `storage/meeting_addresses.json`: peers on this machine or network that a person called, so that an
 * agent may call them too. See `kairos_formats/meeting.md#addresses`.
 *
 * @module
 */

import { writeAtomic } from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";
import { parseJsonObject } from "../../core/json_object.ts";
import type { Store } from "../../core/store.ts";

/** The file, relative to the data directory. */
export const ADDRESSES_FILE = "storage/meeting_addresses.json";

const BOUNDS = { bytes: 64 * 1024, depth: 3 };
/** Most addresses; the oldest goes first. */
const MAX_ADDRESSES = 100;
const PRIVATE = 0o600;

/** One address, keys in the order they are written. */
export interface LocalAddress {
  /** The address as `parsePeerUrl` writes it. */
  readonly url: string;
  /** The id of who was met there. */
  readonly peer: string;
}

/** The local peers a person configured. */
export class LocalAddresses {
  readonly #store: Store;

  /** @param store The store */
  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Whether a person called this address.
   *
   * @param url The address as `parsePeerUrl` writes it
   * @returns `false` where an agent must not call it
   * @throws {KairosError} `invalid` for a file that cannot be understood
   */
  has(url: string): boolean {
    return this.list().some((one) => one.url === url);
  }

  /**
   * Every address, the oldest first.
   *
   * @returns The addresses; one that several peers were met at is there for each
   * @throws {KairosError} `invalid` for a file that cannot be understood
   */
  list(): readonly LocalAddress[] {
    const { disk, root } = this.#store;
    const bytes = disk.read(`${root}/${ADDRESSES_FILE}`, BOUNDS.bytes);
    if (bytes === null) return [];
    const attempt = `Cannot read ${ADDRESSES_FILE}`;
    const { addresses } = parseJsonObject(bytes, BOUNDS, attempt);
    if (Array.isArray(addresses) && addresses.every(isAddress)) return addresses;
    throw new KairosError("invalid", `${attempt}: it holds no addresses`, {
      hint: "Move it away; a person then calls each local peer once more",
    });
  }

  /**
   * Remembers an address that a person called. For people's doors only.
   *
   * @param address The address, and who was met there
   * @throws {KairosError} `invalid`, `locked`, `io`
   */
  async add({ url, peer }: LocalAddress): Promise<void> {
    if (this.list().some((one) => one.url === url && one.peer === peer)) return;
    await this.#change((addresses) => {
      const details = { url, peer };
      this.#store.journal.note({ action: "peer_address_configured", skill_id: null, details });
      return [...addresses, { url, peer }].slice(-MAX_ADDRESSES);
    });
  }

  /**
   * Forgets every address of a peer.
   *
   * @param peer Its id
   * @throws {KairosError} `invalid`, `locked`, `io`
   */
  async remove(peer: string): Promise<void> {
    if (!this.list().some((one) => one.peer === peer)) return;
    await this.#change((addresses) => addresses.filter((one) => one.peer !== peer));
  }

  #change(
    change: (addresses: readonly LocalAddress[]) => readonly LocalAddress[],
  ): Promise<void> {
    const { disk, root } = this.#store;
    return this.#store.locked(() => {
      const text = JSON.stringify({ version: 1, addresses: change(this.list()) }, null, 2);
      disk.makeFolder(`${root}/storage`);
      const bytes = new TextEncoder().encode(text);
      writeAtomic(disk, `${root}/${ADDRESSES_FILE}`, bytes, { permissions: PRIVATE });
    });
  }
}

function isAddress(value: unknown): value is LocalAddress {
  const { url, peer } = Object(value);
  return typeof url === "string" && typeof peer === "string";
}
