import assert from "node:assert/strict";
import type { Server, ServerEvent } from "@modelcontextprotocol/server";
import { createApp } from "../../server/http/app.ts";
import { boundedBody } from "../../server/http/bounded_body.ts";
import { mcpFactory } from "../../server/mcp/factory.ts";
import { MAX_SUBSCRIPTIONS } from "../../server/mcp/listener.ts";
import { Notices } from "../../server/mcp/notices.ts";
import { LineTransport } from "../../server/mcp/line_transport.ts";
import { serveStdio } from "../../server/mcp/stdio.ts";
import type { Instance } from "../../core/instance.ts";
import { edit } from "../index/folders.ts";
import { ACTOR, withInstance } from "../support/instance.ts";
import { until } from "../support/until.ts";
import { get, INITIALIZE, messages, post } from "./session_stage.ts";

const LIST: ServerEvent = { kind: "resources_list_changed" };
const updated = (uri: string): ServerEvent => ({ kind: "resource_updated", uri });

/** Text of a request over a pipe. */
const line = (id: number | null, method: string, params: unknown = {}) =>
  JSON.stringify({ jsonrpc: "2.0", ...(id === null ? {} : { id }), method, params }) + "\n";

/** What a server sends: an answer has an id, a notice a method. */
interface Sent {
  readonly id?: number;
  readonly params?: { readonly uri?: string };
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number };
}

/** A client whose messages go to a server of kairos, and that takes notices when it is told to. */
async function connect(instance: Instance, hello = true) {
  const notices = new Notices(instance);
  const server: Server = mcpFactory(instance, { actor: ACTOR, version: "1" })({ era: "legacy" });
  const gate = Promise.withResolvers<boolean>();
  let waits = 0;
  const ready = () => {
    waits++;
    return gate.promise;
  };
  notices.attach(server, { era: "legacy", ready });
  const sent: Sent[] = [];
  const transport = {
    onmessage: undefined as ((message: unknown) => void) | undefined,
    start: () => Promise.resolve(),
    send: (message: unknown) => Promise.resolve(void sent.push(message as Sent)),
    onclose: undefined as (() => void) | undefined,
    close: () => Promise.resolve(transport.onclose?.()),
  };
  await server.connect(transport as Parameters<Server["connect"]>[0]);
  let last = 0;
  const ask = async (method: string, params: unknown) => {
    const id = ++last;
    transport.onmessage?.({ jsonrpc: "2.0", id, method, params });
    await until(() => sent.some((one) => one.id === id), method);
    return sent.find((one) => one.id === id)!;
  };
  if (hello) await ask("initialize", INITIALIZE.params);
  const told = () =>
    sent.filter((one) => one.id === undefined).map(({ params }) => params?.uri ?? "list");
  return { ask, told, notices, gate, server, waits: () => waits };
}

Deno.test("Notices keep each resource once for a client that takes nothing", async () => {
  await withInstance(async (instance, root) => {
    for (const name of ["a", "b"]) await edit(root, `knowledge/${name}`, "x");
    const { ask, told, notices, gate } = await connect(instance);
    for (const name of ["a", "b"]) await ask("resources/subscribe", { uri: `knowledge://${name}` });
    for (let at = 0; at < 10_000; at++) {
      notices.bus.publish(LIST);
      notices.bus.publish(updated(at % 2 === 0 ? "knowledge://a" : `knowledge://n${at}`));
    }
    notices.bus.publish(updated("knowledge://b"));
    assert.deepEqual(told(), []);
    gate.resolve(true);
    await until(() => told().length >= 3, "all of it");
    assert.deepEqual(told(), ["list", "knowledge://a", "knowledge://b"]);
    notices.bus.publish(updated("knowledge://a"));
    await until(() => told().length === 4, "later ones too");
  });
});

Deno.test("Notices go to connections that last, take more, and have said who they are", async () => {
  await withInstance(async (instance) => {
    const ended = await connect(instance);
    await ended.server.close();
    ended.notices.bus.publish(LIST);
    assert.equal(ended.waits(), 0, "nothing is kept of it");
    const left = await connect(instance);
    left.notices.bus.publish(LIST);
    left.gate.resolve(false);
    const stranger = await connect(instance, false);
    stranger.notices.bus.publish(LIST);
    stranger.gate.resolve(true);
    for (const { ask } of [left, stranger]) await ask("ping", {});
    assert.deepEqual([...left.told(), ...stranger.told()], []);
  });
});

Deno.test("resources/subscribe takes what may be read and nothing else", async (t) => {
  await withInstance(async (instance, root) => {
    await edit(root, "knowledge/a b", "x");
    await edit(root, "context/s1/n", "x");
    await edit(root, "knowledge/key.pem", "x");
    await Deno.mkdir(`${root}/knowledge/a b/scripts`);
    const { ask, told, notices, gate } = await connect(instance);
    gate.resolve(true);
    const refused = [
      "knowledge://missing",
      "knowledge://key.pem",
      "knowledge://a%20b/scripts",
      "knowledge://a%20b/../a%20b",
      "file:///etc/passwd",
      "nothing",
    ];
    for (const uri of refused) {
      await t.step(uri, async () => {
        assert.equal((await ask("resources/subscribe", { uri })).error?.code, -32602);
      });
    }
    const taken = [
      ["knowledge://a%20b", "knowledge://a%20b"],
      ["context://n", "context://s1/n"],
    ] as const;
    for (const [uri, canonical] of taken) {
      await t.step(uri, async () => {
        assert.deepEqual((await ask("resources/subscribe", { uri })).result, {});
        notices.bus.publish(updated(canonical));
        await until(() => told().includes(uri), "told by the address that was given");
        const before = told().length;
        assert.deepEqual((await ask("resources/unsubscribe", { uri })).result, {});
        notices.bus.publish(updated(canonical));
        notices.bus.publish(LIST);
        await until(() => told().at(-1) === "list", "what comes after it");
        assert.equal(told().length, before + 1);
      });
    }
    await t.step("a past version, which never changes", async () => {
      const uri = `object://${"0".repeat(64)}`;
      assert.deepEqual((await ask("resources/subscribe", { uri })).result, {});
    });
  });
});

Deno.test("resources/subscribe takes no more than a bounded number", async () => {
  await withInstance(async (instance, root) => {
    for (let at = 0; at <= MAX_SUBSCRIPTIONS; at++) await edit(root, `knowledge/n${at}`, "x");
    const { ask } = await connect(instance);
    const subscribe = (at: number) => ask("resources/subscribe", { uri: `knowledge://n${at}` });
    const all = Array.from({ length: MAX_SUBSCRIPTIONS }, (_, at) => subscribe(at));
    for (const { result } of await Promise.all(all)) assert.deepEqual(result, {});
    assert.equal((await subscribe(MAX_SUBSCRIPTIONS)).error?.code, -32602);
    assert.deepEqual((await subscribe(0)).result, {}, "one there is already");
    await ask("resources/unsubscribe", { uri: "knowledge://n0" });
    assert.deepEqual((await subscribe(MAX_SUBSCRIPTIONS)).result, {});
  });
});

const LISTEN = {
  notifications: {
    resourceSubscriptions: Array.from({ length: MAX_SUBSCRIPTIONS + 1 }, (_, at) => `l0://${at}`),
  },
  _meta: {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  },
};

Deno.test("subscriptions/listen takes no more than a bounded number", async (t) => {
  await t.step("over HTTP", async () => {
    await withInstance(async (instance) => {
      const app = createApp({ instance, actor: ACTOR, version: "1" });
      const body = { jsonrpc: "2.0", id: 7, method: "subscriptions/listen", params: LISTEN };
      const response = await app.fetch(post(body));
      const { id, error } = await response.json();
      assert.deepEqual([response.status, id, error.code], [400, 7, -32602]);
      await app.close();
    });
  });
  await t.step("over a pipe", async () => {
    await withInstance(async (instance) => {
      const pieces: Uint8Array[] = [];
      await serveStdio(instance, {
        actor: ACTOR,
        version: "1",
        input: ReadableStream.from([
          new TextEncoder().encode(line(7, "subscriptions/listen", LISTEN)),
        ]),
        output: new WritableStream({ write: (piece) => void pieces.push(piece) }),
      });
      const { id, error } = JSON.parse(await new Blob(pieces as BlobPart[]).text());
      assert.deepEqual([id, error.code], [7, -32602]);
    });
  });
});

Deno.test("LineTransport.ready() asks for no notice once the input has ended", async () => {
  const input = new TransformStream<Uint8Array, Uint8Array>();
  const transport = new LineTransport({ input: input.readable, output: new WritableStream() });
  await transport.start();
  assert.equal(await transport.ready(), true);
  await input.writable.close();
  await transport.finished;
  assert.equal(await transport.ready(), false);
});

Deno.test("LineTransport.ready() waits for a client that does not read", async () => {
  const input = new TransformStream<Uint8Array, Uint8Array>();
  const taken = Promise.withResolvers<void>();
  const output = new WritableStream<Uint8Array>({ write: () => taken.promise });
  const transport = new LineTransport({ input: input.readable, output });
  await transport.start();
  const sent = transport.send({ jsonrpc: "2.0", method: "notifications/message" });
  let isReady = false;
  const ready = transport.ready().then(() => isReady = true);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(isReady, false);
  taken.resolve();
  await Promise.all([sent, ready]);
  await transport.close();
});

Deno.test("createApp() keeps what a session has not heard until its stream is open", async () => {
  await withInstance(async (instance, root) => {
    await edit(root, "knowledge/a", "x");
    const notices = new Notices(instance);
    const app = createApp({ instance, actor: ACTOR, version: "1", notices });
    const opened = await app.fetch(post(INITIALIZE));
    await opened.text();
    const session = { "mcp-session-id": opened.headers.get("mcp-session-id")! };
    const subscribe = {
      jsonrpc: "2.0",
      id: 1,
      method: "resources/subscribe",
      params: { uri: "knowledge://a" },
    };
    assert.deepEqual(
      (await messages(await app.fetch(post(subscribe, session))).next()).result,
      {},
    );
    for (let at = 0; at < 3000; at++) {
      notices.bus.publish(LIST);
      notices.bus.publish(updated("knowledge://a"));
    }
    const list = { jsonrpc: "2.0", id: 2, method: "prompts/list" };
    await (await app.fetch(post(list, session))).text();
    const stream = messages(await app.fetch(get(session)));
    assert.equal((await stream.next()).method, "notifications/resources/list_changed");
    assert.equal((await stream.next()).params.uri, "knowledge://a");
    notices.bus.publish(LIST);
    assert.equal((await stream.next()).method, "notifications/resources/list_changed");
    await app.close();
    assert.equal(await stream.next(), null);
  });
});

Deno.test("boundedBody() ends the stream of a client that does not read", async () => {
  const source = (pieces: number) => {
    let sent = 0;
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent === pieces) return controller.close();
        sent++;
        controller.enqueue(new Uint8Array([1]));
      },
      cancel: () => void (isCancelled = true),
    });
    return { body, sent: () => sent, isCancelled: () => isCancelled };
  };
  const few = source(50);
  const all = await boundedBody(new Response(few.body), 100).arrayBuffer();
  assert.equal(all.byteLength, 50);
  const many = source(Infinity);
  const response = boundedBody(new Response(many.body), 100);
  await until(() => many.isCancelled(), "it is given up");
  assert.ok(many.sent() < 110, `${many.sent()} pieces`);
  assert.ok((await response.arrayBuffer()).byteLength <= 110);
  const left = source(Infinity);
  await boundedBody(new Response(left.body), 100).body!.cancel();
  await until(() => left.isCancelled(), "a client that goes away ends it");
});
