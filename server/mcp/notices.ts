/**
 * Tells clients what changed, whoever changed it.
 *
 * @module
 */

import type { McpServer, Server, ServerEvent, ServerEventBus } from "@modelcontextprotocol/server";
import type { Change } from "../../core/index/changes.ts";
import type { Following, FollowOptions } from "../../core/index/follow.ts";
import type { Instance } from "../../core/instance.ts";
import { resourceHref } from "../../core/layers/resource_uri.ts";
import { Listener, type ListenerOptions } from "./listener.ts";

/** Notices published between two moments for others. */
const BATCH = 100;

/** The notices of one server process. */
export class Notices {
  /** Where newer clients listen. */
  readonly bus: ServerEventBus = {
    publish: (event) => this.#listeners.forEach((tell) => tell(event)),
    subscribe: (tell) => {
      // A function of its own, so that the same listener may come twice.
      const own = (event: ServerEvent) => tell(event);
      this.#listeners.add(own);
      return () => void this.#listeners.delete(own);
    },
  };
  readonly #instance: Instance;
  readonly #options: Partial<FollowOptions>;
  readonly #since = Date.now();
  readonly #listeners = new Set<(event: ServerEvent) => void>();
  #following: Promise<Following> | null = null;
  #isStopped = false;
  #publishing: Promise<void> = Promise.resolve();

  /**
   * @param instance The instance whose changes are told
   * @param options How they are followed
   */
  constructor(instance: Instance, options: Partial<FollowOptions> = {}) {
    this.#instance = instance;
    this.#options = options;
  }

  /** Begins to follow changes, those since this object was made included. Once is enough. */
  start(): void {
    if (this.#isStopped) return;
    this.#following ??= this.#instance.follow({
      since: this.#since,
      ...this.#options,
      onChanges: (changes) => {
        this.#publishing = this.#publishing.then(() => this.#publish(changes));
      },
    });
  }

  /** Tells nothing any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#listeners.clear();
    await (await this.#following)?.stop();
    await this.#publishing;
  }

  /**
   * Lets the client of a connection hear of changes, as long as the connection lasts.
   *
   * @param server Its server
   * @param options Era and pace
   */
  attach(server: McpServer | Server, options: ListenerOptions): void {
    const own = "server" in server ? server.server : server;
    const listener = new Listener(this.#instance, own, options);
    const end = this.bus.subscribe((event) => listener.hear(event));
    const before = own.onclose;
    own.onclose = () => {
      end();
      before?.();
    };
  }

  async #publish(changes: readonly Change[]): Promise<void> {
    if (changes.some(({ kind }) => kind !== "updated")) {
      this.bus.publish({ kind: "resources_list_changed" });
    }
    for (const [at, { uri }] of changes.entries()) {
      if (this.#listeners.size === 0) return;
      this.bus.publish({ kind: "resource_updated", uri: resourceHref(uri) });
      if (at % BATCH === BATCH - 1) await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
}
