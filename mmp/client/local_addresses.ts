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
    return this.#read().includes(url);
  }

  /**
   * Remembers an address that a person called. For people's doors only.
   *
   * @param url The address as `parsePeerUrl` writes it
   * @throws {KairosError} `invalid`, `locked`, `io`
   */
  async add(url: string): Promise<void> {
    if (this.has(url)) return;
    await this.#change((urls) => {
      const details = { url };
      this.#store.journal.note({ action: "peer_address_configured", skill_id: null, details });
      return [...urls, url].slice(-MAX_ADDRESSES);
    });
  }

  /**
   * Forgets an address.
   *
   * @param url The address as `parsePeerUrl` writes it
   * @throws {KairosError} `invalid`, `locked`, `io`
   */
  async remove(url: string): Promise<void> {
    if (this.has(url)) await this.#change((urls) => urls.filter((one) => one !== url));
  }

  #change(change: (urls: readonly string[]) => readonly string[]): Promise<void> {
    const { disk, root } = this.#store;
    return this.#store.locked(() => {
      const text = JSON.stringify({ version: 1, urls: change(this.#read()) }, null, 2);
      disk.makeFolder(`${root}/storage`);
      const bytes = new TextEncoder().encode(text);
      writeAtomic(disk, `${root}/${ADDRESSES_FILE}`, bytes, { permissions: PRIVATE });
    });
  }

  #read(): readonly string[] {
    const { disk, root } = this.#store;
    const bytes = disk.read(`${root}/${ADDRESSES_FILE}`, BOUNDS.bytes);
    if (bytes === null) return [];
    const attempt = `Cannot read ${ADDRESSES_FILE}`;
    const { urls } = parseJsonObject(bytes, BOUNDS, attempt);
    if (Array.isArray(urls) && urls.every((url) => typeof url === "string")) return urls;
    throw new KairosError("invalid", `${attempt}: it holds no addresses`, {
      hint: "Move it away; a person then calls each local peer once more",
    });
  }
}
