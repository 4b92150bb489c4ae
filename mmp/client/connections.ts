/**
 * `storage/meeting_connection.json`: the instances an agent is connected with. No session and no token is
 * kept: each call introduces us anew, so that each one finds out who is there. See
 * `kairos_formats/meeting.md#connections`.
 *
 * @module
 */

import { z } from "zod";
import { writeAtomic } from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";
import { parseJsonObject } from "../../core/json_object.ts";
import type { Store } from "../../core/store.ts";
import { quote } from "../../core/text.ts";
import { wireTime } from "../wire_time.ts";
import type { Met } from "./meet_peer.ts";

/** The file, relative to the data directory. */
export const CONNECTIONS_FILE = "storage/meeting_connection.json";

const CONNECTION = z.object({
  peer_id: z.string(),
  name: z.string(),
  url: z.string(),
  key: z.string(),
  connected_at: z.string(),
});

/** An instance an agent is connected with. */
export type Connection = z.output<typeof CONNECTION>;

const FILE = z.object({ version: z.literal(1), connections: z.array(CONNECTION) });
const BOUNDS = { bytes: 64 * 1024, depth: 4 };
/** Most connections; the oldest goes first. */
const MAX_CONNECTIONS = 8;
const PRIVATE = 0o600;

/** The connections of one instance. */
export class Connections {
  readonly #store: Store;

  /** @param store The store */
  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * All connections, the oldest first. A file that cannot be understood holds none: connecting again
   * costs nothing.
   *
   * @returns The connections
   */
  list(): readonly Connection[] {
    const { disk, root } = this.#store;
    const bytes = disk.read(`${root}/${CONNECTIONS_FILE}`, BOUNDS.bytes);
    if (bytes === null) return [];
    try {
      const read = FILE.safeParse(parseJsonObject(bytes, BOUNDS, "Cannot read the connections"));
      return read.success ? read.data.connections : [];
    } catch (error) {
      if (error instanceof KairosError) return [];
      throw error;
    }
  }

  /**
   * One connection.
   *
   * @param peerId The peer's id; the only connection unless given
   * @returns The connection
   * @throws {KairosError} `not_found`, `usage` when it is not clear which one is meant
   */
  find(peerId: string | undefined): Connection {
    const all = this.list();
    const fitting = all.filter(({ peer_id }) => peerId === undefined || peer_id === peerId);
    const [found, ...more] = fitting;
    if (found !== undefined && more.length === 0) return found;
    const known = all.map(({ peer_id }) => peer_id).join(", ");
    if (found !== undefined) {
      throw new KairosError("usage", "Cannot tell which peer is meant", {
        hint: `Say peer_id: ${known}`,
      });
    }
    const whom = peerId === undefined ? "" : ` ${quote(peerId)}`;
    throw new KairosError("not_found", `Not connected with peer${whom}`, {
      hint: known === "" ? "Call meeting_connect first" : `Connected with ${known}`,
    });
  }

  /**
   * Keeps a connection.
   *
   * @param met The peer
   * @returns The connection
   * @throws {KairosError} `locked`, `io`
   */
  add({ peer, url }: Met): Promise<Connection> {
    return this.#store.locked(() => {
      const connection: Connection = {
        peer_id: peer.instanceId,
        name: peer.name.slice(0, 200),
        url,
        key: peer.key.spki,
        connected_at: wireTime(this.#store.clock()),
      };
      const others = this.list().filter(({ peer_id }) => peer_id !== connection.peer_id);
      this.#write([...others, connection].slice(-MAX_CONNECTIONS));
      return connection;
    });
  }

  /**
   * Ends all connections.
   *
   * @returns Those that were there
   * @throws {KairosError} `locked`, `io`
   */
  clear(): Promise<readonly Connection[]> {
    return this.#store.locked(() => {
      const all = this.list();
      this.#store.disk.remove(`${this.#store.root}/${CONNECTIONS_FILE}`);
      return all;
    });
  }

  #write(connections: readonly Connection[]): void {
    const { disk, root } = this.#store;
    const text = JSON.stringify({ version: 1, connections }, null, 2);
    disk.makeFolder(`${root}/storage`);
    const path = `${root}/${CONNECTIONS_FILE}`;
    writeAtomic(disk, path, new TextEncoder().encode(text), { permissions: PRIVATE });
  }
}
