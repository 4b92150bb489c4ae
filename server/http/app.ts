/**
 * The HTTP application: options in, a function from request to response out.
 *
 * @module
 */

import { Hono } from "hono";
import type { Actor } from "../../core/actor.ts";
import { asKairosError, ERROR_MEANINGS, KairosError } from "../../core/errors.ts";
import type { Instance } from "../../core/instance.ts";
import { mcpFactory } from "../mcp/factory.ts";
import { Notices } from "../mcp/notices.ts";
import { readVerifyStatus, type VerifyStatus } from "../verify_status.ts";
import { InFlight, type Sending } from "./in_flight.ts";
import { type MeetingDoor, meetingDoor } from "./meeting_door.ts";
import { foreignRequest } from "./loopback.ts";
import { mcpEndpoint, type McpEndpointOptions } from "./mcp_endpoint.ts";
import { errorReply, methodReply, reply } from "./reply.ts";

/** What the application needs. */
export interface AppOptions {
  /** The instance. */
  readonly instance: Instance;
  /** Who acts, such as `http:local`. */
  readonly actor: Actor;
  /** Version of kairos. */
  readonly version: string;
  /** The last verification of the chain; what is on disk unless given. */
  readonly lastVerify?: () => VerifyStatus | null;
  /** Longest time for a body in milliseconds; 30 s unless given. */
  readonly bodyTimeout?: number;
  /** Most requests at once; 256 unless given. */
  readonly maxInFlight?: number;
  /** Tells clients of changes, once somebody starts it. */
  readonly notices?: Notices;
  /** What answers other instances; a door of its own unless given. */
  readonly meeting?: MeetingDoor;
  /** What answers MCP; kairos itself unless given. */
  readonly mcp?: Partial<Pick<McpEndpointOptions, "factory" | "bus" | "sessions">>;
}

/** The application. */
export interface HttpApp {
  /** Answers a request; `env` is where it comes from, as the HTTP server says it. */
  readonly fetch: (request: Request, env?: Sending) => Promise<Response>;
  /** Ends what is still going on. */
  readonly close: () => Promise<void>;
}

const BODY_TIMEOUT = 30_000;
const MAX_IN_FLIGHT = 256;
/** How long requests may take to finish before their connections are ended, in milliseconds. */
const FINISH = 2_000;

/**
 * Makes the application.
 *
 * @param options Instance, actor, bounds
 * @returns The application; nothing listens yet
 */
export function createApp(options: AppOptions): HttpApp {
  const { instance, actor, version } = options;
  const { store, config, root } = instance;
  const notices = options.notices ?? new Notices(instance);
  const inFlight = new InFlight(options.maxInFlight ?? MAX_IN_FLIGHT);
  const mcp = mcpEndpoint({
    factory: mcpFactory(instance, { actor, version }),
    maxBytes: config["limits.request_bytes"],
    timeout: options.bodyTimeout ?? BODY_TIMEOUT,
    principalOf: () => actor.principal,
    bus: notices.bus,
    // Another factory has its own ways.
    onSession: options.mcp?.factory === undefined
      ? (server, ready) => notices.attach(server, { era: "legacy", ready })
      : undefined,
    ...options.mcp,
  });
  const lastVerify = options.lastVerify ?? (() => readVerifyStatus(store.disk, root));
  const meeting = options.meeting ?? meetingDoor(instance);
  const app = new Hono<{ Bindings: Sending }>();

  app.all("/mcp", async (c) => {
    const request = c.req.raw;
    // A session's stream for notices stays open and does nothing: bounded with the sessions.
    if (request.method === "GET") return await mcp.fetch(request);
    const response = await inFlight.run(() => mcp.fetch(request, c.env), c.env);
    return response ?? errorReply(503, "busy", "Too many requests at once", {
      hint: "Try again in a moment",
      headers: { "retry-after": "1" },
    });
  });

  app.all("/meeting/*", (c) => meeting.fetch(c.req.raw, c.env));

  app.all("/health", (c) => {
    const { method } = c.req.raw;
    if (method !== "GET" && method !== "HEAD") return methodReply(method, "GET, HEAD, OPTIONS");
    const { state, length } = store.ledger.head();
    return reply({
      status: "ok",
      server: "kairos",
      version,
      transport: "streamable-http",
      height: length,
      state,
      last_verify: lastVerify(),
    });
  });

  app.notFound(() =>
    errorReply(404, "not_found", "There is nothing at this path", {
      hint: "Paths: /mcp, /meeting/v1, /health",
    })
  );

  app.onError((thrown) => {
    const error = thrown instanceof KairosError
      ? thrown
      : asKairosError(thrown, "Cannot answer the request");
    const { http } = ERROR_MEANINGS[error.code];
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return errorReply(http, error.code, error.message, hint);
  });

  const close = async () => {
    // Ending the endpoint ends its streams and whatever is still being answered with them.
    await inFlight.idle(FINISH);
    await mcp.close();
    await meeting.close();
  };
  return { fetch: guarded((request, env) => app.fetch(request, env)), close };
}

/**
 * Keeps foreign requests away from an application. Around it and not within, because a middleware takes
 * time for each request.
 */
function guarded(
  answer: (request: Request, env?: Sending) => Response | Promise<Response>,
): HttpApp["fetch"] {
  return async (request, env) => {
    const foreign = foreignRequest(request);
    if (foreign === null) return await answer(request, env);
    return errorReply(403, "refused", `The ${foreign} header is not one of this machine`, {
      hint: "Call from this machine, by 127.0.0.1, [::1] or localhost",
    });
  };
}
