import assert from "node:assert/strict";
import { fuse, type Ranker } from "../../core/index/fusion.ts";
import { SearchIndex, type SearchRequest } from "../../core/index/search_index.ts";
import { Touched } from "../../core/index/touched.ts";
import type { Instance } from "../../core/instance.ts";
import { ACTOR, document, withInstance } from "../support/instance.ts";

/** Finds by a table of meanings, as vectors would find by nearness. */
class TableRanker implements Ranker {
  readonly #meanings: Readonly<Record<string, readonly string[]>>;
  readonly asked: [query: string, limit: number][] = [];

  constructor(meanings: Readonly<Record<string, readonly string[]>>) {
    this.#meanings = meanings;
  }

  search(query: string, limit: number): Promise<readonly string[]> {
    this.asked.push([query, limit]);
    return Promise.resolve(this.#meanings[query] ?? []);
  }
}

function searchWith(instance: Instance, rankers: readonly Ranker[]) {
  const maxBytes = instance.config["limits.entry_bytes"];
  const index = new SearchIndex({ ...instance, touched: new Touched(), maxBytes, rankers });
  return async (request: SearchRequest) => {
    const { hits, total, isPartial } = await index.search(request);
    return { names: hits.map(({ name }) => name), total, isPartial };
  };
}

Deno.test("fuse() adds up places, whatever the scores were", () => {
  const scores = fuse([["a", "b", "a"], ["b", "c"], []]);
  assert.deepEqual([...scores], [["a", 1 / 61], ["b", 1 / 62 + 1 / 61], ["c", 1 / 62]]);
});

Deno.test("search() fuses what other rankers find with what the words find", async () => {
  await withInstance(async (instance) => {
    const texts = {
      brewing: "Boil water for tea.",
      cup: "A cup of tea, tea, tea.",
      kettle: "Iron.",
    };
    for (const [name, text] of Object.entries(texts)) {
      await instance.knowledge.create({ name, content: document(name, text) }, ACTOR);
    }
    const ranker = new TableRanker({
      tea: ["knowledge/brewing", "knowledge/kettle", "knowledge/gone", "outside"],
      "hot drink": ["knowledge/kettle"],
    });
    const plain = searchWith(instance, []);
    const search = searchWith(instance, [ranker]);
    assert.deepEqual(await plain({ query: "tea" }), {
      names: ["cup", "brewing"],
      total: 2,
      isPartial: false,
    });
    assert.deepEqual(await search({ query: "tea" }), {
      names: ["brewing", "cup", "kettle"],
      total: 3,
      isPartial: false,
    });
    assert.deepEqual((await search({ query: "tea", layer: "l2" })).names, []);
    assert.deepEqual(await search({ query: "hot drink" }), {
      names: ["kettle"],
      total: 1,
      isPartial: true,
    });
    assert.deepEqual(await search({ query: "iron" }), await plain({ query: "iron" }));
    assert.deepEqual(ranker.asked[0], ["tea", 100]);
  });
});
