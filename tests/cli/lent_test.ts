import assert from "node:assert/strict";
import { lendingSet } from "../skillset/lending.ts";
import { packed } from "../skillset/sets.ts";
import { document } from "../support/instance.ts";
import { inInstance, kairos, kairosJson } from "./harness.ts";

/** An entry as `--json` prints it. */
interface Known {
  readonly name: string;
  readonly skillset: string | null;
  readonly received: boolean;
}

interface Checks {
  readonly checks: readonly {
    readonly name: string;
    readonly status: string;
    readonly found: string;
  }[];
}

/** Installs a SkillSet from a folder, or as a package. */
async function install(
  folder: string,
  name: string,
  entry: string,
  isPackage = false,
): Promise<void> {
  const fields = { index_knowledge: true };
  const files = lendingSet(name, { [entry]: `A kingfisher of ${name}` }, fields);
  if (isPackage) {
    const argv = ["install-archive", "-", "--enable"];
    assert.equal((await kairos(folder, argv, { stdin: packed(files) })).code, 0);
    return;
  }
  for (const { path, bytes } of files) {
    const at = `${folder}/src/${name}/${path}`;
    await Deno.mkdir(at.slice(0, at.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(at, bytes);
  }
  assert.equal((await kairos(folder, ["skillset", "install", `src/${name}`])).code, 0);
}

Deno.test("knowledge list, show and search give the entries of SkillSets with their origin", async () => {
  await inInstance(async (folder, root) => {
    await install(folder, "birds", "river_birds");
    await install(folder, "fish", "small_fish", true);
    const { value } = await kairosJson<Known[]>(folder, ["knowledge", "list"]);
    assert.deepEqual(
      value.filter(({ skillset }) => skillset !== null)
        .map(({ name, skillset, received }) => [name, skillset, received]),
      [["river_birds", "birds", false], ["small_fish", "fish", true]],
    );
    assert.ok(value.some(({ name, received }) => name === "getting_started" && !received));
    const { out: table } = await kairos(folder, ["knowledge", "list"]);
    assert.match(table, /^NAME .* FROM +ABOUT\n/);
    assert.match(table, /small_fish .*SkillSet 'fish', received/);
    assert.match(table, /getting_started .* - +How to work/);
    const shown = await kairos(folder, ["knowledge", "show", "small_fish"]);
    assert.match(shown.out, /A kingfisher of fish/);
    assert.match(shown.err, /From SkillSet 'fish', received; read only/);
    const show = await kairosJson<Known>(folder, ["knowledge", "show", "river_birds"]);
    assert.deepEqual([show.value.skillset, show.value.received], ["birds", false]);
    const argv = ["knowledge", "search", "kingfisher"];
    const found = await kairosJson<{ readonly hits: readonly Known[] }>(folder, argv);
    assert.deepEqual(
      found.value.hits.map(({ name, skillset, received }) => [name, skillset, received]).sort(),
      [["river_birds", "birds", false], ["small_fish", "fish", true]],
    );
    const text = await kairos(folder, argv);
    assert.match(text.out, /L1 knowledge:\/\/small_fish, SkillSet 'fish', received\n/);
    for (const command of ["knowledge delete --yes", "knowledge archive", "knowledge diff"]) {
      const { code, err } = await kairos(folder, [...command.split(" "), "river_birds"]);
      assert.equal(code, 5, `${command}: ${err}`);
      assert.match(err, /"river_birds" belongs to SkillSet 'birds': it is read only/);
    }
    const untold: string[] = [];
    for (const command of ["knowledge history", "history", "blame", "blame --diff"]) {
      const { code, err } = await kairos(folder, [...command.split(" "), "small_fish"]);
      assert.equal(code, 1, `${command}: ${err}`);
      assert.match(err, /"small_fish" has no records: it is of SkillSet 'fish', received/);
      assert.match(err, /Its SkillSet has the records: kairos skillset info fish/);
      untold.push(err);
    }
    assert.equal(new Set(untold).size, 1, "one message for one case");
    await kairos(folder, ["skillset", "disable", "birds"]);
    assert.equal((await kairos(folder, ["knowledge", "show", "river_birds"])).code, 1);
    assert.equal([...Deno.readDirSync(`${root}/knowledge`)].length, 2);
  });
});

Deno.test("doctor tells which SkillSets are broken and which entries nobody sees", async () => {
  await inInstance(async (folder, root) => {
    const skillsets = async () => {
      const { value } = await kairosJson<Checks>(folder, ["doctor"]);
      return value.checks.filter(({ name }) => name === "skillsets")
        .map(({ status, found }) => `${status} ${found}`);
    };
    assert.deepEqual(await skillsets(), ["ok none"]);
    await install(folder, "a_set", "birds");
    assert.deepEqual(await skillsets(), ["ok 1 SkillSet, 1 in use"]);
    await install(folder, "b_set", "birds", true);
    const behind = `"birds" of SkillSet 'b_set', received is not seen: that of SkillSet 'a_set'`;
    assert.deepEqual(await skillsets(), [`note ${behind} comes first`]);
    await Deno.writeTextFile(`${folder}/birds.md`, document("birds", "Mine"));
    const set = await kairos(folder, ["knowledge", "set", "birds", "birds.md"]);
    assert.match(set.err, /It comes before that of SkillSet 'a_set' from now on/);
    const again = await kairos(folder, ["knowledge", "set", "birds", "birds.md"]);
    assert.doesNotMatch(again.err, /comes before/);
    await Deno.mkdir(`${root}/skillsets/broken`);
    await Deno.writeTextFile(`${root}/skillsets/broken/skillset.json`, "{");
    const [broken, ...hidden] = await skillsets();
    assert.match(broken!, /^warn "broken" is not in use: .*not JSON/);
    const own = "is not seen: the project's own entry of this name comes first";
    assert.deepEqual(hidden, [
      `note "birds" of SkillSet 'a_set' ${own}`,
      `note "birds" of SkillSet 'b_set', received ${own}`,
    ]);
  });
});

Deno.test("a broken SkillSet takes no command down", async (t) => {
  const commands = [
    "knowledge list",
    "knowledge list --archived",
    "knowledge show good_birds",
    "knowledge search kingfisher",
    "knowledge history getting_started",
    "context list",
    "skillset list",
    "skillset info good",
    "skillset package good",
    "status",
    "doctor",
    "chain verify",
    "chain log",
    "skills list",
    "call knowledge_list",
    "call knowledge_get name=good_birds",
    "call knowledge_search query=kingfisher",
    "call resource_list",
    "call resource_read uri=knowledge://good_birds",
    "call skillset_list",
    "__complete skillset info g",
  ];
  await inInstance(async (folder, root) => {
    await install(folder, "good", "good_birds");
    const broken: Readonly<Record<string, string | Uint8Array>> = {
      json: "{",
      empty: "",
      list: "[]",
      bytes: new Uint8Array([0xff, 0xfe, 0]),
      fields: '{"name":"fields","version":"1","knowledge_dirs":"knowledge"}',
      outside: '{"name":"outside","version":"1","knowledge_dirs":["../../knowledge"]}',
      other: '{"name":"good","version":"1","knowledge_dirs":["knowledge"]}',
      deep: "[".repeat(100_000),
    };
    for (const [name, text] of Object.entries(broken)) {
      await Deno.mkdir(`${root}/skillsets/${name}/knowledge/x`, { recursive: true });
      const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
      await Deno.writeFile(`${root}/skillsets/${name}/skillset.json`, bytes);
      await Deno.writeTextFile(`${root}/skillsets/${name}/knowledge/x/x.md`, "# X kingfisher");
    }
    await Deno.mkdir(`${root}/skillsets/folder/skillset.json`, { recursive: true });
    await Deno.symlink("nowhere", `${root}/skillsets/dangling`);
    await Deno.symlink(`${root}/knowledge`, `${root}/skillsets/elsewhere`);
    for (const command of commands) {
      await t.step(command, async () => {
        const { code, out, err } = await kairos(folder, command.split(" "));
        assert.equal(code, 0, err);
        assert.doesNotMatch(out, /knowledge:\/\/x\b|# X/);
      });
    }
    const { value } = await kairosJson<Known[]>(folder, ["knowledge", "list"]);
    assert.deepEqual(value.flatMap(({ name, skillset }) => skillset === null ? [] : [name]), [
      "good_birds",
    ]);
  });
});
