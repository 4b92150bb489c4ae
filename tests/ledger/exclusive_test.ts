import assert from "node:assert/strict";
import { acquireLock, Disk } from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";
import { Journal } from "../../core/journal/journal.ts";
import { Store } from "../../core/store.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { blocksOf, openLedger } from "./open_ledger.ts";

function openStore(root: string, more: { writable?: boolean; lockTimeout?: number } = {}): Store {
  const disk = new Disk();
  const clock = () => 0;
  const { ledger, objects } = openLedger(`${root}/storage`, disk);
  const journal = new Journal({ disk, path: `${root}/skills/action_log.jsonl`, clock });
  const parts = { root, disk, ledger, objects, journal, clock, holder: "pid 1 (test)" };
  return new Store({ ...parts, writable: true, lockTimeout: 10_000, ...more });
}

Deno.test("Store.exclusive() runs callers of one process in the order they came", async () => {
  await inTempFolder(async (root) => {
    const store = openStore(root);
    const order: number[] = [];
    const all = Array.from({ length: 20 }, (_, at) =>
      store.exclusive(() => {
        order.push(at);
        return store.append([`item ${at}`]).index;
      }));
    const indexes = await Promise.all(all);
    assert.deepEqual(order, [...order.keys()]);
    assert.deepEqual(indexes, order.map((at) => at + 1));
    assert.deepEqual(
      blocksOf(store.ledger).slice(1).map(({ data }) => data[0]),
      order.map((at) => `item ${at}`),
    );
  });
});

Deno.test("Store.exclusive() goes on after a change that failed", async () => {
  await inTempFolder(async (root) => {
    const store = openStore(root);
    const failed = store.exclusive(() => {
      throw new Error("no");
    });
    const next = store.exclusive(() => "made");
    await assert.rejects(failed, /no/);
    assert.equal(await next, "made");
  });
});

Deno.test("Store.exclusive() is refused when the instance is open for reading", async () => {
  await inTempFolder(async (root) => {
    const store = openStore(root, { writable: false });
    let ran = false;
    await assert.rejects(
      store.exclusive(() => ran = true),
      (error) => error instanceof KairosError && error.code === "refused",
    );
    assert.equal(ran, false);
    assert.deepEqual(new Disk().list(root), []);
  });
});

Deno.test("Store.exclusive() gives up when another holds the lock, and works when it is free", async () => {
  await inTempFolder(async (root) => {
    const store = openStore(root, { lockTimeout: 20 });
    await store.exclusive(() => store.append(["a"]));
    const lock = await acquireLock(new Disk(), store.ledger.lockPath, {
      timeout: 20,
      holder: "pid 2 (another)",
    });
    await assert.rejects(
      store.exclusive(() => store.append(["b"])),
      (error) =>
        error instanceof KairosError && error.code === "locked" && error.message.includes("pid 2"),
    );
    lock.release();
    assert.equal((await store.exclusive(() => store.append(["c"]))).index, 2);
  });
});

Deno.test("Store.exclusive() appends behind an interrupted append that was undone", async () => {
  await inTempFolder(async (root) => {
    const store = openStore(root);
    const first = await store.exclusive(() => store.append(["a"]));
    const path = store.ledger.path;
    const text = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, text.slice(0, -2) + ',\n  {\n    "index": 2,');
    await store.exclusive(() => {
      assert.deepEqual(store.ledger.head().last, first);
      assert.equal(store.append(["b"]).previous_hash, first.hash);
    });
    assert.equal(JSON.parse(Deno.readTextFileSync(path)).length, 3);
  });
});
