import assert from "node:assert/strict";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { Instance } from "../../core/instance.ts";
import { createApp } from "../../server/http/app.ts";
import { callTool } from "../../server/mcp/tools/mod.ts";
import { instructions } from "../../server/mcp/instructions.ts";
import { serveStdio } from "../../server/mcp/stdio.ts";
import { AT_TERMINAL, type LawFixture, PERSON, withLaw } from "../evolution/law.ts";
import { ACTOR } from "../support/instance.ts";

/** Proposes a change of the instructions as an agent does, decides it as a person and applies it. */
async function change(
  { instance, evolution }: LawFixture,
  args: Record<string, unknown>,
): Promise<void> {
  const all = { ...args, reason: "for reviewers" };
  const { structured, text } = await callTool(instance, ACTOR, "instructions_update", all);
  const { proposal: { id } } = (structured ?? assert.fail(text)) as { proposal: { id: string } };
  await evolution.decide(id, "approve", AT_TERMINAL, PERSON);
  await evolution.apply(id, PERSON);
}

const MINE = { mode_name: "reviewer", content: "Review only. 日本\n" };

/** Makes a mode and chooses it, then changes its text; tells what new clients are told each time. */
async function follow(fixture: LawFixture, told: () => Promise<string>): Promise<void> {
  const before = await told();
  assert.ok(!before.includes("Review only"));
  await change(fixture, { command: "create", ...MINE });
  assert.equal(await told(), before, "a text nobody chose changes nothing");
  await change(fixture, { command: "set_mode", mode_name: MINE.mode_name });
  assert.ok((await told()).endsWith("\n\n---\n\nReview only. 日本"));
  await change(fixture, { command: "update", ...MINE, content: "Review twice.\n" });
  assert.ok((await told()).endsWith("\n\n---\n\nReview twice."));
  await change(fixture, { command: "set_mode", mode_name: "none" });
  assert.equal(await told(), "", "none is none");
}

for (const era of ["legacy", "auto"] as const) {
  Deno.test(`new sessions over HTTP are told the instructions of that moment, ${era}`, () =>
    withLaw(async (fixture) => {
      const { instance } = fixture;
      const actor = { principal: "http:local" };
      const app = createApp({ instance, actor, version: "1" });
      const fetch = async (url: string | URL, init?: RequestInit) =>
        await app.fetch(new Request(url, init));
      try {
        await follow(fixture, async () => {
          const client = new Client({ name: "official client", version: "1" }, {
            versionNegotiation: { mode: era },
          });
          const url = new URL("http://127.0.0.1/mcp");
          await client.connect(new StreamableHTTPClientTransport(url, { fetch }));
          const told = client.getInstructions();
          await client.close();
          return told ?? "";
        });
      } finally {
        await app.close();
      }
    }));
}

/** One connection on standard input and output of which a client asks over and over. */
async function onOneConnection(
  instance: Instance,
  test: (ask: (method: string) => Promise<string>) => Promise<void>,
): Promise<void> {
  const input = new TransformStream<Uint8Array, Uint8Array>();
  const answers = new Map<number, (answer: { result: { instructions?: string } }) => void>();
  const decoder = new TextDecoder();
  let rest = "";
  const serving = serveStdio(instance, {
    actor: { principal: "stdio:test" },
    version: "1",
    input: input.readable,
    output: new WritableStream({
      write(piece) {
        const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
        rest = lines.pop()!;
        for (const answer of lines.map((line) => JSON.parse(line))) {
          answers.get(answer.id)?.(answer);
        }
      },
    }),
  });
  const writer = input.writable.getWriter();
  let id = 0;
  await test(async (method) => {
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "modern", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const line = JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params: { _meta } });
    const answer = new Promise<{ result: { instructions?: string } }>((resolve) =>
      answers.set(id, resolve)
    );
    await writer.write(new TextEncoder().encode(`${line}\n`));
    return (await answer).result.instructions ?? "";
  });
  await writer.close();
  await serving;
}

Deno.test("server/discover tells the instructions of that moment, on a connection that stays", () =>
  withLaw((fixture) =>
    onOneConnection(
      fixture.instance,
      (ask) => follow(fixture, () => ask("server/discover")),
    )
  ));

Deno.test("instructions() go on with the mode of before while the settings cannot be read", () =>
  withLaw(async ({ instance, root }) => {
    await Deno.writeTextFile(`${root}/skills/kairos_quickguide.md`, "Quick.\n");
    const before = instructions(instance);
    assert.match(before, /Quick\.$/);
    await Deno.writeTextFile(`${root}/skills/config.yml`, "instructions_mode: [\n");
    assert.equal(instructions(instance), before);
    await Deno.writeTextFile(`${root}/skills/config.yml`, "instructions_mode: none\n");
    assert.doesNotMatch(instructions(instance), /Quick/);
  }));
