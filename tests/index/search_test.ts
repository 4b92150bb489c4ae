import assert from "node:assert/strict";
import fc from "fast-check";
import type { SearchRequest } from "../../core/index/search_index.ts";
import { count } from "../counts.ts";
import { ACTOR, NOON, withInstance } from "../support/instance.ts";
import { edit, found, makeStorage } from "./folders.ts";

/** Runs a test on a few documents of all layers. */
async function withDocuments(
  test: (search: (request: SearchRequest | string) => Promise<string[]>, root: string) =>
    | Promise<void>
    | void,
): Promise<void> {
  await withInstance(async (instance, root) => {
    await makeStorage(root);
    await edit(root, "knowledge/naming", {
      description: "How things are called",
      tags: "style, Code Rules",
      body: "Identifiers are snake_case: `read_entry_folder`, never `readEntryFolder`.",
    });
    await edit(root, "knowledge/設計メモ", {
      description: "索引の設計",
      body: "日本語の全文検索は、単語の区切りがなくても見つかる。ﾊﾟｽﾜｰﾄﾞも。",
    });
    await edit(root, "knowledge/other", { body: "Naming is mentioned here, in passing. Go! CI." });
    await edit(root, "knowledge/.archived/old", { body: "An outdated remark on snake_case" });
    await edit(root, "context/s1/plan", { body: "First the cafe\u0301, then snake_case" });
    await edit(root, "context/s2/plan", { tags: "style", body: "Русский текст и עברית" });
    await Deno.mkdir(`${root}/skills`, { recursive: true });
    await Deno.writeTextFile(`${root}/skills/kairos.md`, "# The constitution\n\nNo secrets.\n");
    await test(
      async (request) =>
        found(await instance.search(typeof request === "string" ? { query: request } : request)),
      root,
    );
  });
}

Deno.test("search() finds words and parts of words in any script", async (t) => {
  const cases: [query: string, uris: string[]][] = [
    ["identifiers", ["knowledge://naming"]],
    ["read_entry_folder", ["knowledge://naming"]],
    ["entryfold", ["knowledge://naming"]],
    ["folder`, never", ["knowledge://naming"]],
    ["検索", ["knowledge://設計メモ"]],
    ["全文検索", ["knowledge://設計メモ"]],
    ["パスワード", ["knowledge://設計メモ"]],
    ["索", ["knowledge://設計メモ"]],
    ["CAFE", ["context://s1/plan"]],
    ["русск", ["context://s2/plan"]],
    ["עב", ["context://s2/plan"]],
    ["go", ["knowledge://other"]],
    ["ci", ["knowledge://other"]],
    ['"in passing"', ["knowledge://other"]],
    ['"passing mentioned"', ["knowledge://other"]],
    ["constitution", ["l0://kairos.md"]],
    ["code rules", ["knowledge://naming"]],
    ["nothingofthekind", []],
  ];
  await withDocuments(async (search) => {
    for (const [query, uris] of cases) {
      await t.step(query, async () => assert.deepEqual(await search(query), uris));
    }
  });
});

Deno.test("search() puts a name before a description, a description before a mention", async () => {
  await withInstance(async (instance, root) => {
    await edit(root, "knowledge/a", { body: `${"word ".repeat(30)} deploy` });
    await edit(root, "knowledge/b", { description: "deploy", body: "word ".repeat(30) });
    await edit(root, "knowledge/deploy", { body: "word ".repeat(30) });
    for (const name of ["x", "y", "z"]) await edit(root, `knowledge/${name}`, "other words");
    const answer = await instance.search({ query: "deploy" });
    assert.deepEqual(found(answer), ["knowledge://deploy", "knowledge://b", "knowledge://a"]);
    assert.equal(answer.total, 3);
    assert.deepEqual([...answer.hits].map(({ score }) => score > 0), [true, true, true]);
    assert.equal((await instance.search({ query: "deploy", limit: 1 })).hits.length, 1);
  });
});

Deno.test("search() wants all words, and takes some when nothing has all", async () => {
  await withInstance(async (instance, root) => {
    await edit(root, "knowledge/a", "red green");
    await edit(root, "knowledge/b", "red blue");
    await edit(root, "knowledge/c", "命名 と 規則");
    const both = await instance.search({ query: "red green" });
    assert.deepEqual([found(both), both.isPartial], [["knowledge://a"], false]);
    const some = await instance.search({ query: "green blue yellow" });
    assert.deepEqual([found(some).sort(), some.isPartial], [
      ["knowledge://a", "knowledge://b"],
      true,
    ]);
    const run = await instance.search({ query: "命名規則について" });
    assert.deepEqual([found(run), run.isPartial], [["knowledge://c"], true]);
  });
});

Deno.test("search() filters by layer, session, tag, age and archive", async (t) => {
  const cases: [SearchRequest, string[]][] = [
    [{ query: "snake_case" }, ["context://s1/plan", "knowledge://naming"]],
    [{ query: "snake_case", layer: "l1" }, ["knowledge://naming"]],
    [{ query: "snake_case", layer: "l2" }, ["context://s1/plan"]],
    [{ query: "plan", session: "s2" }, ["context://s2/plan"]],
    [{ query: "snake_case", archived: true }, ["context://s1/plan", "knowledge://naming", "old"]],
    [{ query: "snake_case", tag: "STYLE" }, ["knowledge://naming"]],
    [{ query: "snake_case", tag: "code rules" }, ["knowledge://naming"]],
    [{ query: "snake_case", tag: "code" }, []],
    [{ query: "plan", days: 7 }, ["context://s2/plan"]],
  ];
  await withDocuments(async (search, root) => {
    const old = new Date(NOON - 8 * 86_400_000);
    await Deno.utime(`${root}/context/s1/plan/plan.md`, old, old);
    const recent = new Date(NOON - 6 * 86_400_000);
    await Deno.utime(`${root}/context/s2/plan/plan.md`, recent, recent);
    for (const [request, names] of cases) {
      await t.step(JSON.stringify(request), async () => {
        assert.deepEqual((await search(request)).sort(), names);
      });
    }
  });
});

Deno.test("search() takes nothing in a query for an operator", async () => {
  const parts = ["AND", "OR", "NOT", "NEAR(", ")", "*", "^", ":", "-", "+", "{body}", "'", "--"];
  const hostile = fc.array(
    fc.oneof(fc.constantFrom(...parts, '"', "name:", "\0", "%", "_", "\ud800"), fc.string()),
    { minLength: 1, maxLength: 8 },
  );
  await withInstance(async (instance, root) => {
    await edit(root, "knowledge/a", "plain words AND NEAR( that * match ^ all : of - them");
    const property = fc.asyncProperty(hostile, async (words) => {
      const query = `x${words.join(" ")}`;
      await instance.search({ query });
    });
    await fc.assert(property, { numRuns: count("fuzzRuns") });
    for (const query of ["NEAR(", "^ all", "* match", "AND", "- them"]) {
      const { hits, isPartial } = await instance.search({ query });
      assert.deepEqual([hits.length, isPartial], [1, false], query);
    }
  });
});

Deno.test("search() finds entries with problems and private ones", async () => {
  await withInstance(async (instance, root) => {
    await Deno.mkdir(`${root}/knowledge/empty_folder`, { recursive: true });
    await Deno.mkdir(`${root}/knowledge/bytes`);
    await Deno.writeFile(`${root}/knowledge/bytes/bytes.md`, new Uint8Array([0xff, 0x61, 0x62]));
    await Deno.mkdir(`${root}/knowledge/yaml`);
    await Deno.writeTextFile(`${root}/knowledge/yaml/yaml.md`, "---\n: [\n---\n\nbroken front\n");
    await Deno.mkdir(`${root}/knowledge/doc/doc.md`, { recursive: true });
    await edit(root, "knowledge/mine", { more: "private: true\n", body: "my secret garden" });
    await Deno.symlink("/nowhere", `${root}/knowledge/dangling`);
    for (
      const [query, name] of [["empty_folder", "empty_folder"], ["bytes", "bytes"], [
        "broken front",
        "yaml",
      ]] as const
    ) {
      const { hits: [hit] } = await instance.search({ query });
      assert.equal(hit?.name, name);
      assert.notEqual(hit.problem, null);
    }
    const { hits: [mine] } = await instance.search({ query: "garden" });
    assert.deepEqual([mine?.name, mine?.isPrivate], ["mine", true]);
  });
});

Deno.test("search() follows no link that leads outside and names nothing that is blocked", async () => {
  await withInstance(async (instance, root) => {
    const outside = `${root}/../outside`;
    await Deno.mkdir(outside);
    await Deno.writeTextFile(`${outside}/linked.md`, "treasure");
    await Deno.mkdir(`${root}/knowledge/linked`, { recursive: true });
    await Deno.mkdir(`${root}/skills`);
    await Deno.symlink(`${outside}/linked.md`, `${root}/knowledge/linked/linked.md`);
    await Deno.symlink(outside, `${root}/knowledge/folder`);
    await Deno.symlink(`${outside}/linked.md`, `${root}/skills/linked.md`);
    await edit(root, "knowledge/id.pem", "treasure");
    await Deno.writeTextFile(`${root}/skills/.env.md`, "treasure");
    assert.deepEqual((await instance.search({ query: "treasure" })).hits, []);
  });
});

Deno.test("search() reports what the layers report of an entry", async () => {
  await withInstance(async (instance) => {
    const content = "---\ndescription: d\ntags: [a, b]\n---\n\nSome\nwords here\n";
    await instance.knowledge.create({ name: "n", content }, ACTOR);
    await instance.context.save({ session: "s", name: "c", content }, ACTOR);
    const { hits } = await instance.search({ query: "words" });
    const [context, knowledge] = hits;
    assert.equal(context?.session, "s");
    const { score: _score, ...rest } = knowledge!;
    const { modified } = instance.knowledge.get("n");
    assert.deepEqual(rest, {
      uri: "knowledge://n",
      name: "n",
      layer: "l1",
      session: null,
      archived: false,
      origin: null,
      description: "d",
      tags: ["a", "b"],
      isPrivate: false,
      modified,
      nameMatches: [],
      descriptionMatches: [],
      snippet: { text: "Some words here", matches: [[5, 10]] },
      file: null,
      problem: null,
    });
  });
});
