/**
 * The HTTP server.
 *
 * @module
 */

import type { Actor } from "../../core/actor.ts";
import { asKairosError, KairosError } from "../../core/errors.ts";
import type { Instance } from "../../core/instance.ts";
import { quote } from "../../core/text.ts";
import { startBackgroundVerify } from "../background_verify.ts";
import { Notices } from "../mcp/notices.ts";
import { stopSignal } from "../stop_signal.ts";
import { createApp } from "./app.ts";
import { isLoopback } from "./loopback.ts";

/** How the server runs. */
export interface HttpOptions {
  /** The instance. */
  readonly instance: Instance;
  /** A loopback address or `localhost`. */
  readonly host: string;
  /** TCP port; 0 for any free one. */
  readonly port: number;
  /** Version of kairos. */
  readonly version: string;
  /** Who acts, such as `http:local`. */
  readonly actor: Actor;
  /** Asks the server to stop, beside SIGINT and SIGTERM. */
  readonly signal?: AbortSignal;
  /** Called when the server listens. */
  readonly onListen?: (address: { readonly host: string; readonly port: number }) => void;
}

/** How long requests in flight may take after the wish to stop, in milliseconds. */
const GRACE = 5_000;
/** Pause before listening again after too many open connections, in milliseconds. */
const PAUSE = 200;
/** How often listening again is tried, about a minute. */
const MAX_TRIES = 300;

/**
 * Serves until somebody asks to stop, also when more connections are opened for a while than the
 * system allows. Then no connection is taken any more and requests in flight are
 * finished, for at most five seconds.
 *
 * @param options Instance, address, actor
 * @returns When everything is finished
 * @throws {KairosError} `refused` for an address that is not this machine's own, `io` when it is taken
 */
export async function serveHttp(options: HttpOptions): Promise<void> {
  const { instance, actor, version, onListen } = options;
  checkHost(options.host);
  using stop = stopSignal(options.signal);
  if (stop.signal.aborted) return;
  const verify = startBackgroundVerify(instance);
  const notices = new Notices(instance);
  const { app, close } = createApp({ instance, actor, version, notices, lastVerify: verify.last });
  const stopped = new Promise<"stop">((resolve) => {
    stop.signal.addEventListener("abort", () => resolve("stop"), { once: true });
  });
  let { port } = options;
  let isAnnounced = false;
  let isAnswering = false;
  const start = () =>
    listen({
      hostname: options.host.replace(/^\[|\]$/g, ""),
      port,
      onListen: (address) => {
        if (!isAnnounced) onListen?.({ host: address.hostname, port: address.port });
        isAnnounced = true;
        port = address.port;
      },
    }, async (request) => {
      const response = await app.fetch(request);
      // When the answer is on its way.
      if (!isAnswering) setTimeout(() => notices.start(), 0);
      isAnswering = true;
      return response;
    });
  try {
    let server = start();
    while (await Promise.race([stopped, failureOf(server)]) !== "stop") {
      server = await startAgain(start, stopped) ?? server;
    }
    await finish(server, close);
  } finally {
    await notices.stop();
    await verify.stop();
    await (await instance.state()).afterChange(actor, { ends: true });
  }
}

/** Takes no more connections and finishes requests; who keeps us waiting too long is left behind. */
async function finish(
  server: Deno.HttpServer<Deno.NetAddr>,
  close: () => Promise<void>,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GRACE);
  });
  const finished = Promise.all([server.shutdown().catch(() => {}), close()]);
  await Promise.race([finished, late]);
  clearTimeout(timer);
}

/** Fulfilled when a server ends by itself, as it does when no connection can be taken. */
function failureOf(server: Deno.HttpServer): Promise<"failed"> {
  return server.finished.then(() => "failed", () => "failed");
}

/** Tries to listen again until it works; no server once the wish to stop is there. */
async function startAgain(
  start: () => Deno.HttpServer<Deno.NetAddr>,
  stopped: Promise<"stop">,
): Promise<Deno.HttpServer<Deno.NetAddr> | null> {
  for (let tries = 1;; tries++) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const pause = new Promise<"again">((resolve) => {
      timer = setTimeout(() => resolve("again"), PAUSE);
    });
    const outcome = await Promise.race([stopped, pause]);
    clearTimeout(timer);
    if (outcome === "stop") return null;
    try {
      return start();
    } catch (error) {
      if (tries >= MAX_TRIES) throw error;
    }
  }
}

function listen(
  options: Deno.ServeTcpOptions,
  handler: Deno.ServeHandler<Deno.NetAddr>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve(options, handler);
  } catch (error) {
    throw asKairosError(error, `Cannot listen on port ${options.port}`);
  }
}

function checkHost(host: string): void {
  if (isLoopback(host)) return;
  throw new KairosError("refused", `Cannot listen on ${quote(host)}: other machines can reach it`, {
    hint: "Use 127.0.0.1, ::1 or localhost (http.host in skills/config.yml): requests are not " +
      "authenticated, so only this machine may make them",
  });
}
