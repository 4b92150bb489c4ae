import assert from "node:assert/strict";
import { printSkill } from "../../core/dsl/print.ts";
import { KairosError } from "../../core/errors.ts";
import { LawReader } from "../../core/evolution/law_reader.ts";
import { SearchIndex } from "../../core/index/search_index.ts";
import { Touched } from "../../core/index/touched.ts";
import { initInstance } from "../../core/init.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { readResource } from "../../core/layers/read_resource.ts";
import { withLawIfReadable } from "../../server/mcp/law_text.ts";
import { changedSkill, evolve, withLaw } from "../evolution/law.ts";
import { withInstance } from "../support/instance.ts";
import { until } from "../support/until.ts";
import { found, makeStorage, searchFresh } from "./folders.ts";

const SOURCE = "skills/kairos.ts";
const LAW_URI = "l0://kairos.ts";

/** Names of the skills that are found. */
async function skills(instance: Instance, query: string): Promise<string[]> {
  return (await instance.search({ query, layer: "l0" })).hits.map(({ name }) => name);
}

/** Puts an edit into the working copy that nobody decided. */
async function editLaw(root: string, content: string): Promise<void> {
  const skill = printSkill(changedSkill("audit_rules", { content }));
  await Deno.writeTextFile(`${root}/${SOURCE}`, skill);
}

/** Makes what tells which law is in force look old, so that its facts are enough. */
async function settle(root: string): Promise<void> {
  const before = new Date(Date.now() - 3_600_000);
  await Deno.utime(`${root}/skills/law.json`, before, before);
}

Deno.test("search() finds each skill of the law that ships, under an address that can be read", async () => {
  await withInstance(async ({ store: { disk, clock } }, root) => {
    await initInstance(disk, root, { version: "1", clock });
    const instance = await openInstance(root, { mode: "read", clock });
    const { law } = await (await instance.evolution()).inForce();
    for (const { id } of law.skills) {
      const { hits } = await instance.search({ query: id, layer: "l0", limit: 100 });
      const hit = hits.find(({ name }) => name === id);
      assert.equal(hit?.uri, LAW_URI, id);
      const { text } = readResource(await withLawIfReadable(instance), hit.uri!);
      assert.ok(text?.includes(id), id);
    }
    const { hits: [first] } = await instance.search({ query: "allowed_skills", layer: "l0" });
    assert.deepEqual([first?.name, first?.layer, first?.problem], ["l0_governance", "l0", null]);
    assert.match(first!.snippet!.text, /allowed_skills/);
  });
});

Deno.test("search() finds the decided law and never an edit that waits for a person", async () => {
  await withLaw(async ({ instance, root, evolution }) => {
    assert.deepEqual(await skills(instance, "180"), ["audit_rules"]);
    await editLaw(root, "Look after seventeen moons.");
    for (const query of ["seventeen", "moons"]) assert.deepEqual(await skills(instance, query), []);
    assert.deepEqual(await skills(instance, "180"), ["audit_rules"]);
    await Deno.remove(`${root}/${SOURCE}`);
    assert.deepEqual(await skills(instance, "180"), ["audit_rules"]);
    await evolve(evolution, "audit_rules", { content: "Look after seven days.\n" });
    assert.deepEqual(await skills(instance, "180"), []);
    assert.deepEqual(await skills(instance, "seven"), ["audit_rules"]);
    const request = { query: "skill", layer: "l0" } as const;
    assert.deepEqual(await instance.search(request), await searchFresh(instance, request));
  });
});

Deno.test("search() of a server finds a law as soon as it is decided", async () => {
  await withLaw(async ({ instance, root, reopen }) => {
    await settle(root);
    const told: string[] = [];
    const following = await instance.follow({
      quiet: 20,
      onChanges: (changes) => told.push(...changes.map(({ kind, uri }) => `${kind} ${uri}`)),
    });
    try {
      await following.ready;
      assert.deepEqual(await skills(instance, "180"), ["audit_rules"]);
      await editLaw(root, "Look after seventeen moons.");
      assert.deepEqual(await skills(instance, "seventeen"), []);
      await evolve(await reopen(), "chain_awareness", { content: "The golden chain.\n" });
      await until(async () => (await skills(instance, "golden")).length === 1, "the decided law");
      await until(() => told.includes(`updated ${LAW_URI}`), "the notice");
      assert.deepEqual(told.filter((one) => one.includes(".ts")), [`updated ${LAW_URI}`]);
      const { hits } = await instance.search({ query: "golden" });
      assert.equal(hits[0]?.snippet?.text.includes("golden"), true);
    } finally {
      await following.stop();
    }
  });
});

Deno.test("search() reads the law once for each state of its files", async () => {
  await withLaw(async ({ instance, root, reopen }) => {
    await settle(root);
    await makeStorage(root);
    const evolution = await reopen();
    let reads = 0;
    const read = async () => {
      reads++;
      return await evolution.inForce();
    };
    const law = new LawReader(instance.view, () => Promise.resolve({ inForce: read }));
    const touched = new Touched();
    const search = (query: string) =>
      new SearchIndex({ ...instance, maxBytes: 1e6, touched, law }).search({ query });
    // Facts of a file are trusted once some time has passed since its last change.
    await until(() => law.stamp().settled, "the facts of the law are settled");
    await search("nothing");
    assert.equal(reads, 1);
    for (const query of ["nothing", "180", "harm"]) await search(query);
    assert.equal(reads, 1, "what is in the index and what was read are enough");
  });
});

Deno.test("search() finds the skills of a law of the existing implementation", async () => {
  await withInstance(async (instance, root) => {
    await Deno.mkdir(`${root}/skills`);
    const source = 'skill :tide_tables do\n  title "Tides"\n  content "Never sail at ebb"\nend\n';
    await Deno.writeTextFile(`${root}/skills/kairos.rb`, source);
    const { hits } = await instance.search({ query: "ebb" });
    assert.deepEqual(hits.map(({ name, uri }) => [name, uri]), [["tide_tables", "l0://kairos.rb"]]);
    assert.equal(readResource(await withLawIfReadable(instance), "l0://kairos.rb").text, source);
    await Deno.writeTextFile(`${root}/skills/kairos.rb`, source.replace("ebb", "night, ever"));
    assert.deepEqual(found(await instance.search({ query: "ebb" })), []);
    assert.deepEqual(found(await instance.search({ query: "night" })), ["l0://kairos.rb"]);
  });
});

Deno.test("search() finds everything else where the law cannot be read", async () => {
  await withLaw(async ({ root }) => {
    const refusing = await openInstance(root, {
      mode: "read",
      pins: () => {
        throw new KairosError("io", "Cannot read the pins");
      },
    });
    await Deno.mkdir(`${root}/knowledge/a`, { recursive: true });
    await Deno.writeTextFile(`${root}/knowledge/a/a.md`, "180 degrees");
    assert.deepEqual(found(await refusing.search({ query: "180" })), ["knowledge://a"]);
  });
});
