import assert from "node:assert/strict";
import { LineReader } from "../../server/mcp/line_reader.ts";
import { parseLine } from "../../server/mcp/parse_line.ts";
import { serveStdio } from "../../server/mcp/stdio.ts";
import { instructions } from "../../server/mcp/instructions.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { withInstance } from "../support/instance.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

const request = (id: unknown, method: string, params?: unknown) =>
  JSON.stringify({ jsonrpc: "2.0", id, method, params });

const call = (id: unknown, name: string, args: unknown = {}) =>
  request(id, "tools/call", { name, arguments: args });

const INITIALIZE = request("init", "initialize", {
  protocolVersion: "2025-06-18",
  capabilities: {},
  clientInfo: { name: "pipe\u202e", version: "1" },
});

// deno-lint-ignore no-explicit-any
type Answer = any;

/** Serves an input that ends, and gives the answers. */
async function talk(
  instance: Instance,
  input: string | ReadableStream<Uint8Array>,
): Promise<Answer[]> {
  const pieces: string[] = [];
  const decoder = new TextDecoder();
  await serveStdio(instance, {
    actor: { principal: "stdio:test" },
    version: "1.2.3",
    input: typeof input === "string" ? ReadableStream.from([bytes(input)]) : input,
    output: new WritableStream({
      write(piece) {
        pieces.push(decoder.decode(piece, { stream: true }));
      },
    }),
  });
  const text = pieces.join("");
  assert.ok(text === "" || text.endsWith("\n"));
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

const byId = (answers: readonly Answer[], id: unknown) => answers.filter((one) => one.id === id);

Deno.test("serveStdio() answers everything that was piped in before it ends", async (t) => {
  const lines = Array.from(
    { length: 300 },
    (_, id) =>
      id % 3 === 0 ? call(id, "chain_record", { logs: [`note ${id}`] }) : call(id, "hello_world"),
  );
  for (const end of ["\n", ""]) {
    await t.step(end === "" ? "without a last line break" : "with one", async () => {
      await withInstance(async (instance) => {
        const answers = await talk(instance, [INITIALIZE, ...lines].join("\n") + end);
        assert.equal(answers.length, 301);
        assert.equal(new Set(answers.map(({ id }) => id)).size, 301);
        assert.ok(answers.every(({ result }) => result !== undefined && result.isError !== true));
        assert.equal(instance.store.ledger.head().length, 101);
      });
    });
  }
  await t.step("in pieces of one byte", async () => {
    await withInstance(async (instance) => {
      const input = bytes(call(1, "hello_world", { name: "日本" }) + "\r\n");
      const answers = await talk(
        instance,
        ReadableStream.from([...input].map((one) => new Uint8Array([one]))),
      );
      assert.match(answers[0].result.content[0].text, /^Hello, 日本!/);
    });
  });
  await t.step("nothing at all", async () => {
    await withInstance(async (instance) => assert.deepEqual(await talk(instance, ""), []));
  });
});

Deno.test("serveStdio() answers lines that are no message, and goes on", async (t) => {
  const cases: readonly [name: string, line: string, id: unknown, code: number][] = [
    ["no JSON", "garbage", null, -32700],
    ["half of it", '{"jsonrpc":"2.0"', null, -32700],
    ["a batch", `[${call(1, "hello_world")}]`, null, -32600],
    ["a text", '"x"', null, -32600],
    ["null", "null", null, -32600],
    ["no version", '{"id":7,"method":"ping"}', 7, -32600],
    ["an id that is none", '{"jsonrpc":"2.0","id":{},"method":"ping"}', null, -32600],
    ["a fraction for an id", '{"jsonrpc":"2.0","id":1.5,"method":"ping"}', null, -32600],
    ["a method that is none", '{"jsonrpc":"2.0","id":"x","method":5}', "x", -32600],
    ["an unknown method", request(8, "nope"), 8, -32601],
    ["an unknown tool", call(8, "nope"), 8, -32602],
    ["arguments that are a list", call(8, "hello_world", []), 8, -32602],
    ["a nest", `{"jsonrpc":"2.0","id":8,"method":"x","params":${"[".repeat(50_000)}`, null, -32700],
  ];
  for (const [name, line, id, code] of cases) {
    await t.step(name, async () => {
      await withInstance(async (instance) => {
        const answers = await talk(instance, `${line}\n\n  \n${call("after", "hello_world")}\n`);
        assert.equal(answers.length, 2, JSON.stringify(answers));
        const failed = answers.find((answer) => answer.error !== undefined);
        assert.deepEqual([failed?.id, failed?.error.code], [id, code]);
        assert.equal(byId(answers, "after").length, 1);
      });
    });
  }
});

Deno.test("serveStdio() serves a client of the newest protocol", async () => {
  await withInstance(async (instance) => {
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "modern", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const args = { command: "create", name: "x", content: "text" };
    const answers = await talk(
      instance,
      request(1, "tools/call", { name: "knowledge_update", arguments: args, _meta }) + "\n",
    );
    assert.match(answers[0].result.content[0].text, /^SUCCESS/);
    assert.equal((await Array.fromAsync(instance.knowledge.history("x")))[0]?.agentId, "modern");
  });
});

Deno.test("serveStdio() notes the agent's name as a claim, with nothing hidden in it", async () => {
  await withInstance(async (instance) => {
    const args = { command: "create", name: "x", content: "text" };
    const answers = await talk(instance, `${INITIALIZE}\n${call(1, "knowledge_update", args)}\n`);
    assert.deepEqual(byId(answers, "init")[0].result.serverInfo.version, "1.2.3");
    const [record] = await Array.fromAsync(instance.knowledge.history("x"));
    assert.deepEqual([record?.principal, record?.agentId], ["stdio:test", "pipe\\u{202e}"]);
  });
});

Deno.test("serveStdio() ends quietly when nobody reads its answers any more", async () => {
  await withInstance(async (instance) => {
    let isCancelled = false;
    const input = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes(`${call(1, "hello_world")}\n`)),
      cancel() {
        isCancelled = true;
      },
    });
    const output = new WritableStream<Uint8Array>({
      write() {
        throw new Deno.errors.BrokenPipe("broken pipe");
      },
    });
    const actor = { principal: "stdio:test" };
    await serveStdio(instance, { actor, version: "1", input, output });
    assert.ok(isCancelled);
  });
});

Deno.test("serveStdio() finishes running calls when it is asked to stop", async () => {
  await withInstance(async (instance) => {
    const stop = new AbortController();
    const answers: string[] = [];
    const input = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes(`${call(1, "hello_world")}\n${call(2, "chain_verify")}\n`));
      },
    });
    const output = new WritableStream<Uint8Array>({
      write(piece) {
        answers.push(new TextDecoder().decode(piece));
        stop.abort();
      },
    });
    const actor = { principal: "stdio:test" };
    await serveStdio(instance, { actor, version: "1", input, output, signal: stop.signal });
    assert.deepEqual(answers.map((line) => JSON.parse(line).id).sort(), [1, 2]);
  });
});

Deno.test("serveStdio() waits for no answer to a call that was called off", async () => {
  await withInstance(async (instance) => {
    const { store } = instance;
    await store.exclusive(() => store.append(["x".repeat(2_000_000)]));
    const off = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } };
    const lines = [
      INITIALIZE,
      call(1, "chain_verify"),
      JSON.stringify(off),
      call(2, "hello_world"),
    ];
    const answers = await talk(instance, lines.join("\n"));
    assert.deepEqual(answers.map(({ id }) => id).sort(), [2, "init"]);
  });
});

Deno.test("serveStdio() brings the console back as it was", async () => {
  // deno-lint-ignore no-console
  const now = () => console.log;
  const before = now();
  await withInstance(async (instance) => {
    await talk(instance, "");
    assert.equal(now(), before);
  });
});

Deno.test("LineReader keeps nothing of a line that is too long", () => {
  const reader = new LineReader(10);
  const lines = (text: string) =>
    [...reader.push(bytes(text))].map((line) =>
      line === "too long" ? line : new TextDecoder().decode(line)
    );
  assert.deepEqual(lines("a\nbc"), ["a"]);
  assert.deepEqual(lines("d\n\n12345"), ["bcd", ""]);
  assert.deepEqual(lines("67890"), []);
  assert.deepEqual(lines("x"), []);
  assert.deepEqual(lines("yyyyyyyyyyyyyyyyyyyy"), []);
  assert.deepEqual(lines("z\nnext\n1234567890\n"), ["too long", "next", "1234567890"]);
  assert.equal(reader.end(), null);
  lines("last");
  assert.deepEqual(reader.end(), bytes("last"));
});

Deno.test("parseLine() answers a line that is too long or no UTF-8", () => {
  for (const line of ["too long", new Uint8Array([0x22, 0xff, 0x22])] as const) {
    const parsed = parseLine(line);
    assert.ok(parsed !== null && "answer" in parsed);
    assert.deepEqual([parsed.answer.id, parsed.answer.error.code], [null, -32700]);
  }
});

Deno.test("instructions() adds the text of the mode, within bounds", async (t) => {
  await withInstance(async (_instance, root) => {
    await Deno.mkdir(`${root}/skills`);
    const told = async (mode: string) => {
      await Deno.writeTextFile(`${root}/skills/config.yml`, `instructions_mode: ${mode}\n`);
      return instructions(await openInstance(root, { mode: "read" }));
    };
    const plain = await told("user");
    await Deno.writeTextFile(`${root}/skills/kairos.md`, "# Constitution\n");
    await Deno.writeTextFile(`${root}/skills/mine.md`, "é".repeat(20_000));
    await t.step("none", async () => assert.equal(await told("none"), ""));
    await t.step("a mode without its file", () => assert.match(plain, /^kairos keeps/));
    await t.step("developer", async () => {
      assert.ok((await told("developer")).endsWith("---\n\n# Constitution"));
    });
    await t.step("a mode of its own, cut", async () => {
      const text = await told("mine");
      assert.match(text, /é\n\n\[cut; read the rest with resource_read l0:\/\/mine\.md\]$/);
      assert.ok(!text.includes("\ufffd"));
      assert.ok(bytes(text).length < bytes(plain).length + 16_500);
    });
    await t.step("a link to the outside adds nothing", async () => {
      await Deno.writeTextFile(`${root}/secret.md`, "SECRET");
      await Deno.symlink(`${root}/secret.md`, `${root}/skills/link.md`);
      assert.equal(await told("link"), plain);
    });
  });
});

Deno.test("serveStdio() commits the state when a session with changes ends", async () => {
  await withInstance(async (instance) => {
    const save = call(1, "context_save", { session_id: "s", name: "n", content: "# 会議\n" });
    await talk(instance, [INITIALIZE, save].join("\n"));
    await talk(instance, [INITIALIZE, call(1, "hello_world")].join("\n"));
    const commits = (await instance.state()).history(9);
    assert.deepEqual(commits.map(({ snapshot }) => snapshot?.reason), [
      "Auto-commit (session_end): L0 changed, L2: 1 changes",
    ]);
  });
});
