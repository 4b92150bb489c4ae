import assert from "node:assert/strict";
import { Disk, STAGE_PREFIX } from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";
import { isObjectId, MAX_OBJECT, ObjectStore, sha256 } from "../../core/objects/objects.ts";
import { bytesOf } from "../chain/samples.ts";
import { inState, recordEffects, replays } from "../crash/simulator.ts";
import { inTempFolder } from "../disk/temp_folder.ts";

const content = bytesOf("a version of 記録");
const id = sha256(content);
const pathOf = (folder: string) => `${folder}/objects/${id.slice(0, 2)}/${id}`;
const open = (folder: string, disk = new Disk()) => new ObjectStore(disk, `${folder}/objects`);

Deno.test("ObjectStore gives back what it keeps, under its SHA-256", async () => {
  await inTempFolder((folder) => {
    const objects = open(folder);
    for (
      const bytes of [
        content,
        new Uint8Array(0),
        Uint8Array.of(0, 255, 10),
        bytesOf("x".repeat(1e6)),
      ]
    ) {
      assert.equal(objects.put(bytes), sha256(bytes));
      assert.deepEqual(objects.get(sha256(bytes)), bytes);
    }
    assert.equal(objects.get("0".repeat(64)), null);
    assert.deepEqual(
      [...objects.list()].find((object) => object.id === id),
      { id, size: content.length },
    );
    assert.equal([...objects.list()].length, 4);
    objects.remove(id);
    assert.equal(objects.get(id), null);
  });
});

Deno.test("ObjectStore.put() writes the same bytes once", async () => {
  await inTempFolder((folder) => {
    const effects: string[] = [];
    const disk = new Disk({ onEffect: ({ kind }) => void effects.push(kind) as undefined });
    const objects = open(folder, disk);
    objects.put(content);
    const first = effects.length;
    assert.ok(first > 0);
    assert.equal(objects.put(content), id);
    assert.equal(effects.length, first);
  });
});

Deno.test("ObjectStore.putAll() keeps each content once, in order, and syncs each folder once", async () => {
  await inTempFolder(async (folder) => {
    const contents = Array.from({ length: 40 }, (_, at) => bytesOf(`content ${at % 30}`));
    let ids: string[] = [];
    const { steps } = await recordEffects(
      folder,
      (disk) => ids = open(folder, disk).putAll(contents),
    );
    assert.deepEqual(ids, contents.map(sha256));
    for (const [at, id] of ids.entries()) assert.deepEqual(open(folder).get(id), contents[at]);
    const kinds = (kind: string) => steps.filter(({ label }) => label.startsWith(`${kind} `));
    const folders = new Set(ids.map((id) => id.slice(0, 2))).size;
    assert.equal(kinds("sync").length, 30);
    assert.equal(kinds("syncDir").length, folders + 2);
    const again = await recordEffects(folder, (disk) => open(folder, disk).putAll(contents));
    assert.deepEqual(again.steps, []);
  });
});

Deno.test("ObjectStore.get() detects content that changed, and put() mends it", async (t) => {
  const changes: Record<string, (path: string) => void> = {
    "a byte": (path) => Deno.writeFileSync(path, content.with(3, 0)),
    "a missing end": (path) => Deno.truncateSync(path, 5),
    "no content": (path) => Deno.truncateSync(path, 0),
    "an end too many": (path) => Deno.writeTextFileSync(path, "x", { append: true }),
  };
  for (const [name, change] of Object.entries(changes)) {
    await t.step(name, () =>
      inTempFolder((folder) => {
        const objects = open(folder);
        objects.put(content);
        change(pathOf(folder));
        assert.throws(() => objects.get(id), (error) =>
          error instanceof KairosError && error.code === "corrupt");
        objects.put(content);
        assert.deepEqual(objects.get(id), content);
      }));
  }
});

Deno.test({
  name: "ObjectStore keeps objects readable by their owner only",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempFolder((folder) => {
      open(folder).put(content);
      const disk = new Disk();
      assert.equal(disk.stat(pathOf(folder))!.mode, 0o600);
      assert.equal(disk.stat(`${folder}/objects`)!.mode, 0o700);
      assert.equal(disk.stat(`${folder}/objects/${id.slice(0, 2)}`)!.mode, 0o700);
    }),
});

Deno.test("ObjectStore.put() and putAll() leave whole objects or none after every crash", async () => {
  const other = bytesOf("another version");
  const both = [content, other];
  const ways: readonly ((objects: ObjectStore) => unknown)[] = [
    (objects) => objects.put(content),
    (objects) => objects.putAll(both),
  ];
  for (const [at, way] of ways.entries()) {
    const kept = both.slice(0, at + 1).map(sha256);
    await inTempFolder(async (folder) => {
      for (const state of replays(await recordEffects(folder, (disk) => way(open(folder, disk))))) {
        await inState(state, (copy) => {
          const objects = open(copy);
          const found = kept.filter((id) => objects.get(id) !== null);
          if (state.acknowledged) assert.deepEqual(found, kept, state.label);
          objects.sweep();
          const folders = new Disk().list(`${copy}/objects`);
          const names = folders.flatMap(({ name }) => new Disk().list(`${copy}/objects/${name}`));
          assert.deepEqual(names.map(({ name }) => name).sort(), found.toSorted());
          assert.deepEqual(objects.putAll(both), both.map(sha256));
        });
      }
    });
  }
});

Deno.test("ObjectStore.sweep() removes stages and nothing else", async () => {
  await inTempFolder((folder) => {
    const objects = open(folder);
    objects.put(content);
    const own = `${folder}/objects/${id.slice(0, 2)}`;
    Deno.writeTextFileSync(`${own}/${STAGE_PREFIX}${crypto.randomUUID()}`, "half");
    Deno.writeTextFileSync(`${own}/note.txt`, "somebody's");
    Deno.writeTextFileSync(`${folder}/objects/readme`, "somebody's");
    objects.sweep();
    assert.deepEqual(new Disk().list(own).map(({ name }) => name).sort(), [id, "note.txt"].sort());
    assert.deepEqual([...objects.list()].map((object) => object.id), [id]);
  });
});

Deno.test("ObjectStore refuses names that are no SHA-256 and more than it may keep", async () => {
  await inTempFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/secret`, "s");
    const objects = open(folder);
    for (
      const name of ["", "../../secret", "A".repeat(64), "a".repeat(63), `${"a".repeat(64)}\n`]
    ) {
      assert.equal(isObjectId(name), false);
      assert.throws(
        () => objects.get(name),
        (error) => error instanceof KairosError && error.code === "invalid",
      );
      objects.remove(name);
    }
    assert.equal(Deno.readTextFileSync(`${folder}/secret`), "s");
    assert.throws(
      () => objects.put(new Uint8Array(MAX_OBJECT + 1)),
      (error) => error instanceof KairosError && error.code === "too_large",
    );
  });
});
