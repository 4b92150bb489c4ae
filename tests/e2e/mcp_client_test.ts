import assert from "node:assert/strict";
import type { Client } from "@modelcontextprotocol/client";
import { defaultConfig } from "../../core/config/config.ts";
import { toolsOf } from "../../server/mcp/tools/mod.ts";
import { driveTools } from "../server/drive_tools.ts";
import {
  callerOf,
  type Era,
  ERAS,
  withDataDir,
  withHttpClient,
  withHttpServer,
  withStdioClient,
} from "./mcp_process.ts";

/** What every door must give to the official client. */
async function checkDoor(mcp: Client, era: Era): Promise<void> {
  assert.equal(mcp.getProtocolEra(), era === "auto" ? "modern" : "legacy");
  assert.equal(mcp.getServerVersion()?.name, "kairos");
  assert.match(mcp.getInstructions() ?? "", /^kairos keeps what this project knows/);
  const { tools } = await mcp.listTools();
  const names = tools.map(({ name }) => name);
  assert.deepEqual(names, toolsOf(defaultConfig()).map(({ name }) => name));
  for (const { name, title, outputSchema, annotations } of tools) {
    assert.ok(title !== undefined && outputSchema?.type === "object", name);
    assert.equal(annotations?.openWorldHint, false, name);
  }
  const driven = await driveTools(callerOf(mcp));
  assert.deepEqual(names.filter((name) => !driven.has(name)), [], "every tool is driven");
  const failed = await mcp.callTool({ name: "knowledge_get", arguments: { name: "nope" } });
  assert.equal(failed.isError, true);
  await assert.rejects(() => mcp.callTool({ name: "nope" }), { code: -32602 });
}

for (const era of ERAS) {
  Deno.test(`kairos serve drives every tool for the official client, ${era}, over stdio`, async () => {
    await withDataDir((root) => withStdioClient(root, era, (mcp) => checkDoor(mcp, era)));
  });

  Deno.test(`kairos serve drives every tool for the official client, ${era}, over HTTP`, async () => {
    await withDataDir((root) =>
      withHttpServer(root, (url) => withHttpClient(url, era, (mcp) => checkDoor(mcp, era)))
    );
  });
}

for (const era of ERAS) {
  Deno.test(`kairos serve asks the person before the official client, ${era}, over stdio`, async () => {
    const questions: string[] = [];
    const elicit = (message: string) => {
      questions.push(message);
      return "approve";
    };
    await withDataDir((root) =>
      withStdioClient(root, era, async (mcp) => {
        const call = callerOf(mcp);
        const skill = { skill_id: "chain_awareness" };
        const { structured } = await call("skills_dsl_get", skill);
        const source = structured!.source as string;
        const definition = source.replace(/version: "[^"]*"/, 'version: "9.9"');
        await call("skills_evolve", { ...skill, definition, reason: "newer" });
        assert.deepEqual(questions, [], "proposing asks nobody");
        const done = await call("skills_evolve", { command: "apply", ...skill });
        assert.match(done.text, /^SUCCESS: Applied and recorded in block #/);
        assert.match(questions.join(), /\nReason: newer\n[^]*\n\+ {2}version: "9\.9"/);
        const after = await call("skills_dsl_list", { search: "chain_awareness" });
        assert.equal((after.structured!.skills as { version: string }[])[0]?.version, "9.9");
      }, elicit)
    );
  });
}

Deno.test("kairos serve tells a client how far a verification has come", async () => {
  await withDataDir((root) =>
    withStdioClient(root, "legacy", async (mcp) => {
      await mcp.callTool({ name: "chain_record", arguments: { logs: ["x".repeat(600_000)] } });
      const heard: number[] = [];
      const call = { name: "chain_verify", arguments: {} };
      await mcp.callTool(call, { onprogress: ({ progress }) => heard.push(progress) });
      assert.ok(heard.length > 0);
    })
  );
});

Deno.test("kairos serve gives one chain to several clients at once", async () => {
  await withDataDir((root) =>
    withHttpServer(
      root,
      (url) =>
        withHttpClient(url, "auto", (web) =>
          withStdioClient(root, "legacy", async (pipe) => {
            const record = { name: "chain_record", arguments: { logs: ["a note"] } };
            const calls = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? web : pipe));
            const results = await Promise.all(calls.map((mcp) => mcp.callTool(record)));
            assert.ok(results.every(({ isError }) => isError !== true));
            const { structuredContent } = await web.callTool({ name: "chain_verify" });
            const { valid, length } = structuredContent as { valid: boolean; length: number };
            assert.deepEqual([valid, length], [true, 22]);
          })),
    )
  );
});
