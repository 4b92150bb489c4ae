import assert from "node:assert/strict";
import fc from "fast-check";
import { type Instance, openInstance } from "../../core/instance.ts";
import { callTool } from "../../server/mcp/tools/mod.ts";
import { count } from "../counts.ts";
import { lendingSet } from "../skillset/lending.ts";
import { ACTOR } from "../support/instance.ts";
import { until } from "../support/until.ts";
import { edit } from "./folders.ts";
import { CountingLooks, withFollowing } from "./following.ts";

/** Name and description of each entry that knowledge_list shows for some words. */
async function listed(instance: Instance, search: string, limit = 1000) {
  const { structured, text } = await callTool(instance, ACTOR, "knowledge_list", { search, limit });
  assert.ok(structured !== null, text);
  const { entries, total } = structured as {
    entries: { name: string; description: string | null }[];
    total: number;
  };
  return { entries: entries.map(({ name, description }) => [name, description]), total };
}

/** The same by who keeps nothing and follows nothing, so that every entry is looked at. */
const scanned = async (root: string, search: string) =>
  await listed(await openInstance(root, { mode: "read" }), search);

Deno.test("knowledge_list with search looks at its page alone while changes are followed", async () => {
  const disk = new CountingLooks();
  const prepare = async (root: string) => {
    for (let at = 0; at < 300; at++) {
      await edit(root, `knowledge/n${at}`, { description: `alpha w${at}x` });
    }
  };
  await withFollowing(async ({ instance }) => {
    const looks = async (search: string, limit: number, total: number) => {
      const before = disk.looks;
      assert.equal((await listed(instance, search, limit)).total, total);
      return disk.looks - before;
    };
    await looks("alpha", 10, 300);
    for (
      const [search, limit, total] of [["alpha", 10, 300], ["w7x", 10, 1], ["w", 5, 300]] as const
    ) {
      const times = await looks(search, limit, total);
      assert.ok(times <= limit * 10 + 20, `${search}: ${times} looks`);
    }
  }, { disk, prepare });
});

Deno.test("knowledge_list with search finds own writes and new entries at once", async () => {
  await withFollowing(async ({ instance, root }) => {
    await (await instance.skillsets()).install(
      lendingSet("pack", { lent: "x" }, { index_knowledge: false }),
      ACTOR,
    );
    assert.deepEqual((await listed(instance, "lent")).entries, [["lent", "About lent"]]);
    const content = "---\nname: other\ndescription: Ｃafé\ntags: [Style]\n---\n";
    await instance.knowledge.create({ name: "own", content }, ACTOR);
    for (const search of ["own", "ca fe", "OTHER", "CAFÉ sty", "fé"]) {
      assert.deepEqual((await listed(instance, search)).entries, [["own", "Ｃafé"]], search);
    }
    await edit(root, "knowledge/new", { description: "kingfisher" });
    await edit(root, "knowledge/tls.pem", { description: "kingfisher too" });
    const found = [["new", "kingfisher"], ["tls.pem", "kingfisher too"]];
    assert.deepEqual((await listed(instance, "kingfisher")).entries, found);
    await instance.knowledge.delete("own", ACTOR);
    assert.deepEqual((await listed(instance, "own")).entries, []);
  });
});

const NAMES = ["a", "b", "日本", "key.pem"];
const WORDS = ["alpha", "be", "ＡＬＰＨＡ", "日本の庭", "é", "\u0301", '"', "a b", "%", "¨"];

Deno.test("knowledge_list with search never shows stale text, whatever others edit meanwhile", async () => {
  const step = fc.record({
    name: fc.constantFrom(...NAMES),
    description: fc.option(fc.subarray(WORDS).map((words) => words.join(" "))),
    search: fc.constantFrom(...WORDS, "alp", "本の", "no such"),
  });
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: 20 }),
    (steps) =>
      withFollowing(async ({ instance, root }) => {
        for (const { name, description, search } of steps) {
          const path = `knowledge/${name}`;
          if (description === null) {
            await Deno.remove(`${root}/${path}`, { recursive: true }).catch(() => {});
          } else await edit(root, path, { description: JSON.stringify(description) });
          const now = (await scanned(root, search)).entries.map((one) => JSON.stringify(one));
          for (const one of (await listed(instance, search)).entries) {
            assert.ok(now.includes(JSON.stringify(one)), JSON.stringify(one));
          }
        }
        for (const search of WORDS) {
          const expected = JSON.stringify(await scanned(root, search));
          await until(
            async () => JSON.stringify(await listed(instance, search)) === expected,
            `${search}: ${expected}`,
          );
        }
      }),
  );
  await fc.assert(property, { numRuns: Math.ceil(count("fuzzRuns") / 40) });
});
