import assert from "node:assert/strict";
import fc from "fast-check";
import { MEETING_TOOLS } from "../../server/mcp/tools/meeting.ts";
import { callTool, type Tool, TOOLS, toolsOf } from "../../server/mcp/tools/mod.ts";
import { initInstance } from "../../core/init.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { count } from "../counts.ts";
import { SettledDisk } from "../disk/settled_disk.ts";
import { ACTOR, document, withInstance } from "../support/instance.ts";
import { type CallOutcome, driveTools } from "./drive_tools.ts";

const call = (instance: Instance, name: string, args: unknown = {}): Promise<CallOutcome> =>
  callTool(instance, ACTOR, name, args);

/** The output schema without leave for more keys, as the JSON schema says it. */
function checkOutput(tool: Tool, structured: unknown): void {
  const parsed = tool.output.safeParse(structured);
  assert.ok(parsed.success, `${tool.name}: ${parsed.error?.message}`);
  assert.deepEqual(parsed.data, structured, `${tool.name} returns more than its schema says`);
}

Deno.test("callTool() drives every tool, and each result matches its own output schema", async () => {
  await withInstance(async ({ store: { disk, clock } }, root) => {
    await initInstance(disk, root, { version: "1", clock });
    const instance = await openInstance(root, { mode: "write", clock });
    const driven = await driveTools(async (name, args) => {
      const outcome = await call(instance, name, args);
      if (!outcome.isError) {
        checkOutput(TOOLS.find((one) => one.name === name)!, outcome.structured);
      }
      return outcome;
    });
    const rest = TOOLS.map(({ name }) => name).filter((name) => !driven.has(name));
    // Those call somebody; see meeting_tools_test.ts.
    assert.deepEqual(rest, MEETING_TOOLS.map(({ name }) => name));
  });
});

Deno.test("TOOLS has one order and complete definitions", () => {
  const names = TOOLS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(names, [
    "hello_world",
    "knowledge_list",
    "knowledge_get",
    "knowledge_update",
    "knowledge_history",
    "knowledge_restore",
    "knowledge_search",
    "context_save",
    "context_create_subdir",
    "context_list",
    "context_get",
    "context_delete",
    "resource_list",
    "resource_read",
    "skillset_list",
    "skillset_info",
    "skillset_package",
    "skillset_install_archive",
    "skillset_enable",
    "skillset_disable",
    "skillset_remove",
    "chain_status",
    "chain_record",
    "chain_verify",
    "chain_history",
    "skills_list",
    "skills_get",
    "skills_dsl_list",
    "skills_dsl_get",
    "skills_evolve",
    "skills_rollback",
    "skills_promote",
    "skills_audit",
    "instructions_update",
    "definition_verify",
    "definition_decompile",
    "definition_drift",
    "formalization_record",
    "formalization_history",
    "capability_status",
    "state_status",
    "state_commit",
    "state_history",
    "meeting_connect",
    "meeting_get_skill_details",
    "meeting_acquire_skill",
    "meeting_disconnect",
    "tool_guide",
  ]);
  for (const tool of TOOLS) {
    assert.match(tool.name, /^[a-z_]+$/);
    assert.ok(tool.title !== "" && tool.description.length > 20, tool.name);
    const calls = MEETING_TOOLS.includes(tool) && tool.name !== "meeting_disconnect";
    assert.equal(tool.annotations.openWorldHint, calls, tool.name);
    assert.ok(tool.input.safeParse(tool.example).success, `example of ${tool.name}`);
  }
});

Deno.test("callTool() explains arguments that do not fit", async (t) => {
  const cases: readonly [name: string, args: unknown, parts: readonly string[]][] = [
    ["knowledge_get", {}, ["name: expected a text, found nothing"]],
    ["knowledge_get", { name: 5 }, ["name: expected a text, found 5"]],
    ["knowledge_get", { name: "" }, ["name: expected at least 1 characters"]],
    ["knowledge_get", { nam: "x", name: "x" }, [
      '"nam": there is no such argument. Did you mean name?',
    ]],
    ["knowledge_get", { name: "x", principal: "y" }, ['"principal": there is no such argument']],
    ["knowledge_update", { command: "creat", name: "x" }, [
      'command: expected one of create, update, delete, found "creat"',
    ]],
    ["chain_record", { logs: "x" }, ['logs: expected a list, found "x"']],
    ["chain_record", { logs: [] }, ["logs: expected at least 1 items"]],
    ["chain_record", { logs: ["a", 7] }, ["logs[1]: expected a text, found 7"]],
    ["chain_record", { logs: null }, ["logs: expected a list, found null"]],
    ["chain_history", { limit: 1001 }, ["limit: expected at most 1000"]],
    ["chain_history", { limit: 1.5 }, ["limit: expected a whole number, found 1.5"]],
    ["hello_world", [], ["arguments: expected an object"]],
    ["hello_world", "x", ['arguments: expected an object, found "x"']],
    ["hello_world", JSON.parse('{"__proto__":{"name":"x"}}'), ['"__proto__"']],
  ];
  await withInstance(async (instance) => {
    for (const [name, args, parts] of cases) {
      await t.step(`${name} ${JSON.stringify(args)}`, async () => {
        const result = await callTool(instance, ACTOR, name, args);
        assert.equal(result.isError, true);
        assert.equal(result.code, "usage");
        for (const part of parts) assert.ok(result.text.includes(part), result.text);
        assert.match(result.text, /\nArguments that work: \{/);
      });
    }
  });
});

Deno.test("callTool() tells what to do after a refusal", async (t) => {
  const cases: readonly [name: string, args: unknown, code: string, text: RegExp][] = [
    ["knowledge_get", { name: "nope" }, "not_found", /^FAILED: Knowledge "nope" not found\nWhat /],
    ["knowledge_get", { name: "../x" }, "invalid", /single path segment/],
    ["knowledge_update", { command: "create", name: "x" }, "usage", /content is missing/],
    ["knowledge_update", { command: "update", name: "no", content: "x" }, "not_found", /Available/],
    ["knowledge_update", { command: "create", name: "here", content: "x" }, "exists", /Update it/],
    [
      "knowledge_update",
      { command: "update", name: "here", content: "y", base_hash: "0".repeat(64) },
      "conflict",
      /Read it again.*\nDetails: .*"found":"[0-9a-f]{64}"/,
    ],
    ["knowledge_restore", { name: "here", version: "99" }, "not_found", /Cannot find version "99"/],
    ["context_get", { session_id: "s", name: "n" }, "not_found", /Session "s" not found/],
    ["context_save", { session_id: "..", name: "n", content: "x" }, "invalid", /session name/],
    ["resource_read", { uri: "file:///etc/passwd" }, "invalid", /no such address/],
    ["chain_record", { logs: ['{"type":"knowledge_update"}'] }, "refused", /is reserved/],
    ["chain_history", { cursor: "x" }, "invalid", /it is no cursor/],
    ["tool_guide", { command: "search" }, "usage", /query is missing/],
    ["tool_guide", { command: "detail", tool_name: "x" }, "not_found", /catalog lists all/],
    [
      "tool_guide",
      { command: "apply_metadata", tool_name: "chain_record", metadata: {} },
      "refused",
      /not approved/,
    ],
    [
      "tool_guide",
      {
        command: "apply_metadata",
        tool_name: "chain_record",
        metadata: { category: "x" },
        approved: true,
      },
      "invalid",
      /category must be one of chain/,
    ],
  ];
  await withInstance(async (instance, root) => {
    await call(instance, "knowledge_update", { command: "create", name: "here", content: "text" });
    for (const [name, args, code, text] of cases) {
      await t.step(`${name} ${JSON.stringify(args)}`, async () => {
        const before = instance.store.ledger.head().length;
        const result = await callTool(instance, ACTOR, name, args);
        assert.deepEqual([result.isError, result.code], [true, code], result.text);
        assert.match(result.text, text);
        assert.ok(!result.text.includes(root), "no path of the machine");
        assert.equal(instance.store.ledger.head().length, before, "nothing is written");
      });
    }
  });
});

Deno.test("callTool() never writes in an instance opened for reading", async () => {
  await withInstance(async (instance) => {
    const result = await callTool(instance, ACTOR, "chain_record", { logs: ["x"] });
    assert.deepEqual([result.isError, result.code], [true, "refused"]);
    assert.equal((await call(instance, "chain_verify")).isError, false);
  }, { mode: "read" });
});

Deno.test("callTool() takes the principal from the door and the agent's name as a claim", async () => {
  await withInstance(async (instance) => {
    const args = { command: "create", name: "x", content: "text" };
    await callTool(instance, { principal: "stdio:eve", agentId: "bot" }, "knowledge_update", args);
    const history = await call(instance, "knowledge_history", { name: "x" });
    const [record] = history.structured!.records as { principal: string; agent_id: string }[];
    assert.deepEqual([record!.principal, record!.agent_id], ["stdio:eve", "bot"]);
    const forged = await call(instance, "knowledge_update", { ...args, principal: "cli:ada" });
    assert.match(forged.text, /"principal": there is no such argument/);
  });
});

Deno.test("knowledge_get compares the live document with the newest record", async (t) => {
  await withInstance(async (instance, root) => {
    const content = document("note", "One");
    await call(instance, "knowledge_update", { command: "create", name: "note", content });
    const look = async (name: string) => {
      const { text, structured } = await call(instance, "knowledge_get", { name });
      return { text, ...structured!.correspondence as { status: string; block: number | null } };
    };
    await t.step("agrees", async () => {
      const { text, status } = await look("note");
      assert.equal(status, "agrees");
      assert.ok(text.startsWith("## [note] About note"), text);
    });
    await t.step("drift after an edit past kairos", async () => {
      await Deno.writeTextFile(`${root}/knowledge/note/note.md`, document("note", "Two"));
      const { text, status, block } = await look("note");
      assert.deepEqual([status, block], ["drift", 1]);
      assert.match(
        text,
        /^> ⚠️ \*\*Drift detected\*\*.*active \w{12} ≠ recorded \w{12} in block #1/,
      );
    });
    await t.step("no record of an entry somebody put there", async () => {
      await Deno.mkdir(`${root}/knowledge/other`);
      await Deno.writeTextFile(`${root}/knowledge/other/other.md`, "text");
      const { text, status } = await look("other");
      assert.equal(status, "no_record");
      assert.match(text, /^> ℹ️ No recorded provenance/);
    });
    await t.step("a chain that cannot be read tells nothing, and that is said", async () => {
      await Deno.writeTextFile(`${root}/storage/blockchain.json`, "broken");
      const { text, status } = await look("note");
      assert.equal(status, "unknown");
      assert.match(text, /^> ⚠️ Not compared — L1 'note': the chain cannot be read[^\n]*\n\n## /);
    });
  });
});

Deno.test("knowledge_get keeps what it says no longer than document and chain stay", async (t) => {
  await withInstance(async (instance, root) => {
    const text = async (args = {}) =>
      (await call(instance, "knowledge_get", { name: "n", ...args })).text;
    const write = (body: string) =>
      Deno.writeTextFile(`${root}/knowledge/n/n.md`, document("n", body));
    await call(instance, "knowledge_update", {
      command: "create",
      name: "n",
      content: document("n", "One"),
    });
    for (const time of ["first", "second"]) {
      await t.step(time, async () => assert.match(await text(), /^## \[n\][^]*\nOne\n$/));
    }
    await t.step("what was asked for once", async () => {
      assert.match(await text({ include_scripts: true }), /One\n[^]*### Scripts/);
      assert.doesNotMatch(await text(), /### Scripts/);
    });
    await t.step("another document", async () => {
      await write("Two");
      assert.match(await text(), /^> ⚠️ \*\*Drift detected[^]*\nTwo\n$/);
    });
    await t.step("another chain", async () => {
      await write("One");
      assert.match(await text(), /^## \[n\]/);
      const record = { type: "knowledge_update", knowledge_id: "n", action: "update" };
      const { store } = instance;
      await store.exclusive(() => store.append([JSON.stringify({ ...record, next_hash: "ab" })]));
      assert.match(await text(), /^> ⚠️ \*\*Drift detected[^]*\nOne\n$/);
    });
  }, { disk: new SettledDisk() });
});

Deno.test("knowledge_get lists the files that were asked for", async () => {
  await withInstance(async (instance, root) => {
    const create = { command: "create", name: "n", content: "text", create_subdirs: true };
    await call(instance, "knowledge_update", create);
    await Deno.writeTextFile(`${root}/knowledge/n/scripts/run.sh`, "echo");
    const args = { name: "n", include_scripts: true, include_assets: true };
    const { text, structured } = await call(instance, "knowledge_get", args);
    assert.deepEqual(structured!.files, {
      scripts: [{ path: "scripts/run.sh", size: 4, executable: false }],
      assets: [],
    });
    assert.match(text, /### Scripts\n\n- `scripts\/run\.sh` \(4 B\)/);
    assert.match(text, /### Assets\n\nNone\./);
    assert.doesNotMatch(text, /### References/);
  });
});

Deno.test("knowledge_list pages and keeps hostile names inside their cells", async () => {
  await withInstance(async (instance, root) => {
    for (const name of ["a", "b", "c"]) {
      const content = `---\nname: ${name}\ndescription: "x | y\\nz"\n---\n\nbody\n`;
      await call(instance, "knowledge_update", { command: "create", name, content });
    }
    await Deno.mkdir(`${root}/knowledge/empty`);
    const first = await call(instance, "knowledge_list", { limit: 3 });
    assert.match(first.text, /\| a \| x \\\| y z \|/);
    const entries = first.structured!.entries as { name: string }[];
    assert.deepEqual(entries.map(({ name }) => name), ["a", "b", "c"]);
    const rest = await call(instance, "knowledge_list", { cursor: first.structured!.next_cursor });
    assert.match(rest.text, /\| empty \| ⚠️ /);
    assert.equal(rest.structured!.next_cursor, null);
    assert.match((await call(instance, "knowledge_list", { search: "zzz" })).text, /No entries/);
  });
});

Deno.test("chain_status tells the end of the chain and a failed verification", async (t) => {
  await withInstance(async (instance, root) => {
    await t.step("a fresh instance", async () => {
      const { structured } = await call(instance, "chain_status");
      const { valid, state, length, latest_block } = structured!;
      assert.deepEqual([valid, state, length, latest_block], [false, "absent", 0, null]);
    });
    await t.step("after verification", async () => {
      assert.match((await call(instance, "chain_verify")).text, /^Blockchain not created yet/);
      await call(instance, "chain_record", { logs: ["x"] });
      await call(instance, "chain_verify");
      const { structured } = await call(instance, "chain_status");
      assert.equal(structured!.valid, true);
      assert.equal((structured!.last_verify as { height: number }).height, 2);
    });
    await t.step("damage is told by verify, and then by status", async () => {
      const path = `${root}/storage/blockchain.json`;
      await call(instance, "chain_record", { logs: ["y"] });
      const text = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, text.replace('"x"', '"z"'));
      const verified = await call(instance, "chain_verify");
      assert.equal(verified.isError, false, "a verdict is a result");
      assert.match(verified.text, /^Blockchain Integrity Check FAILED! \(state: corrupt\)\nCompat/);
      assert.match(verified.text, /- block #1: merkle_root must be/);
      assert.equal((await call(instance, "chain_status")).structured!.valid, false);
      const refused = await callTool(instance, ACTOR, "chain_record", { logs: ["x"] });
      assert.equal(refused.code, "corrupt");
    });
  });
});

Deno.test("callTool() answers whatever it is sent, as a result", async () => {
  await withInstance(async (instance) => {
    await call(instance, "knowledge_update", { command: "create", name: "x", content: "text" });
    const tools = toolsOf(instance.config);
    const names = fc.constantFrom(...tools.map(({ name }) => name));
    const keys = fc.constantFrom(
      "name",
      "uri",
      "cursor",
      "logs",
      "command",
      "session_id",
      "query",
      "limit",
      "version",
      "content",
    );
    const text = fc.oneof(
      fc.constantFrom("x", "..", "knowledge://x", "context://x/..", "create", "catalog", "\ud800"),
      fc.string({ unit: "binary", maxLength: 20 }),
    );
    const value = fc.oneof(text, fc.integer(), fc.constant(null), fc.array(text, { maxLength: 3 }));
    const args = fc.dictionary(keys, value, { maxKeys: 4 });
    const property = fc.asyncProperty(names, args, async (name, fields) => {
      const result = await callTool(instance, ACTOR, name, fields);
      assert.notEqual(result.code, "internal", result.text);
      assert.notEqual(result.text, "");
    });
    await fc.assert(property, { numRuns: count("fuzzRuns") });
    assert.match((await call(instance, "chain_verify")).text, /: OK /);
  });
});

Deno.test("callTool() refuses a tool that does not exist and names the one that may be meant", async () => {
  await withInstance(async (instance) => {
    const code = "not_found";
    const near = /^Did you mean chain_record\?$/;
    await assert.rejects(() => call(instance, "chain_recrod"), { code, hint: near });
    await assert.rejects(() => call(instance, "nope"), { code, hint: /tools\/list/ });
  });
});
