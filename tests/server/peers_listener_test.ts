import assert from "node:assert/strict";
import type { Instance } from "../../core/instance.ts";
import { serveHttp } from "../../server/http/serve.ts";
import { writeSettings } from "../mmp/meet.ts";
import { ACTOR, withInstance } from "../support/instance.ts";
import { until } from "../support/until.ts";

/** Serves with a listener for other instances, both on free ports. */
async function serving(
  test: (urls: { readonly own: string; readonly peers: string }) => Promise<void>,
  prepare: (instance: Instance) => void = () => {},
): Promise<void> {
  await withInstance(async (instance, root) => {
    await writeSettings(root, "enabled: true\n");
    prepare(instance);
    const stop = new AbortController();
    const own = Promise.withResolvers<string>();
    const peers = Promise.withResolvers<string>();
    const ended = serveHttp({
      instance,
      host: "127.0.0.1",
      port: 0,
      version: "1",
      actor: ACTOR,
      signal: stop.signal,
      onListen: ({ port }) => own.resolve(`http://127.0.0.1:${port}`),
      peers: {
        host: "127.0.0.1",
        port: 0,
        onListen: ({ port }) => peers.resolve(`http://127.0.0.1:${port}`),
      },
    });
    try {
      await test({ own: await own.promise, peers: await peers.promise });
    } finally {
      stop.abort();
      await ended;
    }
  }, { clock: Date.now });
}

/** Sends the head of a request as it is, and reads the answer. */
async function sendRaw(base: string, head: string): Promise<string> {
  const { hostname, port } = new URL(base);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(`${head}Connection: close\r\n\r\n`));
  return await new Response(connection.readable).text();
}

Deno.test("serveHttp() answers other instances on a listener of its own, and nothing else there", async (t) => {
  await serving(async ({ own, peers }) => {
    const status = async (url: string, init?: RequestInit) => {
      const response = await fetch(url, init);
      await response.body?.cancel();
      return response.status;
    };
    await t.step("introduce on both", async () => {
      assert.equal(await status(`${peers}/meeting/v1/introduce`), 200);
      assert.equal(await status(`${own}/meeting/v1/introduce`), 200);
    });
    const elsewhere = ["/mcp", "/admin", "/health", "/", "/meeting", "/meetings/v1/introduce"];
    for (const path of [...elsewhere, "/meeting/../mcp", "/meeting/%2e%2e/health"]) {
      await t.step(path, async () => {
        assert.equal(await status(peers + path, { method: "GET" }), 404);
        assert.equal(await status(peers + path, { method: "POST", body: "{}" }), 404);
      });
    }
    const line = "GET /meeting/v1/introduce HTTP/1.1\r\n";
    const hosts = ["Host: [", "Host: a b", "Host: x:99999", "Host: [::1"];
    const heads = [...hosts.map((host) => `${line}${host}\r\n`), line.replace("/", "http://[/")];
    for (const head of heads) {
      await t.step(JSON.stringify(head), async () => {
        const answer = await sendRaw(peers, head);
        assert.match(answer, /^HTTP\/1\.1 400 [^]*\{"error":"invalid_request",/);
        assert.match(await sendRaw(own, head), /^HTTP\/1\.1 403 /);
      });
    }
    await t.step("refusals are not to be kept either", async () => {
      const response = await fetch(`${peers}/mcp`);
      await response.body?.cancel();
      assert.equal(response.headers.get("cache-control"), "no-cache");
      const { headers, body } = await fetch(`${own}/meeting/v1/introduce`);
      await body?.cancel();
      assert.equal(headers.get("cache-control"), "no-cache", "on the own listener too");
      const bad = await sendRaw(peers, heads[0]!);
      assert.match(bad, /\r\ncache-control: no-cache\r\n/i);
    });
    await t.step("a page of a foreign web site is refused on the own listener", async () => {
      const headers = { origin: "https://evil.example" };
      assert.equal(await status(`${own}/meeting/v1/introduce`, { headers }), 403);
    });
    await t.step("slow bodies of one address do not pile up, and are forgotten", async () => {
      const stop = new AbortController();
      const slow = () => {
        const body = new ReadableStream({ start: (one) => one.enqueue(new Uint8Array(1)) });
        const init = { method: "POST", body, signal: stop.signal };
        return fetch(`${peers}/meeting/v1/introduce`, init).catch(() => null);
      };
      const pending = Array.from({ length: 16 }, slow);
      const get = () => status(`${peers}/meeting/v1/introduce`);
      await until(async () => await get() === 503, "there is no room for this address");
      const { headers, body } = await fetch(`${peers}/meeting/v1/introduce`);
      await body?.cancel();
      const told = ["cache-control", "retry-after"].map((name) => headers.get(name));
      assert.deepEqual(told, ["no-cache", "1"]);
      stop.abort();
      await Promise.all(pending);
      await until(async () => await get() === 200, "there is room again");
    });
    await t.step("heads that never end hold nobody up", async () => {
      const { hostname, port } = new URL(peers);
      const head = new TextEncoder().encode("GET /meeting/v1/introduce HTTP/1.1\r\nHost: x\r\nX-");
      const open = Array.from({ length: 200 }, async () => {
        const connection = await Deno.connect({ hostname, port: Number(port) });
        await connection.write(head);
        return connection;
      });
      try {
        await Promise.all(open);
        // More than one address may have of requests that have begun.
        assert.equal(await status(`${peers}/meeting/v1/introduce`), 200);
        assert.equal(await status(`${own}/health`), 200);
      } finally {
        for (const one of await Promise.allSettled(open)) {
          if (one.status === "fulfilled") one.value.close();
        }
      }
    });
    await t.step("a slow body holds nobody else up", async () => {
      const slow = new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array(1)),
      });
      const stop = new AbortController();
      const pending = fetch(`${peers}/meeting/v1/introduce`, {
        method: "POST",
        body: slow,
        signal: stop.signal,
      }).catch(() => null);
      assert.equal(await status(`${peers}/meeting/v1/introduce`), 200);
      stop.abort();
      await pending;
    });
  });
});

Deno.test("serveHttp() tells other instances nothing of what goes wrong here", async () => {
  await serving(async ({ peers }) => {
    const response = await fetch(`${peers}/meeting/v1/introduce`);
    assert.equal(response.status, 500);
    assert.deepEqual(await response.json(), {
      error: "internal_error",
      message: "An internal error occurred while processing the request",
    });
  }, (instance) => {
    const value = () => Promise.reject(new Error("/secret/path: too many files"));
    Object.defineProperty(instance, "skillsets", { value });
  });
});

Deno.test("serveHttp() ends altogether when the listener for other instances cannot begin", async () => {
  await withInstance(async (instance) => {
    const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    let own = 0;
    const options = { instance, host: "127.0.0.1", port: 0, version: "1", actor: ACTOR };
    try {
      await assert.rejects(
        serveHttp({
          ...options,
          onListen: ({ port }) => own = port,
          peers: { host: "127.0.0.1", port: taken.addr.port },
        }),
        { code: "io" },
      );
      assert.notEqual(own, 0);
      await assert.rejects(fetch(`http://127.0.0.1:${own}/health`));
      const tls = { cert: "no certificate", key: "no key" };
      await assert.rejects(
        serveHttp({ ...options, peers: { host: "127.0.0.1", port: 0, tls } }),
        { code: "invalid" },
      );
    } finally {
      taken.close();
    }
  });
});
