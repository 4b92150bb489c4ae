import assert from "node:assert/strict";
import type { KeptFile } from "../../core/layers/kept_files.ts";
import { ACTOR, document, withInstance } from "../support/instance.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const kept = (path: string, hash: string): KeptFile => ({ path, hash, executable: false });

Deno.test("files of an entry are brought back below the entry and nowhere else", async (t) => {
  const outside = [
    "../b/b.md",
    "scripts/../../x",
    "/etc/x",
    "a.md",
    "scripts//x",
    "scripts/./x",
    "scripts/a\\b",
    "linked/x",
    `scripts/.stage-${crypto.randomUUID()}`,
  ];
  for (const path of outside) {
    await t.step(path, () =>
      withInstance(async ({ knowledge, context, store, root }) => {
        const content = document("a", "one");
        await knowledge.create({ name: "a", content }, ACTOR);
        await context.save({ session: "s", name: "a", content }, ACTOR);
        Deno.mkdirSync(`${root}/elsewhere`);
        for (const home of ["knowledge/a", "context/s/a"]) {
          Deno.symlinkSync(`${root}/elsewhere`, `${root}/${home}/linked`);
        }
        const files = [kept(path, store.objects.put(bytes("x")))];
        const height = store.ledger.head().length;
        await assert.rejects(knowledge.set({ name: "a", content, files }, ACTOR), {
          code: "refused",
        });
        await assert.rejects(context.setFiles("s", "a", files, ACTOR), { code: "refused" });
        assert.equal(store.ledger.head().length, height);
        assert.deepEqual([...Deno.readDirSync(`${root}/elsewhere`)], []);
      }));
  }
});

Deno.test("KnowledgeLayer.set() changes document and files as one unit with one record", () =>
  withInstance(async ({ knowledge, store, root }) => {
    await knowledge.create({ name: "a", content: document("a", "one") }, ACTOR);
    Deno.mkdirSync(`${root}/knowledge/a/scripts`);
    Deno.writeTextFileSync(`${root}/knowledge/a/scripts/gone.sh`, "gone");
    const hash = store.objects.put(bytes("run"));
    const files = [{ path: "assets/深い/run.sh", hash, executable: true }];
    const content = document("a", "two");
    const height = store.ledger.head().length;
    const change = await knowledge.set({ name: "a", content, files, reason: "back" }, ACTOR);
    assert.equal(change.action, "update");
    assert.equal(store.ledger.head().length, height + 1);
    const entry = knowledge.get("a");
    assert.equal(entry.text, content);
    assert.deepEqual(entry.files.map(({ path, executable }) => [path, executable]), [
      ["assets/深い/run.sh", true],
    ]);
    const [record] = await Array.fromAsync(knowledge.history("a"));
    assert.deepEqual(record!.files, { "assets/深い/run.sh": hash });
    const again = await knowledge.set({ name: "a", content, files }, ACTOR);
    assert.equal(again.action, "none");
    // What went is kept.
    const gone = [...store.objects.list()].map(({ id }) =>
      new TextDecoder().decode(store.objects.get(id)!)
    );
    assert.ok(gone.includes("gone"));
    const missing = [kept("scripts/x", "0".repeat(64))];
    await assert.rejects(knowledge.set({ name: "a", content, files: missing }, ACTOR), {
      code: "not_found",
    });
  }));
