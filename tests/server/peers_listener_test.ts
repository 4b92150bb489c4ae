import assert from "node:assert/strict";
import { serveHttp } from "../../server/http/serve.ts";
import { writeSettings } from "../mmp/meet.ts";
import { ACTOR, withInstance } from "../support/instance.ts";
import { until } from "../support/until.ts";

/** Serves with a listener for other instances, both on free ports. */
async function serving(
  test: (urls: { readonly own: string; readonly peers: string }) => Promise<void>,
): Promise<void> {
  await withInstance(async (instance, root) => {
    await writeSettings(root, "enabled: true\n");
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
      stop.abort();
      await Promise.all(pending);
      await until(async () => await get() === 200, "there is room again");
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
