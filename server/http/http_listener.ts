/**
 * One address the server listens on, also when more connections are opened for a while than the system
 * allows.
 *
 * @module
 */

import { canOpenFiles } from "../../core/disk/mod.ts";
import { asKairosError, KairosError } from "../../core/errors.ts";

/** Where to listen. */
export interface ListenerOptions {
  /** A host name or an address, `[::1]` with brackets or without. */
  readonly host: string;
  /** TCP port; 0 for any free one. */
  readonly port: number;
  /** Certificate chain and private key as PEM; plain HTTP unless given. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Called once, when it listens. */
  readonly onListen?:
    | ((address: { readonly host: string; readonly port: number }) => void)
    | undefined;
}

/** Files the server itself may need at once; a runtime that can open none when it loads code ends. */
const SPARE_FILES = 16;
/** How often it is looked whether they are to be had, in milliseconds. */
const LOOK = 1_000;
/** Pause before listening again after too many open connections, in milliseconds. */
const PAUSE = 200;
/** How often listening again is tried, about a minute. */
const MAX_TRIES = 300;

/** Listens on one address. */
export class HttpListener {
  readonly #options: ListenerOptions;
  readonly #handler: Deno.ServeHandler<Deno.NetAddr>;
  #server: Deno.HttpServer<Deno.NetAddr>;
  #port: number;
  #isAnnounced = false;

  /**
   * Begins to listen.
   *
   * @param options Where
   * @param handler Answers requests
   * @throws {KairosError} `io` when the address is taken; `invalid` for a certificate or key that is none
   */
  constructor(options: ListenerOptions, handler: Deno.ServeHandler<Deno.NetAddr>) {
    this.#options = options;
    this.#handler = handler;
    this.#port = options.port;
    this.#server = this.#listen();
  }

  /**
   * Goes on listening until it is not wanted any more. When there are nearly as many connections as the
   * system allows, those on which no answer is due are closed, begun requests included: whoever holds
   * all of them keeps neither other clients out nor the server from its own files.
   *
   * @param stopped Fulfilled then
   */
  async until(stopped: Promise<"stop">): Promise<void> {
    while (await this.#end(stopped) !== "stop") {
      void this.shutdown();
      this.#server = await this.#listenAgain(stopped) ?? this.#server;
    }
  }

  /**
   * Takes no more connections.
   *
   * @returns When the requests there are have been answered
   */
  shutdown(): Promise<void> {
    return this.#server.shutdown().catch(() => {});
  }

  /** Waits for the wish to stop, or until there are too many connections. */
  async #end(stopped: Promise<"stop">): Promise<"stop" | "full"> {
    const full = Promise.withResolvers<"full">();
    const timer = setInterval(() => {
      if (!canOpenFiles(SPARE_FILES)) full.resolve("full");
    }, LOOK);
    try {
      return await Promise.race([stopped, failureOf(this.#server), full.promise]);
    } finally {
      clearInterval(timer);
    }
  }

  /** Tries to listen again until it works; no server once the wish to stop is there. */
  async #listenAgain(stopped: Promise<"stop">): Promise<Deno.HttpServer<Deno.NetAddr> | null> {
    for (let tries = 0;;) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const pause = new Promise<"again">((resolve) => {
        timer = setTimeout(() => resolve("again"), PAUSE);
      });
      const outcome = await Promise.race([stopped, pause]);
      clearTimeout(timer);
      if (outcome === "stop") return null;
      if (!canOpenFiles(SPARE_FILES)) continue;
      try {
        return this.#listen();
      } catch (error) {
        if (++tries >= MAX_TRIES) throw error;
      }
    }
  }

  #listen(): Deno.HttpServer<Deno.NetAddr> {
    const { host, tls, onListen } = this.#options;
    const options = {
      hostname: host.replace(/^\[|\]$/g, ""),
      port: this.#port,
      onListen: ({ hostname, port }: Deno.NetAddr) => {
        if (!this.#isAnnounced) onListen?.({ host: hostname, port });
        this.#isAnnounced = true;
        this.#port = port;
      },
    };
    try {
      return Deno.serve(tls === undefined ? options : { ...options, ...tls }, this.#handler);
    } catch (cause) {
      const error = asKairosError(cause, `Cannot listen on port ${this.#port}`);
      if (tls === undefined || error.code !== "internal") throw error;
      throw new KairosError("invalid", "Cannot use the TLS certificate or its key", {
        hint: "Give a certificate chain and the private key that goes with it, both as PEM",
        cause,
      });
    }
  }
}

/** Fulfilled when a server ends by itself, as it does when no connection can be taken. */
function failureOf(server: Deno.HttpServer): Promise<"full"> {
  return server.finished.then(() => "full", () => "full");
}
