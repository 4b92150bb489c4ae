/**
 * An endpoint with sessions whose time goes by hand, and requests to it, for tests.
 *
 * @module
 */

import assert from "node:assert/strict";
import { inputRequired, inputResponse, McpServer } from "@modelcontextprotocol/server";
import {
  type McpEndpoint,
  mcpEndpoint,
  type McpEndpointOptions,
} from "../../server/http/mcp_endpoint.ts";

/** Address of the endpoint. */
export const ENDPOINT = "http://127.0.0.1/mcp";
/** What a message is sent with. */
export const HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};
/** Asks for a session. */
export const INITIALIZE = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: { elicitation: {} },
    clientInfo: { name: "test", version: "1" },
  },
};
/** Asks for nothing. */
export const PING = { jsonrpc: "2.0", id: 1, method: "ping" };

/** Headers by name. */
export type Headers = Readonly<Record<string, string>>;

/** A message. */
export const post = (body: unknown, headers: Headers = {}): Request =>
  new Request(ENDPOINT, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { ...HEADERS, ...headers },
  });
/** The wish for the stream of a session. */
export const get = (headers: Headers): Request =>
  new Request(ENDPOINT, { headers: { accept: "text/event-stream", ...headers } });
/** The end of a session. */
export const remove = (headers: Headers): Request =>
  new Request(ENDPOINT, { method: "DELETE", headers });
/** A call of a tool. */
export const call = (name: string): Readonly<Record<string, unknown>> => ({
  jsonrpc: "2.0",
  id: 7,
  method: "tools/call",
  params: { name },
});

/** The messages of an event stream. */
export interface Messages {
  /** The next one, `null` at the end. */
  // deno-lint-ignore no-explicit-any
  next(): Promise<any>;
  /** Goes away. */
  cancel(): Promise<void>;
}

/** Gives the messages of an event stream one by one. */
export function messages(response: Response): Messages {
  assert.equal(response.status, 200);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async next() {
      for (;;) {
        const event = /data: (.*)\n\n/.exec(text);
        if (event !== null) {
          text = text.slice(event.index + event[0].length);
          return JSON.parse(event[1]!);
        }
        const { value, done } = await reader.read();
        if (done) return null;
        text += value;
      }
    },
    cancel: () => reader.cancel(),
  };
}

/** A clock and a timer that go by hand. */
export class Time {
  now = 0;
  #timers: { at: number; run: () => void }[] = [];
  readonly clock = (): number => this.now;
  readonly after = (milliseconds: number, run: () => void): () => void => {
    const timer = { at: this.now + milliseconds, run };
    this.#timers.push(timer);
    return () => this.#timers = this.#timers.filter((one) => one !== timer);
  };

  get timers(): number {
    return this.#timers.length;
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
    const due = this.#timers.filter(({ at }) => at <= this.now);
    this.#timers = this.#timers.filter(({ at }) => at > this.now);
    for (const { run } of due) run();
  }
}

/** An endpoint and the servers it has made. */
export interface Stage {
  readonly mcp: McpEndpoint;
  readonly time: Time;
  /** How many servers were closed. */
  readonly closed: () => number;
  /** Lets the tool `wait` answer. */
  readonly release: () => void;
  /** Tells every server's client that the list of tools has changed. */
  readonly notify: () => void;
  /** Opens a session and gives its headers. */
  readonly open: (headers?: Headers) => Promise<Headers>;
}

/**
 * Runs a test with an endpoint, whose sessions live a second of its own time.
 *
 * @param test Gets the stage
 * @param options Of the endpoint
 */
export async function withStage(
  test: (stage: Stage) => Promise<void>,
  options: Partial<McpEndpointOptions> = {},
): Promise<void> {
  const time = new Time();
  const waiting = Promise.withResolvers<void>();
  const servers: McpServer[] = [];
  let closed = 0;
  const mcp = mcpEndpoint({
    maxBytes: 100_000,
    timeout: 30_000,
    factory: () => {
      const server = new McpServer({ name: "stage", version: "1" }, {
        capabilities: { tools: { listChanged: true } },
      });
      server.registerTool("wait", {}, async () => {
        await waiting.promise;
        return { content: [{ type: "text", text: "waited" }] };
      });
      server.registerTool("ask", {}, ({ mcpReq }) => {
        const answer = inputResponse(mcpReq.inputResponses, "sure");
        if (answer.kind === "elicit") return { content: [{ type: "text", text: answer.action }] };
        const sure = inputRequired.elicit({
          message: "Sure?",
          requestedSchema: { type: "object", properties: {} },
        });
        return inputRequired({ inputRequests: { sure } });
      });
      server.server.onclose = () => void closed++;
      servers.push(server);
      return server;
    },
    ...options,
    sessions: { idleTime: 1000, clock: time.clock, after: time.after, ...options.sessions },
  });
  const open = async (headers: Headers = {}) => {
    const response = await mcp.fetch(post(INITIALIZE, headers));
    await response.text();
    const id = response.headers.get("mcp-session-id");
    assert.ok(id !== null, `${response.status}`);
    return { ...headers, "mcp-session-id": id };
  };
  const notify = () =>
    servers.forEach((server) => server.isConnected() && server.sendToolListChanged());
  try {
    await test({ mcp, time, open, notify, closed: () => closed, release: waiting.resolve });
  } finally {
    waiting.resolve();
    await mcp.close();
  }
  assert.equal(time.timers, 0, "no timer is left");
}

/** Status of the answer to a request, which is read to its end. */
export async function statusOf(mcp: McpEndpoint, request: Request): Promise<number> {
  const response = await mcp.fetch(request);
  await response.text();
  return response.status;
}
