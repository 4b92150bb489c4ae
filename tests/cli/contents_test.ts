import assert from "node:assert/strict";
import { ACCESS } from "../../cli/access.ts";
import { commandOf, type CommandPath, COMMANDS, GROUPS } from "../../cli/contents.ts";
import { takeGlobals } from "../../cli/globals.ts";
import {
  document,
  inFolder,
  inInstance,
  kairos,
  kairosJson,
  leaveHalfway,
  snapshot,
} from "./harness.ts";

const PATHS = Object.keys(COMMANDS) as CommandPath[];

Deno.test("COMMANDS lead to commands whose examples call them", async (t) => {
  for (const path of PATHS) {
    await t.step(path, async () => {
      const { examples, about, command } = (await COMMANDS[path].load()).default;
      assert.ok(examples.length > 0);
      assert.match(about, /\.$/);
      assert.ok(command.parameters !== undefined);
      for (const { call, does } of examples) {
        assert.ok(does.length > 0);
        assert.equal(Object.hasOwn(GROUPS, call.split(" ")[0]!), path.includes(" "), call);
        const named = commandOf(takeGlobals(call.split(" ")).rest);
        assert.ok(named === path || named?.split(" ")[0] === path.split(" ")[0], call);
      }
    });
  }
});

Deno.test("COMMANDS and GROUPS agree", () => {
  const firsts = PATHS.filter((path) => path.includes(" ")).map((path) => path.split(" ")[0]!);
  assert.deepEqual([...new Set(firsts)].sort(), Object.keys(GROUPS).sort());
  assert.equal(commandOf(["chain"]), null);
  assert.equal(commandOf([]), null);
  assert.equal(commandOf(["toString"]), null);
  assert.equal(commandOf(["knowledge", "list", "x"]), "knowledge list");
});

/** What stands for a version of the law, and for a proposal, in the calls below. */
const [SNAPSHOT, PROPOSAL] = ["SNAPSHOT", "PROPOSAL"];

/** A call for every command that reads. */
const READING: readonly string[][] = [
  ["status"],
  ["chain", "status"],
  ["knowledge", "list"],
  ["knowledge", "show", "a"],
  ["knowledge", "diff", "a"],
  ["context", "list"],
  ["context", "show", "s", "c"],
  ["skillset", "list"],
  ["skillset", "info", "pack"],
  ["skillset", "diff", "pack", "./source"],
  ["skillset", "package", "pack"],
  ["package", "pack"],
  ["state", "status"],
  ["state", "history"],
  ["state", "diff"],
  ["approver", "show"],
  ["skills", "list"],
  ["skills", "show", "core_safety"],
  ["skills", "verify", "core_safety"],
  ["skills", "versions"],
  ["skills", "diff", SNAPSHOT],
  ["proposals", "list"],
  ["proposals", "show", PROPOSAL],
  ["proposals", "export", PROPOSAL],
  ["protocol", "list"],
  ["protocol", "evaluate", "a"],
  ["protocol", "propose", "a"],
  ["peers", "list"],
  ["peers", "show", "0123456789abcdef"],
  ["doctor"],
];

Deno.test("ACCESS read means that no byte changes", async (t) => {
  assert.deepEqual(
    READING.map((argv) => commandOf(argv)).sort(),
    PATHS.filter((path) => ACCESS[path].opens === "read").sort(),
  );
  await inFolder(async (folder) => {
    await kairos(folder, ["init"]);
    const root = `${folder}/.kairos`;
    await kairos(folder, ["knowledge", "set", "a"], { stdin: document("a", "one") });
    await kairos(folder, ["knowledge", "set", "a"], { stdin: document("a", "two") });
    await kairos(folder, ["context", "save", "c", "--session", "s"], { stdin: document("c") });
    const { versions: [first] } =
      (await kairosJson<{ versions: { name: string }[] }>(folder, ["skills", "versions"])).value;
    const asking = ["skills", "propose", "-", "--reason", "x"];
    const { out } = await kairos(folder, ["skills", "show", "audit_rules"]);
    const stdin = out.replace('"1.0"', '"1.1"');
    const { value } = await kairosJson<{ id: string }>(folder, asking, { stdin });
    const secret = "ada has four words";
    const person = { terminal: true, secrets: [secret, secret], env: { HOME: `${folder}/home` } };
    await kairos(folder, ["approver", "init", "--name", "ada"], person);
    const known = new Map([[SNAPSHOT, first!.name], [PROPOSAL, value.id]]);
    await Deno.mkdir(`${folder}/source`);
    await Deno.writeTextFile(`${folder}/source/skillset.json`, '{"name":"pack","version":"1"}');
    await kairos(folder, ["skillset", "install", "./source"]);
    await kairos(folder, ["state", "commit", "a point to compare with"]);
    await Deno.writeTextFile(`${root}/peers.json`, '[{"id":"0123456789abcdef"}]');
    await leaveHalfway(root);
    const before = await snapshot(folder);
    for (const words of READING) {
      const argv = words.map((word) => known.get(word) ?? word);
      await t.step(argv.join(" "), async () => {
        const { code, err } = await kairos(folder, argv);
        assert.equal(code, 0, err);
        assert.deepEqual(await snapshot(folder), before);
      });
    }
  });
});

/** A call for every command that finds by the index, and for tools that do. */
const FINDING: readonly string[][] = [
  ["chain", "log", "--type", "knowledge_update", "--since", "7d"],
  ["chain", "show", "1"],
  ["knowledge", "search", "one"],
  ["knowledge", "history", "a"],
  ["history", "a"],
  ["blame", "a"],
];
const FINDING_TOOLS: readonly string[][] = [
  ["call", "chain_history", "type=knowledge_update"],
  ["call", "knowledge_history", "name=a"],
  ["call", "knowledge_get", "name=a"],
  ["call", "knowledge_search", "query=one"],
];

Deno.test("ACCESS find means that the index is brought up to date and no other byte changes", async (t) => {
  assert.deepEqual(
    FINDING.map((argv) => commandOf(argv)).sort(),
    PATHS.filter((path) => ACCESS[path].opens === "find").sort(),
  );
  await inInstance(async (folder, root) => {
    await kairos(folder, ["knowledge", "set", "a"], { stdin: document("a", "one") });
    const index = `${root}/storage/index.db`;
    await Deno.remove(index).catch(() => {});
    await leaveHalfway(root);
    const others = async () =>
      Object.fromEntries(
        Object.entries(await snapshot(folder)).filter(([path]) => !path.startsWith(index)),
      );
    const before = await others();
    for (const argv of [...FINDING, ...FINDING_TOOLS]) {
      await t.step(argv.join(" "), async () => {
        await Deno.remove(index).catch(() => {});
        const { code, err, out } = await kairos(folder, argv);
        assert.equal(code, 0, err);
        assert.ok((await Deno.stat(index)).size > 0, "the index is there");
        assert.deepEqual(await others(), before);
        // Where it cannot be kept, the answer is the same.
        await Deno.remove(index);
        await Deno.mkdir(index);
        assert.deepEqual(await kairos(folder, argv), { code, err, out });
        await Deno.remove(index);
      });
    }
  });
});

Deno.test("--dry-run changes no byte", async (t) => {
  await inInstance(async (folder, root) => {
    await kairos(folder, ["knowledge", "set", "a"], { stdin: document("a") });
    await kairos(folder, ["context", "save", "c", "--session", "s"], { stdin: document("c") });
    await kairos(folder, ["state", "commit", "a point to go back to"]);
    await kairos(folder, ["knowledge", "set", "b"], { stdin: document("b") });
    await leaveHalfway(root);
    const before = await snapshot(folder);
    for (
      const argv of [
        ["state", "restore", "last"],
        ["knowledge", "delete", "a"],
        ["context", "delete", "s", "c"],
        ["context", "delete", "s"],
        ["objects", "gc"],
        ["chain", "repair"],
      ]
    ) {
      await t.step(argv.join(" "), async () => {
        const { code, err } = await kairos(folder, [...argv, "--dry-run"]);
        assert.equal(code, 0, err);
        assert.deepEqual(await snapshot(folder), before);
      });
    }
  });
});
