import assert from "node:assert/strict";
import { TOOL_FAMILIES } from "../../core/config/settings.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { instructions } from "../../server/mcp/instructions.ts";
import { promptList, promptMessages, PROMPTS } from "../../server/mcp/prompts.ts";
import { servedTools } from "../../server/mcp/served_tools.ts";
import { callTool, TOOLS } from "../../server/mcp/tools/mod.ts";
import { modernServer } from "./modern_call.ts";
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
    for (const { name } of TOOLS) {
      if (isOff(name)) assert.throws(() => served.find(name), { code: "refused" }, name);
      else assert.equal(served.find(name).name, name);
    }
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

Deno.test("prompts speak only of families that are on", async (t) => {
  const cases: readonly [families: string, prompts: string[], steps: number][] = [
    ["[knowledge, search]", ["start_session", "review_changes"], 7],
    ["[knowledge, context]", ["start_session", "close_session", "review_changes"], 16],
    ["[context]", ["close_session"], 3],
    ["[chain]", [], 0],
  ];
  const { signal } = new AbortController();
  for (const [families, prompts, steps] of cases) {
    await t.step(families, () =>
      withFamilies(families, async (instance) => {
        const { session } = await instance.context.save({ name: "n", content: "x" }, ACTOR);
        assert.deepEqual(promptList(instance.config).map(({ name }) => name), prompts);
        const on = [...servedTools(instance.config).list(), ...PROMPTS].map(({ name }) => name);
        let said = 0;
        for (const { name } of PROMPTS) {
          const args = { ...(name === "close_session" ? { session } : {}) };
          const written = promptMessages(instance, name, args, signal);
          if (!prompts.includes(name)) {
            await assert.rejects(() => written, {
              code: -32602,
              message: /is switched off; A pers/,
            });
            continue;
          }
          const [task] = (await written).messages;
          assert.ok(task?.content.type === "text");
          const named = task.content.text.match(/\b(?:knowledge|context|chain|resource)_[a-z]+/g);
          assert.deepEqual(named?.filter((one) => !on.includes(one)) ?? [], [], name);
          said += task.content.text.match(/^\d+\. /gm)!.length;
        }
        assert.equal(said, steps);
      }));
  }
});

Deno.test("MCP and the command line say the same of a tool that cannot be called", async () => {
  await withFamilies("[knowledge]", async (instance) => {
    const server = modernServer(instance);
    for (const name of ["chain_status", "knowledge_gte", "nope"]) {
      const { error } = await server.call(name, {});
      const refusal = await callTool(instance, ACTOR, name, {}).catch((thrown) => thrown);
      assert.deepEqual([error.code, error.message], [
        -32602,
        `${refusal.message}; ${refusal.hint}`,
      ]);
    }
    await server.close();
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
