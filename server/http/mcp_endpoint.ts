/**
 * The MCP endpoint: guards the body, then hands the message on.
 *
 * @module
 */

import {
  createMcpHandler,
  isInitializeRequest,
  isLegacyRequest,
  type McpServerFactory,
  type ServerEventBus,
} from "@modelcontextprotocol/server";
import { Deadline } from "../../core/deadline.ts";
import { type BodyLimits, readBody } from "../../core/read_body.ts";
import type { McpContext } from "../mcp/factory.ts";
import { INVALID_REQUEST, NO_BATCHES, PARSE_ERROR, rpcError } from "../mcp/rpc_error.ts";
import { isListen, MAX_LISTENING, refuseListen } from "../mcp/listen_limit.ts";
import { boundedBody } from "./bounded_body.ts";
import type { Sending } from "./in_flight.ts";
import { errorReply, methodReply, rpcReply } from "./reply.ts";
import { Sessions, type SessionsOptions } from "./sessions.ts";

/** What the endpoint needs. */
export interface McpEndpointOptions {
  /** Most bytes of a body. */
  readonly maxBytes: number;
  /** Longest time for a body in milliseconds. */
  readonly timeout: number;
  /**
   * Makes a server for each request, and one for each session of an older client; for a call of a tool it
   * is told so, as most requests are one and need nothing else of a server.
   */
  readonly factory: (context: McpContext) => ReturnType<McpServerFactory>;
  /** Where changes are told that newer clients listen to; sessions hear of them by the factory. */
  readonly bus?: ServerEventBus;
  /** Called with the server of each new session; see `Sessions`. */
  readonly onSession?: SessionsOptions["onOpen"] | undefined;
  /** Who makes a request; always the same one unless given. */
  readonly principalOf?: SessionsOptions["principalOf"];
  /** Bounds of the sessions. */
  readonly sessions?: Omit<SessionsOptions, "factory" | "principalOf" | "onOpen">;
}

/** The endpoint. */
export interface McpEndpoint {
  /** Answers a request; `sending` tells when the answer has been sent, where that is known. */
  fetch(request: Request, sending?: Sending): Promise<Response>;
  /** Ends what is still going on. */
  close(): Promise<void>;
}

const ALLOW = "GET, POST, DELETE, OPTIONS";
/** What there is without a session. */
const ALLOW_ALONE = "POST, OPTIONS";
const CALL = "tools/call";
const SESSION = "mcp-session-id";
/** Refuses what is no UTF-8. */
const UTF8 = new TextDecoder("utf-8", { fatal: true });
/** Pieces of news that wait for a client that does not read them; then its stream ends. */
const MAX_UNREAD = 1000;

/**
 * Makes the endpoint.
 *
 * @param options Factory and bounds
 * @returns The endpoint, for clients of all protocol versions: older ones get a session when they
 *   send `initialize`, and are served without one when they do not
 */
export function mcpEndpoint(options: McpEndpointOptions): McpEndpoint {
  const { factory, bus, onSession, principalOf = () => "" } = options;
  const deadline = new Deadline(options.timeout);
  const limits = { maxBytes: options.maxBytes, deadline };
  const handler = createMcpHandler(factory, {
    maxSubscriptions: MAX_LISTENING,
    ...(bus === undefined ? {} : { bus }),
  });
  const calls = createMcpHandler((context) => factory({ ...context, method: CALL }));
  const onOpen = onSession === undefined ? {} : { onOpen: onSession };
  const sessions = new Sessions({ ...options.sessions, ...onOpen, factory, principalOf });
  return {
    fetch: async (request, sending) => {
      const { method } = request;
      const session = request.headers.get(SESSION);
      if (method === "GET" || method === "DELETE") {
        if (session !== null) return await sessions.serve(session, request);
        const response = await handler.fetch(request);
        response.headers.set("allow", ALLOW_ALONE);
        return response;
      }
      if (method !== "POST") return methodReply(method, ALLOW);
      const message = await readMessage(request, limits);
      if (message instanceof Response) return message;
      const { body } = message;
      const needsSession = session !== null || isInitialize(body);
      if (needsSession && await isLegacyRequest(request, body)) {
        return session === null
          ? await sessions.open(request, body)
          : await sessions.serve(session, request, body, sending);
      }
      if (methodOf(body) === CALL) return await calls.fetch(request, { parsedBody: body });
      const response = await handler.fetch(request, { parsedBody: body });
      return isListen(body) ? boundedBody(response, MAX_UNREAD) : response;
    },
    close: async () => {
      await Promise.all([handler.close(), calls.close(), sessions.close()]);
      deadline[Symbol.dispose]();
    },
  };
}

/** Whether a message asks for a session; only older clients send it. */
function isInitialize(body: unknown): boolean {
  return methodOf(body) === "initialize" && isInitializeRequest(body);
}

function methodOf(body: unknown): unknown {
  return body !== null && typeof body === "object" && "method" in body ? body.method : undefined;
}

/** The message in a body, or the answer to what is none. */
async function readMessage(
  request: Request,
  limits: BodyLimits,
): Promise<{ body: unknown } | Response> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json[ \t]*(?:;|$)/i.test(type)) {
    return errorReply(415, "unsupported_media_type", "The body must be application/json", {
      hint: "Send the header Content-Type: application/json",
    });
  }
  const [, charset = "utf-8"] = /;[ \t]*charset=([^;]*)/i.exec(type) ?? [];
  if (!/^"?utf-?8"?[ \t]*$/i.test(charset)) {
    return errorReply(415, "unsupported_media_type", "The body must be UTF-8", {
      hint: "Send the header Content-Type: application/json; charset=utf-8",
    });
  }
  if ((request.headers.get("content-encoding") ?? "identity").toLowerCase() !== "identity") {
    return errorReply(415, "unsupported_media_type", "The body must not be compressed", {
      hint: "Send it without Content-Encoding",
    });
  }
  const bytes = await readBody(request, limits);
  if (bytes === "timeout") {
    return errorReply(408, "timeout", "The body did not come in time", {
      headers: { connection: "close" },
    });
  }
  try {
    const body: unknown = JSON.parse(UTF8.decode(bytes));
    if (Array.isArray(body)) return rpcReply(rpcError(INVALID_REQUEST, NO_BATCHES));
    const refusal = refuseListen(body);
    return refusal === null ? { body } : rpcReply(refusal);
  } catch {
    return rpcReply(rpcError(PARSE_ERROR, "Cannot read the message: it is no JSON"));
  }
}
