/**
 * Sessions of older clients: kept, bounded, ended when nobody uses them.
 *
 * A session lets the server ask the client and send it notices, which a single request cannot.
 * Newer clients need none.
 *
 * @module
 */

import {
  type JSONRPCMessage,
  type McpServer,
  type McpServerFactory,
  type RequestId,
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { rpcError } from "../mcp/rpc_error.ts";
import { errorReply, reply } from "./reply.ts";
import type { Sending } from "./in_flight.ts";
import { watchBody } from "./watch_body.ts";

/** What sessions need. */
export interface SessionsOptions {
  /** Makes a server for each session. */
  readonly factory: McpServerFactory;
  /**
   * Called with the server of each new session, before it is connected.
   *
   * @param server The server
   * @param ready Fulfilled when the client reads notices; with `false` when the session has ended
   */
  readonly onOpen?: (server: McpServer | Server, ready: () => Promise<boolean>) => void;
  /** Who makes a request. A session serves only whom it was opened for. */
  readonly principalOf: (request: Request) => string;
  /** Most sessions at once; 128 unless given. */
  readonly most?: number;
  /** How long a session lives without being used, in milliseconds; 30 minutes unless given. */
  readonly idleTime?: number;
  /** Milliseconds since any moment; never runs backwards. */
  readonly clock?: () => number;
  /** Calls a function after some milliseconds, unless the function it returns is called before. */
  readonly after?: (milliseconds: number, run: () => void) => () => void;
}

/** One session. */
interface Session {
  readonly transport: SessionTransport;
  readonly principal: string;
  /** Requests that are being answered. */
  requests: number;
  /** Streams for notices that are open: one or none. */
  streams: number;
  /** When it was last used. */
  usedAt: number;
}

const MOST = 128;
const IDLE_TIME = 30 * 60_000;
/** Notices that wait for a client that does not read them; then its stream ends. */
const MAX_UNREAD = 1000;
/** So many may wait while there are more to come. */
const FEW_UNREAD = 16;
const NOT_FOUND = -32001;

/** The sessions of one endpoint. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #most: number;
  readonly #idleTime: number;
  readonly #clock: () => number;
  /** By id, the longest unused first. */
  readonly #open = new Map<string, Session>();
  #opening = 0;
  #isClosed = false;
  #cancelTimer: (() => void) | null = null;

  /** @param options Factory, principal, bounds */
  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#most = options.most ?? MOST;
    this.#idleTime = options.idleTime ?? IDLE_TIME;
    this.#clock = options.clock ?? (() => performance.now());
  }

  /** How many there are. */
  get count(): number {
    return this.#open.size;
  }

  /**
   * Opens a session.
   *
   * @param request What asks for it
   * @param body Its body, an `initialize` message
   * @returns The answer with the header `Mcp-Session-Id`; 503 when all sessions are busy
   */
  async open(request: Request, body: unknown): Promise<Response> {
    if (this.#isClosed || !this.#hasRoom()) {
      return errorReply(503, "busy", "Cannot open a session: there are too many", {
        hint: "End one with DELETE, or try again in a moment",
        headers: { "retry-after": "1" },
      });
    }
    this.#opening++;
    const transport = new SessionTransport((id) => this.#open.delete(id));
    let isKept = false;
    try {
      const server = await this.#options.factory({ era: "legacy", requestInfo: request });
      this.#options.onOpen?.(server, () => transport.ready());
      await server.connect(transport);
      const principal = this.#options.principalOf(request);
      const session = { transport, principal, requests: 0, streams: 0, usedAt: this.#clock() };
      const response = await this.#run(session, request, body);
      const id = transport.sessionId;
      if (id !== undefined && !this.#isClosed) {
        isKept = true;
        this.#open.set(id, session);
        this.#cancelTimer ??= this.#after(this.#idleTime);
      }
      return response;
    } finally {
      this.#opening--;
      if (!isKept) await transport.close();
    }
  }

  /**
   * Serves a request of a session: a message, the stream for notices, or the end of the session.
   *
   * @param id What the client says in `Mcp-Session-Id`
   * @param request The request
   * @param body Its body, if it is a message
   * @param sending Tells when its answer has been sent; its body is followed unless given
   * @returns The answer; 404 with a JSON-RPC error when there is no such session for this principal
   */
  async serve(
    id: string,
    request: Request,
    body?: unknown,
    sending?: Sending,
  ): Promise<Response> {
    const session = this.#open.get(id);
    const isTheirs = session !== undefined &&
      session.principal === this.#options.principalOf(request);
    if (isTheirs && this.#isIdle(session)) await this.#end(id, session);
    else if (isTheirs) return await this.#run(session, request, body, sending);
    const isMessage = body !== null && typeof body === "object";
    const asked = isMessage && "method" in body && "id" in body ? body.id : null;
    const why = "Cannot find the session: it has ended or is not yours; send initialize again";
    return reply(rpcError(NOT_FOUND, why, asked), { status: 404 });
  }

  /** Takes no session any more; ends those there are as soon as their requests are answered. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    for (const [id, session] of this.#open) {
      session.transport.closeStandaloneSSEStream();
      if (session.requests === 0) await this.#end(id, session);
    }
  }

  async #run(
    session: Session,
    request: Request,
    body: unknown,
    sending: Sending = {},
  ): Promise<Response> {
    const { transport } = session;
    const kind = request.method === "GET" ? "streams" : "requests";
    const ended = () => {
      session[kind]--;
      if (kind === "streams" && session.streams === 0) transport.isHeard = false;
      this.#touch(session);
      if (this.#isClosed && session.requests === 0) void transport.close();
    };
    session[kind]++;
    this.#touch(session);
    try {
      const response = await transport.handleRequest(request, { parsedBody: body });
      if (kind === "requests" || response.status !== 200) {
        const { completed } = sending;
        if (completed === undefined) return watchBody(response, { onEnd: ended });
        completed.then(ended, ended);
        return response;
      }
      transport.hear();
      return watchBody(response, { onEnd: ended, onRead: () => transport.take() });
    } catch (error) {
      ended();
      throw error;
    }
  }

  #touch(session: Session): void {
    session.usedAt = this.#clock();
    const id = session.transport.sessionId;
    // Deleted and set again, it is the last in the map.
    if (id !== undefined && this.#open.delete(id)) this.#open.set(id, session);
  }

  /** Nobody waits for its answer, nobody listens to it, and it was not used for long. */
  #isIdle(session: Session): boolean {
    return session.requests + session.streams === 0 &&
      this.#clock() - session.usedAt >= this.#idleTime;
  }

  /** Whether one more session may be opened; if need be, the longest unused one makes room. */
  #hasRoom(): boolean {
    if (this.#open.size + this.#opening < this.#most) return true;
    const open = [...this.#open];
    const unused = open.find(([, { requests, streams }]) => requests + streams === 0) ??
      open.find(([, { requests }]) => requests === 0);
    if (unused === undefined) return false;
    void this.#end(...unused);
    return true;
  }

  #end(id: string, { transport }: Session): Promise<void> {
    this.#open.delete(id);
    return transport.close();
  }

  /** Looks for idle sessions when the next one is due. */
  #after(milliseconds: number): () => void {
    return (this.#options.after ?? later)(milliseconds, () => {
      for (const [id, session] of this.#open) {
        if (this.#isIdle(session)) void this.#end(id, session);
      }
      const now = this.#clock();
      let next = this.#idleTime;
      for (const { requests, streams, usedAt } of this.#open.values()) {
        if (requests + streams === 0) next = Math.min(next, usedAt + this.#idleTime - now);
      }
      this.#cancelTimer = this.#open.size === 0 ? null : this.#after(next);
    });
  }
}

/** The transport of one session; does not keep notices for ever for a client that reads none. */
class SessionTransport extends WebStandardStreamableHTTPServerTransport {
  /** Whether the stream for notices is open. */
  isHeard = false;
  /** Notices on the stream that were not taken. */
  #unread = 0;
  #isClosed = false;
  #wake = () => {};

  constructor(onEnd: (id: string) => void) {
    super({ sessionIdGenerator: () => crypto.randomUUID(), onsessionclosed: onEnd });
  }

  override async send(
    message: JSONRPCMessage,
    options?: { relatedRequestId?: RequestId },
  ): Promise<void> {
    const isNotice = "method" in message && options?.relatedRequestId === undefined;
    if (isNotice && ++this.#unread > MAX_UNREAD) this.closeStandaloneSSEStream();
    await super.send(message, options);
  }

  override async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    await super.close();
  }

  /** The stream for notices has been opened. */
  hear(): void {
    this.isHeard = true;
    this.#unread = 0;
    this.#wake();
  }

  /** A piece of the stream has been taken. */
  take(): void {
    this.#unread--;
    this.#wake();
  }

  /** Waits until notices are read, for one who waits; `false` when they never will be. */
  async ready(): Promise<boolean> {
    while (!this.#isClosed && (!this.isHeard || this.#unread >= FEW_UNREAD)) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return !this.#isClosed;
  }
}

function later(milliseconds: number, run: () => void): () => void {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
}
