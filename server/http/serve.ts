/**
 * The HTTP server.
 *
 * @module
 */

import type { Actor } from "../../core/actor.ts";
import { KairosError } from "../../core/errors.ts";
import type { Instance } from "../../core/instance.ts";
import { quote } from "../../core/text.ts";
import { refuse, refuseWith, send } from "../../mmp/router/reply.ts";
import { startBackgroundVerify } from "../background_verify.ts";
import { startFreeingMemory } from "../free_memory.ts";
import { Notices } from "../mcp/notices.ts";
import { stopSignal } from "../stop_signal.ts";
import { createApp } from "./app.ts";
import { HttpListener, type ListenerOptions } from "./http_listener.ts";
import { isLoopback } from "./loopback.ts";
import { type MeetingDoor, meetingDoor } from "./meeting_door.ts";

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
  /** A listener of its own for other instances; it may be reachable from anywhere. */
  readonly peers?: ListenerOptions | undefined;
}

/** How long requests in flight may take after the wish to stop, in milliseconds. */
const GRACE = 5_000;

/**
 * Serves until somebody asks to stop, also when more connections are opened for a while than the
 * system allows. Then no connection is taken any more and requests in flight are
 * finished, for at most five seconds.
 *
 * @param options Instance, addresses, actor
 * @returns When everything is finished
 * @throws {KairosError} `refused` for an address that is not this machine's own, `io` when it is taken,
 *   `invalid` for a certificate that cannot be used
 */
export async function serveHttp(options: HttpOptions): Promise<void> {
  const { instance, actor, version, host, port, onListen, peers } = options;
  checkHost(host);
  using stop = stopSignal(options.signal);
  if (stop.signal.aborted) return;
  using _memory = startFreeingMemory();
  const verify = startBackgroundVerify(instance);
  const notices = new Notices(instance);
  const meeting = meetingDoor(instance);
  const app = createApp({
    instance,
    actor,
    version,
    notices,
    meeting,
    lastVerify: verify.last,
  });
  const stopped = new Promise<"stop">((resolve) => {
    stop.signal.addEventListener("abort", () => resolve("stop"), { once: true });
  });
  let isAnswering = false;
  // When the first answer is on its way.
  const onAnswer = () => {
    if (!isAnswering) setTimeout(() => notices.start(), 0);
    isAnswering = true;
  };
  const listeners: HttpListener[] = [];
  try {
    listeners.push(
      new HttpListener({ host, port, onListen }, async (request, info) => {
        const response = await app.fetch(request, info);
        onAnswer();
        return response;
      }),
    );
    if (peers !== undefined) {
      listeners.push(new HttpListener(peers, peersHandler(meeting, onAnswer)));
    }
    loadAhead(peers !== undefined);
    await Promise.all(listeners.map((listener) => listener.until(stopped)));
  } finally {
    await finish(listeners, app.close);
    await notices.stop();
    await verify.stop();
    await (await instance.state()).afterChange(actor, { ends: true });
  }
}

/**
 * Loads what the server will need without being asked, and what other instances may ask for. While
 * somebody holds all connections there may be, nothing can be loaded any more.
 */
function loadAhead(hasPeers: boolean): void {
  const own = [
    import("../patient_audit.ts"),
    import("../../core/index/follow.ts"),
    import("../../core/state/state.ts"),
  ];
  const others = hasPeers
    ? [
      import("../../mmp/meeting.ts"),
      import("../../mmp/router/app.ts"),
      import("../../core/skillset/manager.ts"),
    ]
    : [];
  // What cannot be loaded says so where it is needed.
  Promise.all<unknown>([...own, ...others]).catch(() => {});
}

/** What other instances reach: nothing but meetings. Whatever strangers send, nothing is thrown. */
function peersHandler(
  meeting: MeetingDoor,
  onAnswer: () => void,
): Deno.ServeHandler<Deno.NetAddr> {
  return async (request, info) => {
    // Host, which is part of the address, may be anything.
    const url = URL.parse(request.url);
    if (url === null) {
      return send(refuseWith(400, "invalid_request", "Cannot read the address of the request"));
    }
    if (!url.pathname.startsWith("/meeting/")) {
      const where = "Endpoint not found. Use /meeting/v1/introduce.";
      return send(refuseWith(404, "not_found", where));
    }
    try {
      const response = await meeting.fetch(request, info);
      onAnswer();
      return response;
    } catch {
      // The runtime would print it, as often as a stranger asks.
      return send(refuse("internal_error"));
    }
  };
}

/** Takes no more connections and finishes requests; who keeps us waiting too long is left behind. */
async function finish(
  listeners: readonly HttpListener[],
  close: () => Promise<void>,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GRACE);
  });
  const finished = Promise.all([...listeners.map((listener) => listener.shutdown()), close()]);
  await Promise.race([finished, late]);
  clearTimeout(timer);
}

function checkHost(host: string): void {
  if (isLoopback(host)) return;
  throw new KairosError("refused", `Cannot listen on ${quote(host)}: other machines can reach it`, {
    hint: "Use 127.0.0.1, ::1 or localhost (http.host in skills/config.yml): requests are not " +
      "authenticated, so only this machine may make them",
  });
}
