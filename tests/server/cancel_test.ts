import assert from "node:assert/strict";
import {
  Client,
  type JSONRPCMessage,
  StreamableHTTPClientTransport,
  type Transport,
} from "@modelcontextprotocol/client";
import { openInstance } from "../../core/instance.ts";
import type { Instance } from "../../core/instance.ts";
import { createApp } from "../../server/http/app.ts";
import { serveStdio } from "../../server/mcp/stdio.ts";
import { callTool } from "../../server/mcp/tools/mod.ts";
import { makeLedger } from "../bench/ledgers.ts";
import { CountingDisk } from "../disk/counting_disk.ts";
import { type Era, ERAS } from "../e2e/mcp_process.ts";
import { ACTOR, document, withFolder } from "../support/instance.ts";

const OPTIONS = { actor: ACTOR, version: "1.2.3" };
const BLOCKS = 50_000;

/** Turns of the event loop in which work that goes on would read something. */
const TURNS = 100;

type Connect = (instance: Instance, test: (transport: Transport) => Promise<void>) => Promise<void>;

/** The doors, each in this very process, so that what a call does can be seen. */
const DOORS: Readonly<Record<string, Connect>> = {
  async stdio(instance, test) {
    const [input, output] = [new TransformStream(), new TransformStream()];
    const served = serveStdio(instance, {
      ...OPTIONS,
      input: input.readable,
      output: output.writable,
    });
    await test(new PipeTransport(output.readable, input.writable));
    await served;
  },
  async HTTP(instance, test) {
    const app = createApp({ instance, ...OPTIONS });
    // Ended at once, so that a call that goes on fails the test instead of keeping it.
    const stop = new AbortController();
    const where = { hostname: "127.0.0.1", port: 0, onListen: () => {}, signal: stop.signal };
    const server = Deno.serve(where, app.fetch);
    try {
      await test(
        new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${server.addr.port}/mcp`)),
      );
    } finally {
      stop.abort();
      await server.finished;
      await app.close();
    }
  },
};

/** Lines over two streams. */
class PipeTransport implements Transport {
  onmessage?: (message: JSONRPCMessage) => void;
  onclose?: () => void;
  readonly #input: ReadableStream<Uint8Array>;
  readonly #output: WritableStreamDefaultWriter<Uint8Array>;

  constructor(input: ReadableStream<Uint8Array>, output: WritableStream<Uint8Array>) {
    this.#input = input;
    this.#output = output.getWriter();
  }

  start(): Promise<void> {
    void this.#read();
    return Promise.resolve();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    await this.#output.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
  }

  async close(): Promise<void> {
    await this.#output.close();
    this.onclose?.();
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const piece of this.#input.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + piece).split("\n");
      rest = lines.pop()!;
      for (const line of lines) this.onmessage?.(JSON.parse(line));
    }
  }
}

/** A client of an instance with a long chain that nothing verifies by itself. */
async function withClient(
  era: Era,
  connect: Connect,
  test: (client: Client, instance: Instance, disk: CountingDisk) => Promise<void>,
): Promise<void> {
  await withFolder(async (root) => {
    await Deno.mkdir(`${root}/skills`);
    await Deno.writeTextFile(`${root}/skills/config.yml`, "verify:\n  background: false\n");
    await makeLedger(root, BLOCKS);
    const disk = new CountingDisk();
    const instance = await openInstance(root, { mode: "write", disk });
    await connect(instance, async (transport) => {
      const client = new Client({ name: "official client", version: "1" }, {
        versionNegotiation: { mode: era },
      });
      await client.connect(transport);
      try {
        await test(client, instance, disk);
      } finally {
        await client.close();
      }
    });
  });
}

/** Waits until nothing is read for some time. */
async function stillness(disk: CountingDisk): Promise<void> {
  let read = disk.bytesRead;
  for (let turn = 0; turn < TURNS; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (disk.bytesRead === read) continue;
    read = disk.bytesRead;
    turn = 0;
  }
}

for (const era of ERAS) {
  for (const [door, connect] of Object.entries(DOORS)) {
    Deno.test(`a call that is taken back ends, and the server goes on, ${era}, over ${door}`, async () => {
      await withClient(era, connect, async (client, instance, disk) => {
        const wish = new AbortController();
        const heard: { progress: number; total?: number | undefined }[] = [];
        const call = client.callTool({ name: "chain_verify", arguments: {} }, {
          signal: wish.signal,
          onprogress: (note) => {
            heard.push(note);
            wish.abort(new Error("no longer wanted"));
          },
        });
        await assert.rejects(() => call);
        assert.ok(heard[0]!.progress < BLOCKS);
        assert.equal(heard[0]!.total, BLOCKS);
        await stillness(disk);
        const { size } = await Deno.stat(instance.store.ledger.path);
        assert.ok(disk.bytesRead < size, `${disk.bytesRead} of ${size} bytes were read`);
        const { structuredContent } = await client.callTool({ name: "chain_status" });
        assert.equal((structuredContent as { length: number }).length, BLOCKS);
      });
    });
  }
}

/** An instance with as many entries, none of which was looked at. */
async function withEntries(
  count: number,
  test: (instance: Instance) => Promise<void>,
): Promise<void> {
  await withFolder(async (root) => {
    await Deno.mkdir(`${root}/storage`);
    for (let at = 0; at < count; at++) {
      await Deno.mkdir(`${root}/knowledge/n${at}`, { recursive: true });
      await Deno.writeTextFile(`${root}/knowledge/n${at}/n${at}.md`, document(`n${at}`, "Tea."));
    }
    await test(await openInstance(root, { mode: "write" }));
  });
}

const LONG_CALLS: readonly [tool: string, args: Record<string, unknown>][] = [
  ["skills_audit", { command: "check" }],
  ["skills_audit", { command: "dangerous", layer: "all" }],
  ["state_commit", { reason: "worth keeping" }],
];

for (const [name, args] of LONG_CALLS) {
  Deno.test(`a long call tells how far it has come, and can be taken back: ${name} ${JSON.stringify(args)}`, async () => {
    await withEntries(250, async (instance) => {
      const told: number[] = [];
      const wish = new AbortController();
      const taken = await callTool(instance, ACTOR, name, args, {
        signal: wish.signal,
        progress: (done) => {
          told.push(done);
          wish.abort(new Error("no longer wanted"));
        },
      });
      assert.deepEqual([told, taken.isError], [[100], true]);
      assert.deepEqual((await instance.state()).history(1), []);
      assert.equal(instance.store.ledger.head().length, 0);
      const progress = (done: number) => void told.push(done);
      const { isError } = await callTool(instance, ACTOR, name, args, { progress });
      assert.deepEqual([isError, told.slice(0, 3)], [false, [100, 100, 200]]);
    });
  });
}

Deno.test("knowledge_search tells how far its first look has come, and can be taken back", async () => {
  await withEntries(250, async (instance) => {
    const heard: number[] = [];
    const wish = new AbortController();
    const taken = instance.search({
      query: "tea",
      signal: wish.signal,
      onProgress: (documents) => {
        heard.push(documents);
        wish.abort(new Error("no longer wanted"));
      },
    });
    await assert.rejects(() => taken, /no longer wanted/);
    assert.deepEqual(heard, [100]);
    const { total } = await instance.search({ query: "tea", onProgress: (n) => heard.push(n) });
    assert.equal(total, 250);
    assert.ok(heard.length > 1);
  });
});
