import assert from "node:assert/strict";
import { createApp } from "../../server/http/app.ts";
import { defaultConfig } from "../../core/config/config.ts";
import { toolsOf } from "../../server/mcp/tools/mod.ts";
import { ACTOR, withInstance } from "../support/instance.ts";
import {
  call,
  ENDPOINT,
  get,
  HEADERS,
  type Headers,
  INITIALIZE,
  type Messages,
  messages,
  PING,
  post,
  remove,
  statusOf,
  withStage,
} from "./session_stage.ts";

Deno.test("mcpEndpoint() keeps a session from initialize to DELETE", async (t) => {
  await withStage(async ({ mcp, open, closed }) => {
    const first = await open();
    const second = await open();
    assert.match(first["mcp-session-id"]!, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    assert.notDeepEqual(first, second);
    await t.step("its requests are answered", async () => {
      const stream = messages(await mcp.fetch(post(PING, first)));
      assert.deepEqual(await stream.next(), { jsonrpc: "2.0", id: 1, result: {} });
      assert.equal(await stream.next(), null);
    });
    await t.step("it is opened once", async () => {
      assert.equal(await statusOf(mcp, post(INITIALIZE, first)), 400);
    });
    await t.step("a body that is no message is refused as anywhere", async () => {
      const text = new Request(ENDPOINT, {
        method: "POST",
        body: "{}",
        headers: { ...HEADERS, ...first, "content-type": "text/plain" },
      });
      assert.equal(await statusOf(mcp, text), 415);
      assert.equal(await statusOf(mcp, post([PING], first)), 400);
      await assert.rejects(() => mcp.fetch(post("x".repeat(200_000), first)), {
        code: "too_large",
      });
    });
    await t.step("DELETE ends it and no other", async () => {
      assert.equal(await statusOf(mcp, remove(first)), 200);
      assert.equal(closed(), 1);
      for (const request of [post(PING, first), get(first), remove(first)]) {
        const response = await mcp.fetch(request);
        const { error } = await response.json();
        assert.deepEqual([response.status, error.code], [404, -32001], request.method);
      }
      assert.equal(await statusOf(mcp, post(PING, second)), 200);
    });
    await t.step("an id that never was is not found", async () => {
      const headers = { "mcp-session-id": "00000000-0000-4000-8000-000000000000" };
      const response = await mcp.fetch(post(PING, headers));
      assert.equal(response.status, 404);
      assert.equal((await response.json()).id, PING.id);
    });
  });
});

Deno.test("mcpEndpoint() serves without a session whoever has none", async (t) => {
  await withStage(async ({ mcp, closed }) => {
    await t.step("a call", async () => {
      const response = await mcp.fetch(post(PING));
      assert.deepEqual([response.status, response.headers.get("mcp-session-id")], [200, null]);
      await response.text();
    });
    await t.step("nothing to stream and nothing to end", async () => {
      for (const request of [get({}), remove({})]) {
        const response = await mcp.fetch(request);
        await response.text();
        assert.deepEqual([response.status, response.headers.get("allow")], [405, "POST, OPTIONS"]);
      }
    });
    await t.step("what there is", async () => {
      const response = await mcp.fetch(new Request(ENDPOINT, { method: "OPTIONS" }));
      assert.equal(response.headers.get("allow"), "GET, POST, DELETE, OPTIONS");
    });
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "new", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const modern = { "mcp-protocol-version": "2026-07-28", "mcp-method": "initialize" };
    const cases: readonly [name: string, body: unknown, headers: Headers][] = [
      ["without parameters", { ...INITIALIZE, params: {} }, {}],
      ["that takes no stream", INITIALIZE, { accept: "application/json" }],
      ["of a newer client", { ...INITIALIZE, params: { ...INITIALIZE.params, _meta } }, modern],
    ];
    for (const [name, body, headers] of cases) {
      await t.step(`an initialize ${name} opens nothing`, async () => {
        const before = closed();
        const response = await mcp.fetch(post(body, headers));
        await response.text();
        assert.equal(response.headers.get("mcp-session-id"), null);
        if (headers.accept !== undefined) assert.equal(closed(), before + 1, "nothing is kept");
      });
    }
  });
});

Deno.test("mcpEndpoint() lets the server ask the client of a session", async () => {
  await withStage(async ({ mcp, open }) => {
    const session = await open();
    const stream = messages(await mcp.fetch(post(call("ask"), session)));
    const { id, method } = await stream.next();
    assert.equal(method, "elicitation/create");
    const answer = { jsonrpc: "2.0", id, result: { action: "decline" } };
    assert.equal(await statusOf(mcp, post(answer, session)), 202);
    assert.equal((await stream.next()).result.content[0].text, "decline");
  });
});

Deno.test("mcpEndpoint() sends notices on the stream of a session", async () => {
  await withStage(async ({ mcp, open, notify }) => {
    const session = await open();
    const stream = messages(await mcp.fetch(get(session)));
    assert.equal(await statusOf(mcp, get(session)), 409, "one stream a session");
    notify();
    assert.equal((await stream.next()).method, "notifications/tools/list_changed");
    await stream.cancel();
    assert.equal(await statusOf(mcp, post(PING, session)), 200, "outlives its stream");
    const again = messages(await mcp.fetch(get(session)));
    notify();
    assert.equal((await again.next()).method, "notifications/tools/list_changed");
    await again.cancel();
  });
});

Deno.test("mcpEndpoint() keeps no more notices than a client may leave unread", async () => {
  await withStage(async ({ mcp, open, notify }) => {
    const session = await open();
    const stream = messages(await mcp.fetch(get(session)));
    for (let sent = 0; sent < 3000; sent++) notify();
    let received = 0;
    while (await stream.next() !== null) received++;
    assert.ok(received > 100 && received < 1100, `${received} notices were kept`);
    const again = messages(await mcp.fetch(get(session)));
    notify();
    assert.ok(await again.next() !== null, "the session itself goes on");
    await again.cancel();
  });
});

Deno.test("mcpEndpoint() ends a session that is not used for its idle time", async (t) => {
  await withStage(async ({ mcp, time, open, closed, release }) => {
    const used = await open();
    const left = await open();
    time.pass(600);
    assert.equal(await statusOf(mcp, post(PING, used)), 200);
    time.pass(400);
    await t.step("the one that was left", async () => {
      assert.equal(closed(), 1);
      assert.equal(await statusOf(mcp, post(PING, left)), 404);
    });
    await t.step("not one that was used, until it is left too", async () => {
      assert.equal(await statusOf(mcp, post(PING, used)), 200);
      time.pass(999);
      assert.equal(closed(), 1);
      time.pass(1);
      assert.equal(closed(), 2);
      assert.equal(time.timers, 0, "nothing is waited for any more");
    });
    await t.step("not one with an open stream", async () => {
      const session = await open();
      const stream = messages(await mcp.fetch(get(session)));
      time.pass(5000);
      assert.equal(await statusOf(mcp, post(PING, session)), 200);
      await stream.cancel();
      time.pass(2000);
      assert.equal(await statusOf(mcp, post(PING, session)), 404);
    });
    await t.step("not one that waits for an answer", async () => {
      const session = await open();
      const stream = messages(await mcp.fetch(post(call("wait"), session)));
      time.pass(5000);
      release();
      assert.equal((await stream.next()).result.content[0].text, "waited");
      await stream.next();
      assert.equal(await statusOf(mcp, post(PING, session)), 200);
    });
  });
});

Deno.test("mcpEndpoint() refuses an idle session before its timer has run", async () => {
  await withStage(async ({ mcp, time, open }) => {
    const session = await open();
    time.now += 1000;
    assert.equal(await statusOf(mcp, post(PING, session)), 404);
    time.pass(2000);
  });
});

Deno.test("mcpEndpoint() bounds its sessions", async (t) => {
  await withStage(async ({ mcp, open, closed, release }) => {
    const oldest = await open();
    const listening = await open();
    const stream = messages(await mcp.fetch(get(listening)));
    const idle = await open();
    await t.step("the longest unused makes room", async () => {
      assert.equal(await statusOf(mcp, post(PING, oldest)), 200);
      await open();
      assert.equal(closed(), 1);
      assert.equal(await statusOf(mcp, post(PING, idle)), 404);
      assert.equal(await statusOf(mcp, post(PING, oldest)), 200);
    });
    await t.step(
      "one that only listens goes last, one that waits for an answer never",
      async () => {
        const busy: Messages[] = [];
        for (let opened = 0; opened < 3; opened++) {
          busy.push(messages(await mcp.fetch(post(call("wait"), await open()))));
        }
        assert.equal(await stream.next(), null, "the stream has ended");
        const response = await mcp.fetch(post(INITIALIZE));
        assert.equal(response.status, 503);
        assert.equal(response.headers.get("retry-after"), "1");
        await response.text();
        assert.equal(await statusOf(mcp, post(PING)), 200, "calls without one are served");
        release();
        for (const one of busy) assert.ok(await one.next() !== null && await one.next() === null);
        await open();
      },
    );
  }, { sessions: { most: 3 } });
});

Deno.test("mcpEndpoint() lets nobody else use a session", async () => {
  const principalOf = (request: Request) => request.headers.get("x-who") ?? "nobody";
  await withStage(async ({ mcp, open }) => {
    const hers = await open({ "x-who": "ada" });
    const his = { ...hers, "x-who": "bob" };
    for (const request of [post(PING, his), get(his), remove(his)]) {
      const stranger = await mcp.fetch(request);
      const unknown = await mcp.fetch(post(PING, { "mcp-session-id": "unknown" }));
      assert.equal(stranger.status, 404, request.method);
      assert.deepEqual((await stranger.json()).error, (await unknown.json()).error);
    }
    assert.equal(await statusOf(mcp, post(PING, hers)), 200);
  }, { principalOf });
});

Deno.test("mcpEndpoint() answers what was asked before it closes", async () => {
  await withStage(async ({ mcp, open, closed, release }) => {
    const session = await open();
    const other = await open();
    const answer = messages(await mcp.fetch(post(call("wait"), session)));
    const notices = messages(await mcp.fetch(get(session)));
    await mcp.close();
    assert.equal(closed(), 1, "the one nobody waits for");
    assert.equal(await notices.next(), null, "no more notices");
    assert.equal(await statusOf(mcp, post(INITIALIZE)), 503);
    assert.equal(await statusOf(mcp, post(PING, other)), 404);
    release();
    assert.equal((await answer.next()).result.content[0].text, "waited");
    assert.equal(await answer.next(), null);
    assert.equal(closed(), 2);
  });
});

Deno.test("createApp() does not count listening sessions as requests", async () => {
  await withInstance(async (instance) => {
    const app = createApp({ instance, actor: ACTOR, version: "1", maxInFlight: 1 });
    const streams: Messages[] = [];
    for (let opened = 0; opened < 3; opened++) {
      const initialized = await app.fetch(post(INITIALIZE));
      await initialized.text();
      const id = initialized.headers.get("mcp-session-id")!;
      streams.push(messages(await app.fetch(get({ "mcp-session-id": id }))));
    }
    const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
    const answer = messages(await app.fetch(post(list)));
    assert.equal((await answer.next()).result.tools.length, toolsOf(defaultConfig()).length);
    await app.close();
    for (const stream of streams) assert.equal(await stream.next(), null);
  });
});
