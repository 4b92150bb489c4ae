import assert from "node:assert/strict";
import { TOOL_FAMILIES } from "../../core/config/settings.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { instructions } from "../../server/mcp/instructions.ts";
import { servedTools } from "../../server/mcp/served_tools.ts";
import { callTool, TOOLS } from "../../server/mcp/tools/mod.ts";
import { ACTOR, withFolder, withInstance } from "../support/instance.ts";

/** An instance with some families only. */
async function withFamilies(
  families: string,
  test: (instance: Instance) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/skills`);
    await Deno.writeTextFile(`${folder}/skills/config.yml`, `tools:\n  families: ${families}\n`);
    await test(await openInstance(folder, { mode: "write" }));
  });
}

Deno.test("a family that is switched off is neither listed nor callable nor recommended", async () => {
  await withFamilies("[guide, knowledge, hello]", async (instance) => {
    const served = servedTools(instance.config);
    const names = served.list().map(({ name }) => name);
    assert.ok(names.includes("knowledge_get") && names[0] === "hello_world");
    const isOff = (name: string) =>
      /^(?:chain|context|resource|skillset|skills|definition|formalization|instructions|capability|state|meeting)_/
        .test(name) || name === "knowledge_search";
    assert.deepEqual(names.filter(isOff), []);
    for (const { name } of TOOLS) assert.equal(served.find(name) !== undefined, !isOff(name), name);
    const call = async (name: string, args: Record<string, unknown>) => {
      const { text, structured } = await callTool(instance, ACTOR, name, args);
      return { text, structured: structured! };
    };
    await assert.rejects(() => call("chain_status", {}), {
      code: "refused",
      message: "Cannot call chain_status: its family chain is switched off",
    });
    await assert.rejects(() => call("chain_nothing", {}), { code: "not_found" });

    const off = ["search", "context", "resource", "skillset", "chain", "law", "state"];
    const catalog = await call("tool_guide", { command: "catalog" });
    assert.deepEqual(catalog.structured.off, off);
    assert.match(catalog.text, /\n\nSwitched off in skills\/config.yml: search, context, resource/);
    const hello = await call("hello_world", {});
    assert.deepEqual(hello.structured.off, off);
    for (
      const args of [
        { command: "catalog" },
        { command: "recommend", goal: "verify the chain and save a context" },
        { command: "search", query: "chain" },
        { command: "workflow" },
      ]
    ) {
      const { text, structured } = await call("tool_guide", args);
      const { tools, workflows } = structured as {
        tools: { name: string; related: string[] }[];
        workflows: { steps: { tool: string }[] }[];
      };
      const told = [
        ...tools.flatMap(({ name, related }) => [name, ...related]),
        ...workflows.flatMap(({ steps }) => steps.map(({ tool }) => tool)),
      ];
      assert.deepEqual(told.filter(isOff), [], text);
      assert.equal(/^(?:- \*\*|\d+\. )(?:chain|context|resource)_/m.test(text), false, text);
    }
    const detail = { command: "detail", tool_name: "chain_status" };
    const { isError } = await callTool(instance, ACTOR, "tool_guide", detail);
    assert.equal(isError, true);
    const told = instructions(instance).match(/\b\w+_(?:get|search|save|update|read|guide)\b/g);
    assert.deepEqual(told, ["knowledge_get", "knowledge_update", "tool_guide"]);
  });
});

Deno.test("every family but meeting is on unless settings say otherwise, and may be off", async () => {
  await withInstance(async (instance) => {
    const on = TOOL_FAMILIES.filter((family) => family !== "meeting");
    assert.deepEqual(instance.config["tools.families"], on);
    const others = TOOLS.filter(({ name }) => !name.startsWith("meeting_"));
    assert.equal(servedTools(instance.config).list().length, others.length);
    await assert.rejects(() => callTool(instance, ACTOR, "meeting_disconnect", {}), {
      code: "refused",
      message: "Cannot call meeting_disconnect: its family meeting is switched off",
    });
    const { text, structured } = await callTool(instance, ACTOR, "hello_world", {});
    assert.deepEqual(structured!.off, []);
    assert.doesNotMatch(text, /Switched off/);
  });
  await withFamilies("[]", async (instance) => {
    assert.deepEqual(servedTools(instance.config).list(), []);
    await assert.rejects(() => callTool(instance, ACTOR, "tool_guide", {}), { code: "refused" });
  });
});
