import assert from "node:assert/strict";
import { defaultConfig } from "../../core/config/config.ts";
import { toolsOf } from "../../server/mcp/tools/mod.ts";

const TOOLS = toolsOf(defaultConfig());
import { document, inInstance, kairos, kairosJson, leaveHalfway, snapshot } from "./harness.ts";

Deno.test("call lists the tools", async () => {
  await inInstance(async (folder) => {
    const { value } = await kairosJson<{ name: string }[]>(folder, ["call"]);
    assert.deepEqual(value.map(({ name }) => name), TOOLS.map(({ name }) => name));
    assert.match(
      (await kairos(folder, ["call"])).out,
      /^TOOL +CHANGES +TITLE\n[^]*\nchain_verify /,
    );
  });
});

Deno.test("call runs a tool as an agent would", async (t) => {
  await inInstance(async (folder) => {
    await kairos(folder, ["knowledge", "set", "a"], { stdin: document("a") });
    await t.step("text", async () => {
      const { code, out } = await kairos(folder, ["call", "knowledge_get", "name=a"]);
      assert.equal(code, 0);
      assert.match(out, /About a/);
    });
    await t.step("numbers, structured", async () => {
      const { code, value } = await kairosJson<Record<string, unknown>>(folder, [
        "call",
        "chain_history",
        "limit:=1",
      ]);
      assert.equal(code, 0);
      assert.equal(typeof value, "object");
    });
    await t.step("one object, and one on standard input", async () => {
      const object = '{"logs":["from a call"]}';
      assert.equal((await kairos(folder, ["call", "chain_record", object])).code, 0);
      const { code } = await kairos(folder, ["call", "chain_record", "-"], { stdin: object });
      assert.equal(code, 0);
      const { value } = await kairosJson<{ data: string[] }>(folder, ["chain", "show"]);
      assert.deepEqual(value.data, ["from a call"]);
    });
    await t.step("the principal is the person at the command line", async () => {
      await kairos(folder, [
        "call",
        "knowledge_update",
        JSON.stringify({
          command: "update",
          name: "a",
          content: document("a", "new"),
        }),
      ]);
      const { value } = await kairosJson<{ principal: string }[]>(folder, [
        "knowledge",
        "history",
        "a",
      ]);
      assert.equal(value.length, 2);
      assert.equal(value[0]!.principal, "cli:tester");
    });
  });
});

Deno.test("call tells what was wrong", async (t) => {
  const cases: [string, string[], number, string][] = [
    ["no such tool", ["none"], 1, "not_found"],
    ["a wrong argument", ["knowledge_get", "nam=a"], 2, "usage"],
    ["a missing entry", ["knowledge_get", "name=none"], 1, "not_found"],
    ["a refusal", ["chain_record", 'logs:=["{\\"type\\":\\"knowledge_update\\"}"]'], 5, "refused"],
    ["a word of no form", ["knowledge_get", "a"], 2, "usage"],
    ["no JSON", ["knowledge_get", "name:=a"], 2, "usage"],
  ];
  await inInstance(async (folder) => {
    for (const [name, argv, exit, expected] of cases) {
      await t.step(name, async () => {
        const { code, value } = await kairosJson<{ error: { code: string; message: string } }>(
          folder,
          ["call", ...argv],
        );
        assert.equal(value.error.code, expected, value.error.message);
        assert.equal(code, exit);
      });
    }
  });
});

Deno.test("call of a tool that only reads changes no byte", async () => {
  await inInstance(async (folder, root) => {
    await kairos(folder, ["chain", "record", "one"]);
    await leaveHalfway(root);
    const before = await snapshot(folder);
    assert.equal((await kairos(folder, ["call", "chain_status"])).code, 0);
    assert.deepEqual(await snapshot(folder), before);
    await kairos(folder, ["call", "chain_record", 'logs:=["two"]']);
    assert.deepEqual([...Deno.readDirSync(`${root}/storage/intents`)], []);
  });
});

Deno.test("call and its completion follow the families that are switched on", async () => {
  await inInstance(async (folder, root) => {
    const config = `${root}/skills/config.yml`;
    await Deno.writeTextFile(config, "tools:\n  families: [chain]\n");
    const { value } = await kairosJson<{ name: string }[]>(folder, ["call"]);
    const on = TOOLS.map(({ name }) => name).filter((name) => name.startsWith("chain_"));
    assert.deepEqual(value.map(({ name }) => name), on);
    const { out } = await kairos(folder, ["__complete", "zsh", "call", "="]);
    const offered = out.match(/^\w+_\w+(?=\t|$)/gm);
    assert.deepEqual(offered?.toSorted(), on.toSorted());
    const refused = await kairosJson<{ error: { code: string; hint: string } }>(
      folder,
      ["call", "knowledge_get", "name=a"],
    );
    assert.equal(refused.value.error.code, "refused");
    assert.match(refused.value.error.hint, /add knowledge to tools\.families/);

    await Deno.writeTextFile(config, "tools:\n  families: [chain, knowlege]\n");
    const doctor = await kairos(folder, ["doctor"]);
    assert.equal(doctor.code, 3);
    assert.match(
      doctor.out,
      /tools\.families in "skills\/config\.yml" at line 2, column 3: found "k/,
    );
    assert.equal((await kairos(folder, ["call"])).code, 1);
    const names = await kairos(folder, ["__complete", "zsh", "call", "="]);
    assert.match(names.out, /^knowledge_get/m);
  });
});
