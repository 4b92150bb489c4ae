import assert from "node:assert/strict";
import { type AppOptions, createApp } from "../../server/http/app.ts";
import { isLoopback } from "../../server/http/loopback.ts";
import { serveHttp } from "../../server/http/serve.ts";
import { defaultConfig } from "../../core/config/config.ts";
import { toolsOf } from "../../server/mcp/tools/mod.ts";
import type { Instance } from "../../core/instance.ts";
import { ACTOR, withInstance } from "../support/instance.ts";

const LIST = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
const JSON_BODY = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};

/** What goes with every message of a newer client. */
const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "new", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

/** The list as a newer client asks for it, who speaks a version. */
const listIn = (version: string) => {
  const _meta = { ...META, "io.modelcontextprotocol/protocolVersion": version };
  return JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta } });
};

/** Asks an application, without a socket. */
type Ask = (path: string, init?: RequestInit) => Promise<Response>;

async function withApp(
  test: (ask: Ask, instance: Instance) => Promise<void>,
  options: Partial<AppOptions> = {},
): Promise<void> {
  await withInstance(async (instance) => {
    const app = createApp({ instance, actor: ACTOR, version: "1.2.3", ...options });
    try {
      await test(
        async (path, init) => await app.fetch(new Request(`http://127.0.0.1:8080${path}`, init)),
        instance,
      );
    } finally {
      await app.close();
    }
  });
}

const post = (body: BodyInit, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  body,
  headers: { ...JSON_BODY, ...headers },
});

/** The JSON-RPC message in an answer, JSON or event stream. */
// deno-lint-ignore no-explicit-any
async function message(response: Response): Promise<any> {
  const text = await response.text();
  const data = /^data: (.*)$/m.exec(text)?.[1];
  return JSON.parse(data ?? text);
}

Deno.test("createApp() answers each request that is none with its status", async (t) => {
  const evil = { headers: { origin: "https://evil.example" } };
  const NEW = "2026-07-28";
  const LISTING = { "mcp-method": "tools/list" };
  const spoken = (version: string) => ({ ...LISTING, "mcp-protocol-version": version });
  const cases: readonly [
    name: string,
    path: string,
    init: RequestInit,
    status: number,
    code: unknown,
  ][] = [
    ["an unknown path", "/nope", {}, 404, "not_found"],
    ["a path with dots", "/mcp/%2e%2e/secret", {}, 404, "not_found"],
    ["a path with a zero byte", "/mcp%00", {}, 404, "not_found"],
    ["GET of the endpoint", "/mcp", {}, 405, -32000],
    ["DELETE of the endpoint", "/mcp", { method: "DELETE" }, 405, -32000],
    ["PUT of the endpoint", "/mcp", { method: "PUT" }, 405, "method_not_allowed"],
    ["POST of health", "/health", { method: "POST" }, 405, "method_not_allowed"],
    ["a foreign origin", "/mcp", { ...post(LIST), ...evil }, 403, "refused"],
    ["a foreign origin anywhere", "/health", evil, 403, "refused"],
    ["a null origin", "/health", { headers: { origin: "null" } }, 403, "refused"],
    [
      "an origin that begins well",
      "/health",
      { headers: { origin: "http://localhost.evil" } },
      403,
      "refused",
    ],
    [
      "an origin with a user",
      "/health",
      { headers: { origin: "http://localhost@evil" } },
      403,
      "refused",
    ],
    [
      "a host that was looked up elsewhere",
      "/health",
      { headers: { host: "evil.example" } },
      403,
      "refused",
    ],
    [
      "a host that begins well",
      "/health",
      { headers: { host: "127.0.0.1.evil:80" } },
      403,
      "refused",
    ],
    ["a host that ends well", "/nope", { headers: { host: "evil:127.0.0.1" } }, 403, "refused"],
    ["text", "/mcp", post(LIST, { "content-type": "text/plain" }), 415, "unsupported_media_type"],
    [
      "JSON by another name",
      "/mcp",
      post(LIST, { "content-type": "application/jsonx" }),
      415,
      "unsupported_media_type",
    ],
    [
      "another charset",
      "/mcp",
      post(LIST, { "content-type": "application/json; a=b; Charset=utf-16" }),
      415,
      "unsupported_media_type",
    ],
    [
      "a compressed body",
      "/mcp",
      post(LIST, { "content-encoding": "gzip" }),
      415,
      "unsupported_media_type",
    ],
    ["no JSON", "/mcp", post("{"), 400, -32700],
    ["nothing", "/mcp", post(""), 400, -32700],
    ["a trailing comma", "/mcp", post('{"a":1,}'), 400, -32700],
    ["bytes that are no UTF-8", "/mcp", post(new Uint8Array([0x22, 0xff, 0x22])), 400, -32700],
    ["a batch", "/mcp", post(`[${LIST}]`), 400, -32600],
    ["an empty batch", "/mcp", post("[]"), 400, -32600],
    ["a text", "/mcp", post('"x"'), 400, -32600],
    ["a nest", "/mcp", post(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`), 400, -32600],
    ["too much, declared", "/mcp", post("x".repeat(2_000_000)), 413, "too_large"],
    ["an unknown version", "/mcp", post(listIn("2099-01-01"), spoken("2099-01-01")), 400, -32022],
    ["an unknown version of an old client", "/mcp", post(LIST, spoken("1999-01-01")), 400, -32000],
    [
      "another version than the body's",
      "/mcp",
      post(listIn(NEW), spoken("2025-11-25")),
      400,
      -32020,
    ],
    ["no version beside the body's", "/mcp", post(listIn(NEW), LISTING), 400, -32020],
    ["no legacy answer accepted", "/mcp", post(LIST, { accept: "text/html" }), 406, -32000],
  ];
  await withApp(async (ask) => {
    for (const [name, path, init, status, code] of cases) {
      await t.step(name, async () => {
        const response = await ask(path, init);
        const body = await message(response);
        assert.deepEqual([response.status, body.error.code], [status, code], JSON.stringify(body));
        assert.equal(response.headers.get("content-type")?.split(";")[0], "application/json");
        if (status === 405) assert.match(response.headers.get("allow") ?? "", /OPTIONS/);
      });
    }
  });
});

Deno.test("createApp() takes JSON however a client says that it is UTF-8", async () => {
  await withApp(async (ask) => {
    const parameters = [
      "",
      ";charset=utf-8",
      '; Charset="UTF-8"',
      "; a=b; charset=utf8 ; c=d",
      ";",
    ];
    for (const parameter of parameters) {
      const type = { "content-type": `application/json${parameter}` };
      assert.equal((await message(await ask("/mcp", post(LIST, type)))).id, 1, parameter);
    }
  });
});

Deno.test("createApp() counts a body while it streams in", async () => {
  await withApp(async (ask) => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65536;
        controller.enqueue(new Uint8Array(65536).fill(0x20));
      },
    }, { highWaterMark: 0 });
    const response = await ask("/mcp", post(body));
    assert.equal(response.status, 413);
    assert.ok(sent < 2_000_000, `${sent} bytes were read`);
  });
});

Deno.test("createApp() reads nothing of a body that says it is too large", async () => {
  await withApp(async (ask) => {
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: () => void pulls++,
    }, { highWaterMark: 0 });
    const response = await ask("/mcp", post(body, { "content-length": "2000000" }));
    assert.deepEqual([response.status, pulls], [413, 0]);
  });
});

Deno.test("createApp() waits for a body no longer than it is told", async () => {
  await withApp(async (ask) => {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      cancel() {
        isCancelled = true;
      },
    });
    const response = await ask("/mcp", post(body));
    assert.equal(response.status, 408);
    assert.equal((await response.json()).error.code, "timeout");
    assert.ok(isCancelled);
  }, { bodyTimeout: 1 });
});

Deno.test("createApp() serves as many requests at once as it is told", async () => {
  await withApp(async (ask) => {
    let finish = () => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        finish = () => {
          controller.enqueue(new TextEncoder().encode(LIST));
          controller.close();
        };
      },
    });
    const first = ask("/mcp", post(body));
    const second = await ask("/mcp", post(LIST));
    assert.equal(second.status, 503);
    assert.equal(second.headers.get("retry-after"), "1");
    assert.equal((await ask("/health")).status, 200, "health still answers");
    finish();
    assert.equal((await message(await first)).result.tools.length, toolsOf(defaultConfig()).length);
    const third = await ask("/mcp", post(LIST));
    assert.equal(third.status, 200, "there is room again");
    await third.body?.cancel();
  }, { maxInFlight: 1 });
});

Deno.test("createApp() serves old and new clients", async (t) => {
  await withApp(async (ask, instance) => {
    await t.step("a call without a session", async () => {
      const args = { name: "chain_record", arguments: { logs: ["over HTTP"] } };
      const call = { jsonrpc: "2.0", id: "a", method: "tools/call", params: args };
      const { id, result } = await message(await ask("/mcp", post(JSON.stringify(call))));
      assert.deepEqual([id, result.structuredContent.block], ["a", 1]);
      assert.equal(instance.store.ledger.head().length, 2);
    });
    await t.step("a tool that does not exist", async () => {
      const call = { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "nope" } };
      const { error } = await message(await ask("/mcp", post(JSON.stringify(call))));
      assert.equal(error.code, -32602);
    });
    await t.step("a method that does not exist", async () => {
      const call = { jsonrpc: "2.0", id: 2, method: "nope" };
      const { error } = await message(await ask("/mcp", post(JSON.stringify(call))));
      assert.equal(error.code, -32601);
    });
    await t.step("ids of every type", async () => {
      for (const id of ["", "x", 0, -1]) {
        const ping = { jsonrpc: "2.0", id, method: "ping" };
        assert.deepEqual(await message(await ask("/mcp", post(JSON.stringify(ping)))), {
          jsonrpc: "2.0",
          id,
          result: {},
        });
      }
      for (const id of [null, 1.5, {}, [], true]) {
        const ping = { jsonrpc: "2.0", id, method: "ping" };
        const response = await ask("/mcp", post(JSON.stringify(ping)));
        assert.equal(response.status, 400, JSON.stringify(id));
        await response.body?.cancel();
      }
    });
    await t.step("a header that disagrees with the body", async () => {
      const headers = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/list" };
      const good = await ask("/mcp", post(listIn("2026-07-28"), headers));
      assert.equal((await message(good)).result.tools.length, toolsOf(defaultConfig()).length);
      const wrong = { ...headers, "mcp-method": "tools/call" };
      const bad = await ask("/mcp", post(listIn("2026-07-28"), wrong));
      assert.deepEqual([bad.status, (await message(bad)).error.code], [400, -32020]);
    });
  });
});

Deno.test("createApp() sends the same guards with every answer a browser could show", async (t) => {
  await withApp(async (ask) => {
    for (
      const [path, init] of [["/health", {}], ["/nope", {}], ["/mcp", { method: "PUT" }], [
        "/mcp",
        post("{"),
      ], [
        "/health",
        { headers: { origin: "null" } },
      ]] as const
    ) {
      await t.step(`${path} ${JSON.stringify(init).slice(0, 40)}`, async () => {
        const response = await ask(path, init);
        await response.body?.cancel();
        assert.equal(response.headers.get("x-content-type-options"), "nosniff");
        assert.equal(response.headers.get("cache-control"), "no-store");
        assert.match(response.headers.get("content-security-policy")!, /default-src 'none'/);
        assert.equal(response.headers.get("access-control-allow-origin"), null);
      });
    }
  });
});

Deno.test("createApp() tells its health", async (t) => {
  await withApp(async (ask) => {
    await t.step("GET", async () => {
      assert.deepEqual(await (await ask("/health")).json(), {
        status: "ok",
        server: "kairos",
        version: "1.2.3",
        transport: "streamable-http",
        height: 0,
        state: "absent",
        last_verify: null,
      });
    });
    await t.step("HEAD", async () => {
      const response = await ask("/health", { method: "HEAD" });
      assert.deepEqual([response.status, await response.text()], [200, ""]);
    });
    await t.step("OPTIONS", async () => {
      const response = await ask("/health", { method: "OPTIONS" });
      assert.deepEqual([response.status, response.headers.get("allow")], [
        204,
        "GET, HEAD, OPTIONS",
      ]);
    });
    await t.step("HEAD of the endpoint", async () => {
      assert.equal((await ask("/mcp", { method: "HEAD" })).status, 405);
    });
  });
});

Deno.test("isLoopback() knows this machine's own addresses, in one notation", () => {
  for (const host of ["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost", "LOCALHOST"]) {
    assert.equal(isLoopback(host), true, host);
  }
  const others = "0.0.0.0 :: [::] 192.168.0.1 10.0.0.1 127.1 127.0.0.256 2130706433 0x7f000001 " +
    "::ffff:127.0.0.1 localhost. localhost.evil evil 127.0.0.1.evil 1127.0.0.1";
  for (const host of [...others.split(" "), "", "127.0.0.1 ", "localhost\n"]) {
    assert.equal(isLoopback(host), false, host);
  }
});

Deno.test("serveHttp() listens for this machine only", async () => {
  await withInstance(async (instance) => {
    for (const host of ["0.0.0.0", "::", "192.168.0.1", "example.org", "localhost."]) {
      const serving = serveHttp({ instance, host, port: 0, version: "1", actor: ACTOR });
      await assert.rejects(() => serving, { code: "refused", message: /other machines can reach/ });
    }
  });
});

Deno.test("serveHttp() says when its port is taken, and ends when it is asked to", async () => {
  await withInstance(async (instance) => {
    const stop = new AbortController();
    const listening = Promise.withResolvers<number>();
    const options = { instance, host: "127.0.0.1", version: "1", actor: ACTOR };
    const serving = serveHttp({
      ...options,
      port: 0,
      signal: stop.signal,
      onListen: ({ port }) => listening.resolve(port),
    });
    const port = await listening.promise;
    await assert.rejects(() => serveHttp({ ...options, port }), {
      code: "io",
      message: /address is in use/,
    });
    const call = { jsonrpc: "2.0", id: 1, method: "tools/list" };
    const response = await fetch(`http://127.0.0.1:${port}/mcp`, post(JSON.stringify(call)));
    stop.abort();
    assert.equal(
      (await message(response)).result.tools.length,
      toolsOf(defaultConfig()).length,
      "is still answered",
    );
    await serving;
    await assert.rejects(() => fetch(`http://127.0.0.1:${port}/health`));
  });
});

Deno.test("createApp() answers the calls that are running when it is closed", async (t) => {
  const headers = {
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": "tools/call",
    "mcp-name": "chain_record",
  };
  const record = { name: "chain_record", arguments: { logs: ["late"] } };
  const clients = {
    "an old client's": { params: record, headers: {} },
    "a new client's": { params: { ...record, _meta: META }, headers },
  };
  for (const [whose, client] of Object.entries(clients)) {
    await t.step(whose, () =>
      withInstance(async (instance) => {
        const app = createApp({ instance, actor: ACTOR, version: "1.2.3" });
        // The call waits for the lock, which is held until the wish to close is there.
        let letGo = () => {};
        const held = instance.store.locked(() => new Promise<void>((done) => letGo = done));
        const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: client.params };
        const asked = Promise.resolve(
          app.fetch(
            new Request("http://127.0.0.1:8080/mcp", post(JSON.stringify(call), client.headers)),
          ),
        );
        // Time enough for the call to reach the lock.
        for (let turn = 0; turn < 50; turn++) await new Promise((done) => setTimeout(done));
        const closed = app.close();
        letGo();
        const { result } = await message(await asked);
        assert.equal(result?.structuredContent?.block, 1);
        await Promise.all([held, closed]);
      }));
  }
});
