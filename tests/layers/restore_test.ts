import assert from "node:assert/strict";
import { openInstance } from "../../core/instance.ts";
import { KnowledgeLayer } from "../../core/layers/knowledge.ts";
import type { RecordFinder } from "../../core/layers/record_facts.ts";
import { ACTOR, withInstance } from "../support/instance.ts";

Deno.test("KnowledgeLayer.restore() brings back the files of a deletion that came in between", async () => {
  await withInstance(async (instance, root) => {
    const { knowledge, store, view, records, shelf, lent } = instance;
    await knowledge.create({ name: "n", content: "one", subfolders: true }, ACTOR);
    const file = `${root}/knowledge/n/assets/x`;
    await Deno.writeTextFile(file, "old");
    await knowledge.delete("n", ACTOR);
    await knowledge.restore("n", "1", ACTOR);
    assert.equal(await Deno.readTextFile(file), "old");
    await Deno.writeTextFile(file, "new");
    const other = await openInstance(root, { mode: "write" });
    let questions = 0;
    // The first question is for the version, the second for the last deletion.
    const slow: RecordFinder = {
      async *blocks(filter, signal) {
        if (++questions === 2) await other.knowledge.delete("n", ACTOR);
        yield* records.blocks({ ...filter, below: 4 }, signal);
      },
    };
    const layer = new KnowledgeLayer(store, view, { shelf, lent, records: slow }, {
      maxBytes: 1e6,
      enabled: true,
    });
    await layer.restore("n", "1", ACTOR);
    assert.equal(questions, 2);
    assert.equal(await Deno.readTextFile(file), "new");
  });
});
