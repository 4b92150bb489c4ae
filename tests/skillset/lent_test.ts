import assert from "node:assert/strict";
import { KairosError } from "../../core/errors.ts";
import type { Instance } from "../../core/instance.ts";
import { listLibrary, readLibrary } from "../../core/layers/library.ts";
import { knowledgeNames } from "../../core/layers/resource_names.ts";
import { listResources } from "../../core/layers/list_resources.ts";
import { readResource } from "../../core/layers/read_resource.ts";
import { ACTOR, document, withInstance } from "../support/instance.ts";
import { lendingSet } from "./lending.ts";
import { packed } from "./sets.ts";

const own = (name: string, body: string) => ({ name, content: document(name, body) });

/** Every way in which an entry could be seen. */
async function seen(instance: Instance, name: string): Promise<Record<string, boolean>> {
  const catalog = await instance.skills();
  const { skills } = await catalog.page(null, new AbortController().signal);
  const reads = (read: () => unknown): boolean => {
    try {
      read();
      return true;
    } catch (error) {
      assert.ok(error instanceof KairosError && error.code === "not_found", String(error));
      return false;
    }
  };
  const { hits } = await instance.search({ query: "kingfisher", limit: 100 });
  return {
    listed: listLibrary(instance).some((entry) => entry.name === name),
    read: reads(() => readLibrary(instance, name)),
    named: knowledgeNames(instance).includes(name),
    resource: [...listResources(instance)].some(({ uri }) => uri === `knowledge://${name}`),
    resourceRead: reads(() => readResource(instance, `knowledge://${name}`)),
    searched: hits.some((hit) => hit.name === name),
    skill: skills.some((skill) => skill.name === name.replaceAll("_", "-")),
  };
}

const all = (value: boolean, offered = value) => ({
  listed: value,
  read: value,
  named: value,
  resource: value,
  resourceRead: value,
  searched: offered,
  skill: offered,
});

Deno.test("entries of a SkillSet in use are seen everywhere, with their origin", async () => {
  await withInstance(async (instance, root) => {
    const sets = await instance.skillsets();
    const more = { "knowledge/river_birds/references/table.csv": "a,b\n" };
    await sets.install(lendingSet("birds", { river_birds: "A kingfisher" }, {}, more), ACTOR);
    await instance.knowledge.create(own("mine", "Another kingfisher"), ACTOR);
    assert.deepEqual(await seen(instance, "river_birds"), all(true));
    const origin = { skillset: "birds", received: false };
    assert.deepEqual(
      listLibrary(instance).map((entry) => [entry.name, entry.origin]),
      [["mine", null], ["river_birds", origin]],
    );
    const entry = readLibrary(instance, "river_birds");
    assert.deepEqual([entry.body, entry.origin], ["A kingfisher", origin]);
    assert.equal(entry.path, "skillsets/birds/knowledge/river_birds/river_birds.md");
    const { hits } = await instance.search({ query: "kingfisher" });
    assert.deepEqual(
      hits.map((hit) => [hit.uri, hit.origin]).sort(),
      [["knowledge://mine", null], ["knowledge://river_birds", origin]],
    );
    const table = readResource(instance, "knowledge://river_birds/references/table.csv");
    assert.deepEqual([table.text, table.origin], ["a,b\n", origin]);
    const { fields, files } = (await instance.skills()).get("river-birds");
    assert.deepEqual(fields["metadata"], { skillset: "birds", received: "false" });
    assert.deepEqual(files.map(({ path }) => path), ["SKILL.md", "references/table.csv"]);
    assert.deepEqual(instance.knowledge.list().map(({ name }) => name), ["mine"]);
    assert.deepEqual([...Deno.readDirSync(`${root}/knowledge`)].map(({ name }) => name), ["mine"]);
  });
});

Deno.test("what a SkillSet has goes out of sight the moment it is not in use", async (t) => {
  await withInstance(async (instance, root) => {
    const sets = await instance.skillsets();
    await sets.install(lendingSet("birds", { river_birds: "A kingfisher" }), ACTOR);
    const other = lendingSet("more", { more_birds: "A kingfisher" });
    await t.step("disabled and enabled", async () => {
      assert.deepEqual(await seen(instance, "river_birds"), all(true));
      await sets.disable("birds", ACTOR);
      assert.deepEqual(await seen(instance, "river_birds"), all(false));
      assert.equal((await instance.search({ query: "kingfisher" })).total, 0);
      await sets.enable("birds", ACTOR);
      assert.deepEqual(await seen(instance, "river_birds"), all(true));
    });
    await t.step("changed by somebody with an editor", async () => {
      const file = `${root}/skillsets/birds/knowledge/river_birds/river_birds.md`;
      await Deno.writeTextFile(file, document("river_birds", "No bird"));
      assert.deepEqual(await seen(instance, "river_birds"), { ...all(true), searched: false });
      await Deno.writeTextFile(file, document("river_birds", "A kingfisher again"));
      assert.deepEqual(await seen(instance, "river_birds"), all(true));
    });
    await t.step("a state file that cannot be read", async () => {
      const state = `${root}/skillsets/config.yml`;
      const text = await Deno.readTextFile(state);
      await Deno.writeTextFile(state, "skillsets: [");
      assert.deepEqual(await seen(instance, "river_birds"), all(false));
      await Deno.writeTextFile(state, text);
      assert.deepEqual(await seen(instance, "river_birds"), all(true));
    });
    await t.step("installed and removed", async () => {
      await sets.install(other, ACTOR);
      assert.deepEqual(await seen(instance, "more_birds"), all(true));
      await sets.remove("more", ACTOR);
      assert.deepEqual(await seen(instance, "more_birds"), all(false));
    });
  });
});

Deno.test("what was received says so, and search finds it only where it is meant to", async () => {
  await withInstance(async (instance) => {
    const sets = await instance.skillsets();
    const plain = lendingSet("plain", { plain_birds: "A kingfisher" }, { layer: "L1" });
    const indexed = lendingSet("indexed", { more_birds: "A kingfisher" }, {
      index_knowledge: true,
    });
    await sets.installPackage(packed(plain), ACTOR);
    await sets.installPackage(packed(indexed), ACTOR);
    assert.deepEqual(await seen(instance, "plain_birds"), all(false));
    assert.deepEqual(await seen(instance, "more_birds"), all(false));
    await sets.enable("plain", ACTOR);
    await sets.enable("indexed", ACTOR);
    assert.deepEqual(await seen(instance, "plain_birds"), all(true, false));
    assert.deepEqual(await seen(instance, "more_birds"), all(true));
    assert.equal((await instance.search({ query: "kingfisher" })).total, 1);
    const origins = listLibrary(instance).map(({ origin }) => origin?.received);
    assert.deepEqual(origins, [true, true]);
    const { fields } = (await instance.skills()).get("more-birds");
    assert.deepEqual(fields["metadata"], { skillset: "indexed", received: "true" });
    assert.deepEqual(sets.info("plain").received, true);
    // The user's own files of the same name are not somebody else's any more.
    await sets.install(plain, ACTOR, { force: true, layer: "L1" });
    assert.deepEqual(await seen(instance, "plain_birds"), all(true));
    assert.equal(readLibrary(instance, "plain_birds").origin?.received, false);
    const quiet = lendingSet("quiet", { quiet_birds: "A kingfisher" }, { index_knowledge: false });
    await sets.install(quiet, ACTOR);
    assert.deepEqual(await seen(instance, "quiet_birds"), all(true, false));
  });
});

Deno.test("a name leads to L1's entry first, then to the first SkillSet's", async () => {
  await withInstance(async (instance) => {
    const sets = await instance.skillsets();
    const from = () => readLibrary(instance, "birds").origin?.skillset ?? null;
    const hit = async () =>
      (await instance.search({ query: "kingfisher" })).hits
        .map(({ uri, origin }) => [uri, origin?.skillset ?? null]);
    await sets.install(lendingSet("b-set", { birds: "The kingfisher of b" }), ACTOR);
    await sets.install(lendingSet("a_set", { birds: "The kingfisher of a" }), ACTOR);
    await sets.install(lendingSet("Z", { birds: "The kingfisher of Z" }), ACTOR);
    assert.equal(from(), "Z");
    assert.deepEqual(await hit(), [["knowledge://birds", "Z"]]);
    const { hidden } = instance.lent(instance.view());
    assert.deepEqual(hidden.map(({ origin }) => origin?.skillset), ["a_set", "b-set"]);
    await sets.remove("Z", ACTOR);
    assert.equal(from(), "a_set");
    await instance.knowledge.create(own("birds", "My kingfisher"), ACTOR);
    assert.equal(from(), null);
    assert.deepEqual(await hit(), [["knowledge://birds", null]]);
    assert.equal(listLibrary(instance).length, 1);
    await instance.knowledge.archive("birds", ACTOR);
    assert.equal(from(), "a_set");
    assert.deepEqual(await hit(), [["knowledge://birds", "a_set"]]);
  });
});

Deno.test("an entry of a SkillSet is changed by nobody, and an own one may take its place", async () => {
  await withInstance(async (instance, root) => {
    const sets = await instance.skillsets();
    await sets.install(lendingSet("birds", { river_birds: "A kingfisher" }), ACTOR);
    const { knowledge } = instance;
    const document = `${root}/skillsets/birds/knowledge/river_birds/river_birds.md`;
    const before = await Deno.readTextFile(document);
    const tries: Readonly<Record<string, () => unknown>> = {
      update: () => knowledge.update(own("river_birds", "Mine"), ACTOR),
      delete: () => knowledge.delete("river_birds", ACTOR),
      archive: () => knowledge.archive("river_birds", ACTOR),
      get: () => knowledge.get("river_birds"),
    };
    for (const [what, attempt] of Object.entries(tries)) {
      await assert.rejects(async () => await attempt(), (error) => {
        assert.ok(error instanceof KairosError, what);
        assert.equal(error.code, "refused");
        assert.match(error.message, /"river_birds" belongs to SkillSet 'birds': it is read only/);
        return true;
      });
    }
    assert.equal(await Deno.readTextFile(document), before);
    await knowledge.create(own("river_birds", "Mine"), ACTOR);
    assert.equal((await knowledge.update(own("river_birds", "Mine too"), ACTOR)).action, "update");
    assert.equal(await Deno.readTextFile(document), before);
  });
});

Deno.test("knowledge_dirs name entries or folders of entries, and lead nowhere else", async (t) => {
  const cases: readonly [what: string, dirs: string[], found: string[]][] = [
    ["entries", ["knowledge/one", "knowledge/deep/two/"], ["one", "two"]],
    ["a folder of entries", ["knowledge"], ["deep", "one", "日本語"]],
    ["an entry whose document has another name", ["knowledge/日本語"], ["日本語"]],
    ["an entry with a folder of its own making", ["knowledge/deep/二"], ["二"]],
    ["a folder of entries with a README", ["knowledge/deep"], ["two", "二"]],
    ["a folder twice", ["knowledge/one", "knowledge/one"], ["one"]],
    ["what is not there", ["knowledge/none", "config/c.yml"], []],
    ["what is hidden", ["knowledge/.hidden", ".hidden"], []],
    ["a link that leads outside", ["knowledge/link"], []],
    ["nothing", [], []],
  ];
  await withInstance(async (instance, root) => {
    const set = `${root}/skillsets/pack`;
    const texts: Readonly<Record<string, string>> = {
      "knowledge/one/one.md": "# One",
      "knowledge/deep/two/two.md": "# Two",
      "knowledge/deep/README.md": "About these",
      "knowledge/deep/二/other.md": "# 二",
      "knowledge/deep/二/tables/table.md": "Not an entry",
      "knowledge/日本語/ノート.md": "# 三",
      "knowledge/.hidden/.hidden.md": "# Hidden",
      ".hidden/four/four.md": "# Four",
      "config/c.yml": "a: 1",
    };
    for (const [path, text] of Object.entries(texts)) {
      await Deno.mkdir(`${set}/${path}`.replace(/\/[^/]+$/, ""), { recursive: true });
      await Deno.writeTextFile(`${set}/${path}`, text);
    }
    await Deno.mkdir(`${root}/outside/link`, { recursive: true });
    await Deno.writeTextFile(`${root}/outside/link/link.md`, "# Outside");
    await Deno.symlink(`${root}/outside/link`, `${set}/knowledge/link`);
    for (const [what, knowledge_dirs, found] of cases) {
      await t.step(what, async () => {
        const manifest = { name: "pack", version: "1", knowledge_dirs };
        await Deno.writeTextFile(`${set}/skillset.json`, JSON.stringify(manifest));
        assert.deepEqual(listLibrary(instance).map(({ name }) => name), found);
      });
    }
  });
});

Deno.test("config/safety.yml blocks entries and files of SkillSets too", async () => {
  await withInstance(async (_, root) => {
    const more = { "knowledge/river_birds/references/birds.pem": "no picture" };
    await Deno.mkdir(`${root}/config`);
    await Deno.writeTextFile(`${root}/config/safety.yml`, "blocklist: [secret_*, '*.pem']\n");
    const { openInstance } = await import("../../core/instance.ts");
    const instance = await openInstance(root, { mode: "write" });
    const entries = { river_birds: "A kingfisher", secret_birds: "A kingfisher" };
    for (const { path, bytes } of lendingSet("birds", entries, {}, more)) {
      const at = `${root}/skillsets/birds/${path}`;
      await Deno.mkdir(at.replace(/\/[^/]+$/, ""), { recursive: true });
      await Deno.writeFile(at, bytes);
    }
    assert.deepEqual(knowledgeNames(instance), ["river_birds"]);
    const uris = [...listResources(instance, { layer: "l1" })].map(({ uri }) => uri);
    assert.deepEqual(uris, ["knowledge://river_birds"]);
    const { hits } = await instance.search({ query: "kingfisher" });
    assert.deepEqual(hits.map(({ name }) => name), ["river_birds"]);
    for (
      const uri of ["knowledge://secret_birds", "knowledge://river_birds/references/birds.pem"]
    ) {
      assert.throws(() => readResource(instance, uri), /config\/safety\.yml blocks/);
    }
  });
});
