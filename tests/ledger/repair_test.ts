import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { KairosError } from "../../core/errors.ts";
import type { Instance } from "../../core/instance.ts";
import { openInstance } from "../../core/instance.ts";
import { auditLedger } from "../../core/ledger/audit.ts";
import { readMarker } from "../../core/ledger/marker.ts";
import { planRepair, repairLedger } from "../../core/ledger/repair.ts";
import type { Store } from "../../core/store.ts";
import { ACTOR, withInstance } from "../support/instance.ts";

const isCorrupt = (error: unknown) => error instanceof KairosError && error.code === "corrupt";

/** Writes `count` blocks and then changes one word of one of them in the file. */
async function damaged(
  instance: Instance,
  root: string,
  block: number,
  count = 6,
): Promise<string> {
  for (let i = 1; i <= count; i++) {
    await instance.store.exclusive(() => instance.store.append([`word ${i} `]));
  }
  const path = `${root}/storage/blockchain.json`;
  const text = (await Deno.readTextFile(path)).replace(`word ${block} `, `WORD ${block} `);
  await Deno.writeTextFile(path, text);
  return text;
}

/** Repairs on the plan of this very moment. */
const repair = async (store: Store, reason: string) =>
  await repairLedger(store, ACTOR, { reason, plan: await planRepair(store) });

Deno.test("auditLedger() leaves a marker that stops appends until a repair", async () => {
  await withInstance(async (instance, root) => {
    await damaged(instance, root, 3);
    const report = await auditLedger(instance.store);
    assert.equal(report.compatible, false);
    assert.deepEqual(report.findings.map(({ block, rule }) => [block, rule]), [
      [3, "merkle_root"],
      [3, "hash"],
      [4, "previous_hash"],
    ]);
    const { store } = instance;
    await assert.rejects(store.exclusive(() => store.append(["more"])), isCorrupt);
    await assert.rejects(instance.knowledge.create({ name: "a", content: "x" }, ACTOR), isCorrupt);
    assert.equal(instance.store.journal.newest(1)[0]?.action, "verify_failed");
    await auditLedger(instance.store);
    assert.equal(instance.store.journal.newest(9).length, 1, "the same damage is noted once");
  });
});

Deno.test("auditLedger() takes the marker away when the file is whole again", async () => {
  await withInstance(async (instance, root) => {
    const text = await damaged(instance, root, 3);
    await auditLedger(instance.store);
    await Deno.writeTextFile(`${root}/storage/blockchain.json`, text.replace("WORD", "word"));
    assert.equal((await auditLedger(instance.store)).valid, true);
    assert.equal(readMarker(instance.store.disk, root), null);
    await instance.store.exclusive(() => instance.store.append(["more"]));
  });
});

Deno.test("auditLedger() of an instance open for reading changes nothing", async () => {
  await withInstance(async (instance, root) => {
    await damaged(instance, root, 3);
    const reader = await openInstance(root, { mode: "read" });
    assert.equal((await auditLedger(reader.store)).compatible, false);
    assert.equal(readMarker(instance.store.disk, root), null);
  });
});

Deno.test("auditLedger() calls a ledger that does not exist yet absent", async () => {
  await withInstance(async ({ store }) => {
    const { state, length, findings } = await auditLedger(store);
    assert.deepEqual({ state, length, findings }, { state: "absent", length: 0, findings: [] });
  });
});

Deno.test("repairLedger() keeps the intact blocks and the damaged file, and says so on the chain", async (t) => {
  const cases: Record<string, { block: number; kept: number; dropped: number }> = {
    "damage in the middle": { block: 3, kept: 3, dropped: 4 },
    "damage in the last block": { block: 6, kept: 6, dropped: 1 },
    "damage in the first block": { block: 1, kept: 1, dropped: 6 },
  };
  for (const [what, { block, kept, dropped }] of Object.entries(cases)) {
    await t.step(what, () =>
      withInstance(async (instance, root) => {
        const text = await damaged(instance, root, block);
        await auditLedger(instance.store);
        const plan = await planRepair(instance.store);
        assert.deepEqual([plan.needed, plan.kept, plan.dropped], [true, kept, dropped]);
        assert.equal(await Deno.readTextFile(`${root}/storage/blockchain.json`), text);

        const done = await repair(instance.store, "a bad disk");
        assert.equal(await Deno.readTextFile(`${root}/${done.keptAs}`), text);
        const sum = createHash("sha256").update(text).digest("hex");
        const { last } = instance.store.ledger.head();
        assert.equal(last?.index, kept);
        const { timestamp: _, ...record } = JSON.parse(last!.data[0]!);
        assert.deepEqual(record, {
          type: "ledger_repair",
          reason: "a bad disk",
          damaged_sha256: sum,
          kept_as: done.keptAs,
          blocks_kept: kept,
          blocks_dropped: dropped,
          principal: "test:ada",
          agent_id: "test-agent",
        });
        const report = await auditLedger(instance.store);
        assert.deepEqual([report.valid, report.length], [true, kept + 1]);
        await instance.store.exclusive(() => instance.store.append(["life goes on"]));
      }));
  }
});

Deno.test("repairLedger() of what is no JSON begins a new chain beside the kept file", async () => {
  await withInstance(async (instance, root) => {
    await Deno.mkdir(`${root}/storage`, { recursive: true });
    await Deno.writeTextFile(`${root}/storage/blockchain.json`, "not a chain");
    const done = await repair(instance.store, "lost");
    assert.equal(await Deno.readTextFile(`${root}/${done.keptAs}`), "not a chain");
    assert.equal((await auditLedger(instance.store)).length, 2);
  });
});

Deno.test("repairLedger() of a whole chain changes nothing", async () => {
  await withInstance(async (instance, root) => {
    await instance.store.exclusive(() => instance.store.append(["x"]));
    const before = await Deno.readTextFile(`${root}/storage/blockchain.json`);
    assert.equal((await repair(instance.store, "why not")).needed, false);
    assert.equal(await Deno.readTextFile(`${root}/storage/blockchain.json`), before);
  });
});

Deno.test("repairLedger() begins a new chain where the file is gone, and says so on it", async () => {
  await withInstance(async (instance, root) => {
    await instance.store.exclusive(() => instance.store.append(["x"]));
    await Deno.remove(`${root}/storage/blockchain.json`);
    await assert.rejects(instance.store.exclusive(() => instance.store.append(["y"])), isCorrupt);
    const done = await repair(instance.store, "the file is gone");
    assert.deepEqual([done.kept, done.keptAs, done.damagedHash], [0, null, null]);
    const record = JSON.parse(instance.store.ledger.head().last!.data[0]!);
    assert.deepEqual([record.type, record.damaged_sha256], ["ledger_repair", null]);
    assert.equal((await auditLedger(instance.store)).valid, true);
  });
});

Deno.test("planRepair() has nothing to do where no chain ever was", async () => {
  await withInstance(async ({ store }) => {
    await assert.rejects(
      planRepair(store),
      (error) => error instanceof KairosError && error.code === "not_found",
    );
  });
});

Deno.test("repairLedger() refuses a plan that no longer fits", async () => {
  await withInstance(async (instance, root) => {
    const text = await damaged(instance, root, 5);
    const plan = await planRepair(instance.store);
    const changed = text.replace("word 2 ", "WORD 2 ");
    await Deno.writeTextFile(`${root}/storage/blockchain.json`, changed);
    await assert.rejects(
      repairLedger(instance.store, ACTOR, { reason: "decided before", plan }),
      (error) => error instanceof KairosError && error.code === "conflict",
    );
    assert.equal(await Deno.readTextFile(`${root}/storage/blockchain.json`), changed);
  });
});
