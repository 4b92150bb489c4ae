import assert from "node:assert/strict";
import { count } from "../counts.ts";
import { kairosArgs, withDataDir, withHttpServer } from "./mcp_process.ts";

/** Most memory for what the server keeps, in MiB: one that keeps what clients leave ends itself. */
const HEAP = 64;
/** Connections opened at the same time, so that none waits for long. */
const AT_ONCE = 50;
/** How much more memory the server may have afterwards, in bytes. */
const MORE_MEMORY = 96 * 2 ** 20;

const JSON_HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};
const LIST = { jsonrpc: "2.0", id: 1, method: "tools/list" };
const INITIALIZE = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  },
};
const LISTEN = {
  jsonrpc: "2.0",
  id: 2,
  method: "subscriptions/listen",
  params: {
    notifications: { toolsListChanged: true, resourcesListChanged: true },
    _meta: {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  },
};
const LISTEN_HEADERS = {
  "mcp-protocol-version": "2026-07-28",
  "mcp-method": "subscriptions/listen",
};

type Headers = Readonly<Record<string, string>>;

/** The text of a request. */
function requestText(method: string, path: string, headers: Headers = {}, body = ""): string {
  const all: Headers = { host: "localhost", "content-length": `${body.length}`, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `${method} ${path} HTTP/1.1\r\n${lines}\r\n${body}`;
}

const postText = (message: unknown, headers: Headers = {}) =>
  requestText("POST", "/mcp", { ...JSON_HEADERS, ...headers }, JSON.stringify(message));

/** Opens a connection and sends a text; waits for the first bytes of an answer if there is one. */
async function connect(url: string, text: string, answer: "answer" | "none"): Promise<Deno.Conn> {
  const { port, hostname } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(text));
  if (answer === "answer") await connection.read(new Uint8Array(64));
  return connection;
}

/** Runs something many times, some at once. */
async function repeat<T>(times: number, run: (nth: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  while (results.length < times) {
    const next = Math.min(AT_ONCE, times - results.length);
    const from = results.length;
    results.push(
      ...await Promise.all(Array.from({ length: next }, (_, at) => run(from + at))),
    );
  }
  return results;
}

const post = (url: string, message: unknown, headers: Headers = {}) =>
  fetch(url, {
    method: "POST",
    body: JSON.stringify(message),
    headers: { ...JSON_HEADERS, ...headers },
  });

/** Starts the server with little memory. */
function withSmallServer(test: (url: string, pid: number) => Promise<void>): Promise<void> {
  return withDataDir((root) => {
    const [run, ...others] = kairosArgs("serve", "--http", "--port", "0", "--data-dir", root);
    const args = [run!, `--v8-flags=--max-old-space-size=${HEAP}`, ...others];
    return withHttpServer(root, test, { command: Deno.execPath(), args });
  });
}

/** Whether the server answers what it is for, in both eras, and how much memory it has. */
async function check(url: string, pid: number): Promise<number | null> {
  const health = await fetch(new URL("/health", url));
  assert.equal((await health.json()).status, "ok");
  const list = await post(url, LIST);
  assert.match(await list.text(), /knowledge_get/);
  const opened = await post(url, INITIALIZE);
  await opened.text();
  const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  const listed = await post(url, LIST, session);
  assert.match(await listed.text(), /knowledge_get/);
  const ended = await fetch(url, { method: "DELETE", headers: session });
  assert.equal(ended.status, 200);
  await ended.body?.cancel();
  if (Deno.build.os !== "linux") return null;
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
}

/** Fails when the memory has grown by more than it may. */
function checkMemory(before: number | null, after: number | null): void {
  if (before === null || after === null) return;
  const more = Math.round((after - before) / 2 ** 20);
  assert.ok(after - before < MORE_MEMORY, `the server has ${more} MiB more than before`);
}

Deno.test("kairos serve --http answers beside connections that are opened and left", async () => {
  await withSmallServer(async (url, pid) => {
    const before = await check(url, pid);
    const kinds: readonly [text: string, answer: "answer" | "none"][] = [
      ["", "none"],
      ["POST /mcp HTTP/1.1\r\nHost: loc", "none"],
      [requestText("GET", "/health"), "answer"],
      [postText(LIST), "answer"],
    ];
    const connections = await repeat(count("idleConnections"), (nth) => {
      return connect(url, ...kinds[nth % kinds.length]!);
    });
    try {
      checkMemory(before, await check(url, pid));
    } finally {
      for (const connection of connections) connection.close();
    }
    checkMemory(before, await check(url, pid));
  });
});

Deno.test("kairos serve --http gives back what clients held that went away", async () => {
  await withSmallServer(async (url, pid) => {
    const before = await check(url, pid);
    const openStream = async () => {
      const opened = await post(url, INITIALIZE);
      await opened.text();
      const session = opened.headers.get("mcp-session-id");
      assert.ok(session !== null, `${opened.status}`);
      const headers = { accept: "text/event-stream", "mcp-session-id": session };
      return await connect(url, requestText("GET", "/mcp", headers), "answer");
    };
    const kinds: readonly (() => Promise<Deno.Conn>)[] = [
      () => connect(url, postText(LIST), "none"),
      () => connect(url, postText(LIST).slice(0, -10), "none"),
      () => connect(url, postText(LISTEN, LISTEN_HEADERS), "answer"),
      openStream,
    ];
    await repeat(count("vanishingClients"), async (nth) => {
      const connection = await kinds[nth % kinds.length]!();
      connection.close();
    });
    checkMemory(before, await check(url, pid));
    const listening = await post(url, LISTEN, LISTEN_HEADERS);
    const { value } = await listening.body!.pipeThrough(new TextDecoderStream()).getReader()
      .read();
    assert.doesNotMatch(value ?? "", /limit reached/);
  });
});
