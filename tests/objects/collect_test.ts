import assert from "node:assert/strict";
import { openInstance } from "../../core/instance.ts";
import { collectObjects, findUnreferenced } from "../../core/objects/collect.ts";
import { sha256 } from "../../core/objects/objects.ts";
import type { Store } from "../../core/store.ts";

const ACTOR = { principal: "cli:tester" };

async function inStore(test: (store: Store, root: string) => Promise<void>): Promise<void> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  try {
    const { store } = await openInstance(root, { mode: "write" });
    await store.exclusive(() => store.append(["a first block"]));
    await test(store, root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function put(store: Store, text: string): string {
  return store.objects.put(new TextEncoder().encode(text));
}

function ids(store: Store): string[] {
  return [...store.objects.list()].map(({ id }) => id);
}

/** Ways to refer to the object that holds "needed". */
const REFERENCES: Record<string, (store: Store, root: string, id: string) => void | Promise<void>> =
  {
    "a record of knowledge": async (store, _root, id) => {
      const record = { type: "knowledge_update", knowledge_id: "a", next_hash: id };
      await store.exclusive(() => store.append([JSON.stringify(record)]));
    },
    "a record of a kind that is not known": async (store, _root, id) => {
      const record = { type: "x", deep: [{ files: { "a.txt": `sha256:${id}` } }] };
      await store.exclusive(() => store.append([JSON.stringify(record)]));
    },
    "plain text on the chain": async (store, _root, id) => {
      await store.exclusive(() => store.append([`see ${id}.`]));
    },
    "a record with escaped letters": async (store, _root, id) => {
      const escaped = `\\u00${id.charCodeAt(0).toString(16)}${id.slice(1)}`;
      await store.exclusive(() => store.append([`{"type":"x","hash":"${escaped}"}`]));
    },
    "the journal": (store, _root, id) => {
      store.journal.note({ action: "edit_displaced", skill_id: "x", details: { object: id } });
    },
    "a rotated journal": async (_store, root, id) => {
      await Deno.mkdir(`${root}/skills`);
      await Deno.writeTextFile(`${root}/skills/action_log.20260101T000000Z.jsonl`, `{"o":"${id}"}`);
    },
    "a damaged chain that was kept": async (_store, root, id) => {
      await Deno.mkdir(`${root}/storage/damaged`, { recursive: true });
      const text = "x".repeat(1024 * 1024 - 10) + `"${id}"`;
      await Deno.writeTextFile(`${root}/storage/damaged/blockchain-0.json`, text);
    },
    "a change on its way": async (_store, root, id) => {
      await Deno.mkdir(`${root}/storage/intents`, { recursive: true });
      await Deno.writeTextFile(`${root}/storage/intents/x.json`, JSON.stringify({ base: id }));
    },
    "an object that lists others": async (store, _root, id) => {
      const inner = put(store, JSON.stringify({ files: { "a.md": id } }));
      const outer = put(store, JSON.stringify({ files: { a: inner } }));
      await store.exclusive(() => store.append([outer]));
    },
    "a document as it stands": async (_store, root) => {
      await Deno.mkdir(`${root}/knowledge/a/references`, { recursive: true });
      await Deno.writeTextFile(`${root}/knowledge/a/references/a.txt`, "needed");
    },
    "an archived document": async (_store, root) => {
      await Deno.mkdir(`${root}/knowledge/.archived/a`, { recursive: true });
      await Deno.writeTextFile(`${root}/knowledge/.archived/a/a.md`, "needed");
    },
    "a context": async (_store, root) => {
      await Deno.mkdir(`${root}/context/s/a`, { recursive: true });
      await Deno.writeTextFile(`${root}/context/s/a/a.md`, "needed");
    },
    "the constitution": async (_store, root) => {
      await Deno.mkdir(`${root}/skills`);
      await Deno.writeTextFile(`${root}/skills/kairos.md`, "needed");
    },
    "a document in a linked room": async (_store, root) => {
      await Deno.mkdir(`${root}/elsewhere/a`, { recursive: true });
      await Deno.symlink(`${root}/elsewhere`, `${root}/knowledge`);
      await Deno.writeTextFile(`${root}/elsewhere/a/a.md`, "needed");
    },
  };

Deno.test("collectObjects() keeps what anything refers to and removes the rest", async (t) => {
  for (const [name, refer] of Object.entries(REFERENCES)) {
    await t.step(name, async () => {
      await inStore(async (store, root) => {
        const needed = put(store, "needed");
        const other = put(store, "other");
        await refer(store, root, needed);
        const { unreferenced, bytes } = await collectObjects(store);
        assert.deepEqual(unreferenced, [{ id: other, size: 5 }]);
        assert.equal(bytes, 5);
        assert.ok(ids(store).includes(needed));
        assert.ok(!ids(store).includes(other));
      });
    });
  }
});

Deno.test("collectObjects() is not fooled by what only looks like a reference", async (t) => {
  const cases: [string, (id: string) => string][] = [
    ["a longer number", (id) => `${id}0`],
    ["a part", (id) => id.slice(1)],
    ["capitals", (id) => id.toUpperCase()],
  ];
  for (const [name, write] of cases) {
    await t.step(name, async () => {
      await inStore(async (store) => {
        const id = put(store, "other");
        await store.exclusive(() => store.append([write(id)]));
        assert.equal((await collectObjects(store)).unreferenced.length, 1);
      });
    });
  }
});

Deno.test("collectObjects() keeps every version of a living and of a deleted entry", async () => {
  await inStore(async (_store, root) => {
    const instance = await openInstance(root, { mode: "write" });
    const { knowledge, store } = instance;
    for (const content of ["one", "two", "three"]) {
      await knowledge.set({ name: "a", content }, ACTOR);
      await knowledge.set({ name: "b", content: `b ${content}` }, ACTOR);
    }
    await Deno.mkdir(`${root}/knowledge/b/scripts`);
    await Deno.writeTextFile(`${root}/knowledge/b/scripts/run.sh`, "true");
    await knowledge.delete("b", ACTOR);
    const before = ids(store);
    assert.equal(before.length, 7);
    assert.deepEqual((await collectObjects(store)).unreferenced, []);
    assert.deepEqual(ids(store), before);
    await knowledge.restore("b", "3", ACTOR);
    assert.equal(knowledge.get("b").text, "b one");
  });
});

Deno.test("findUnreferenced() changes nothing and needs no lock", async () => {
  await inStore(async (store, root) => {
    const other = put(store, "other");
    const reading = (await openInstance(root, { mode: "read" })).store;
    const found = await findUnreferenced(reading);
    assert.deepEqual(found.unreferenced.map(({ id }) => id), [other]);
    assert.deepEqual(ids(store), [other]);
    await assert.rejects(collectObjects(reading), { code: "refused" });
    assert.deepEqual(ids(store), [other]);
  });
});

Deno.test("collectObjects() removes nothing while the chain is damaged", async (t) => {
  for (const text of ["", "[]", "{", '[{"index": 0}]']) {
    await t.step(JSON.stringify(text), async () => {
      await inStore(async (store, root) => {
        const id = put(store, "x");
        await Deno.writeTextFile(`${root}/storage/blockchain.json`, text);
        await assert.rejects(collectObjects(store));
        assert.deepEqual(ids(store), [id]);
      });
    });
  }
  await t.step("gone", async () => {
    await inStore(async (store, root) => {
      const id = put(store, "x");
      await Deno.remove(`${root}/storage/blockchain.json`);
      await assert.rejects(collectObjects(store), { code: "corrupt" });
      assert.deepEqual(ids(store), [id]);
      store.objects.remove(id);
      assert.equal(
        (await collectObjects(store)).kept,
        0,
        "without objects there is nothing to tell",
      );
    });
  });
  await t.step("in the middle", async () => {
    await inStore(async (store, root) => {
      const id = put(store, "x");
      for (let at = 0; at < 50; at++) {
        await store.exclusive(() => store.append(["y".repeat(500)]));
      }
      const path = `${root}/storage/blockchain.json`;
      const text = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, text.replace('"index": 5,', '"index" 5,'));
      await assert.rejects(collectObjects(store));
      assert.deepEqual(ids(store), [id]);
    });
  });
});

Deno.test("collectObjects() follows no link out of a room or around in a circle", async () => {
  await inStore(async (store, root) => {
    const id = put(store, "needed");
    await Deno.mkdir(`${root}/outside`);
    await Deno.writeTextFile(`${root}/outside/a.md`, "needed");
    await Deno.mkdir(`${root}/knowledge`);
    await Deno.symlink(`${root}/outside`, `${root}/knowledge/out`);
    await Deno.symlink(`${root}/knowledge`, `${root}/knowledge/again`);
    const { unreferenced } = await collectObjects(store);
    assert.deepEqual(unreferenced.map((one) => one.id), [id]);
    assert.equal(sha256("needed"), id);
  });
});
