/**
 * One connection that hears of changes.
 *
 * What its client has not taken yet is kept as a set, not as a queue: however slow it is, each resource
 * waits to be told once.
 *
 * @module
 */

import { ProtocolError, type Server, type ServerEvent } from "@modelcontextprotocol/server";
import type { Instance } from "../../core/instance.ts";

/** How a connection is served. */
export interface ListenerOptions {
  /** A client of the older era says with requests of its own what it wants to hear of. */
  readonly era: "legacy" | "modern";
  /** Fulfilled when the client takes notices; with `false` when it never will. */
  readonly ready: () => Promise<boolean>;
}

/** Most resources one connection hears of. */
export const MAX_SUBSCRIPTIONS = 1000;

const INVALID_PARAMS = -32602;

/** The connection. */
export class Listener {
  readonly #server: Server;
  readonly #options: ListenerOptions;
  /** Address to the one the client gave; `null` in the newer era, where the door chooses. */
  readonly #wanted: Map<string, string> | null;
  readonly #due = new Set<string>();
  #isListDue = false;
  #isSending = false;

  /**
   * @param instance The instance
   * @param server Its server, not connected yet
   * @param options Era and pace
   */
  constructor(instance: Instance, server: Server, options: ListenerOptions) {
    this.#server = server;
    this.#options = options;
    this.#wanted = options.era === "legacy" ? this.#answer(instance, new Map()) : null;
  }

  /**
   * Notes what is to be told, and tells it when the client takes it.
   *
   * @param event What happened
   */
  hear(event: ServerEvent): void {
    if (event.kind === "resources_list_changed") this.#isListDue = true;
    else if (event.kind === "resource_updated") {
      const uri = this.#wanted === null ? event.uri : this.#wanted.get(event.uri);
      if (uri !== undefined) this.#due.add(uri);
    }
    if (!this.#isSending && (this.#isListDue || this.#due.size > 0)) void this.#send();
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    try {
      while (this.#isListDue || this.#due.size > 0) {
        if (!await this.#options.ready() || !this.#isKnown()) break;
        const [uri] = this.#due;
        if (this.#isListDue) {
          this.#isListDue = false;
          await this.#server.sendResourceListChanged();
        } else if (uri !== undefined) {
          this.#due.delete(uri);
          await this.#server.sendResourceUpdated({ uri });
        }
      }
    } catch {
      // The client has gone; its connection ends by itself.
    }
    this.#due.clear();
    this.#isListDue = false;
    this.#isSending = false;
  }

  /** Whoever never said who it is has asked a question and wants the answer alone. */
  #isKnown(): boolean {
    return this.#options.era === "modern" || this.#server.getClientVersion() !== undefined;
  }

  #answer(instance: Instance, wanted: Map<string, string>): Map<string, string> {
    this.#server.setRequestHandler("resources/subscribe", async ({ params: { uri } }) => {
      const { canonicalHref } = await import("./resources.ts");
      const href = await canonicalHref(instance, uri);
      // Past versions never change.
      if (href === null) return {};
      if (wanted.size >= MAX_SUBSCRIPTIONS && !wanted.has(href)) {
        throw new ProtocolError(
          INVALID_PARAMS,
          `Cannot subscribe: ${MAX_SUBSCRIPTIONS} subscriptions are the most; end one first`,
        );
      }
      wanted.set(href, uri);
      return {};
    });
    this.#server.setRequestHandler("resources/unsubscribe", ({ params: { uri } }) => {
      for (const [href, given] of wanted) if (given === uri || href === uri) wanted.delete(href);
      this.#due.delete(uri);
      return {};
    });
    return wanted;
  }
}
