import assert from "node:assert/strict";
import { printLaw } from "../../core/dsl/print.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { auditLedger } from "../../core/ledger/audit.ts";
import { planRestore, restoreState } from "../../core/state/restore.ts";
import { count } from "../counts.ts";
import { PERSON, testLaw } from "../evolution/law.ts";
import { withFolder } from "../support/instance.ts";
import { killWorker } from "./kill_worker.ts";

const WORKER = new URL("./state_worker.ts", import.meta.url).pathname;

/** Kills workers of one kind and looks at the instance after each of them. */
async function killed<T>(
  kind: string,
  inspect: (instance: Instance, acknowledged: readonly T[]) => Promise<void>,
): Promise<void> {
  await withFolder(async (root) => {
    Deno.mkdirSync(`${root}/skills`);
    Deno.writeTextFileSync(`${root}/skills/config.yml`, "state_commit:\n  max_snapshots: 10000\n");
    const law = testLaw({ evolution_enabled: true, limits: { evolutions_per_session: 1000 } });
    const made = await openInstance(root, { mode: "write" });
    await (await made.evolution()).begin(new TextEncoder().encode(printLaw(law)), PERSON);
    const acknowledged: T[] = [];
    for (let round = 0; round < count("stateKills"); round++) {
      acknowledged.push(...await killWorker<T>(WORKER, [kind, root], 1 + (round * 5) % 4));
      const reader = await openInstance(root, { mode: "read" });
      const { status, problems, drift } = await (await reader.evolution()).inForce();
      assert.deepEqual([status, problems, drift], ["decided", [], null], `round ${round}`);
      await assertCommits(reader);
    }
    assert.ok(acknowledged.length >= count("stateKills"));
    const after = await openInstance(root, { mode: "write" });
    const { valid, findings } = await auditLedger(after.store);
    assert.deepEqual([valid, findings], [true, []]);
    const evolution = await after.evolution();
    const audit = await evolution.audit();
    assert.deepEqual(audit.findings, []);
    assert.equal((await evolution.inForce()).file?.seq, audit.law?.seq);
    assert.ok(evolution.list().every(({ problem }) => problem === null));
    await inspect(after, acknowledged);
  });
}

/** Every commit has its snapshot and its record, and all that it names is kept. */
async function assertCommits(instance: Instance): Promise<void> {
  const recorded = [...instance.store.ledger.newest()].flatMap(({ data }) =>
    data.filter((item) => item.includes('"type":"state_commit"'))
  ).map((item) => JSON.parse(item).snapshot_ref.slice("snapshots/".length));
  const state = await instance.state();
  const listed = state.history(Infinity);
  assert.deepEqual(listed.map(({ name }) => name), recorded);
  assert.deepEqual(listed.filter(({ problem }) => problem !== null), []);
  const newest = listed[0];
  if (newest === undefined) return;
  const { steps } = await planRestore(instance, state, newest.name);
  assert.deepEqual(steps.filter(({ why }) => why !== undefined), []);
}

/** A commit as the worker tells of it. */
interface Committed {
  readonly block: number;
  readonly hash: string;
  readonly snapshot: string;
}

Deno.test("state commits that were acknowledged outlive every kill -9 and can be restored", () =>
  killed<Committed>("commit", async (instance, acknowledged) => {
    const state = await instance.state();
    const blocks = [...instance.store.ledger.newest()].reverse();
    for (const { block, hash, snapshot } of acknowledged) {
      const record = JSON.parse(blocks[block]!.data[0]!);
      assert.deepEqual([record.next_snapshot_hash, record.snapshot_ref], [hash, snapshot]);
      const { name } = state.show(snapshot.slice("snapshots/".length));
      const { steps } = await planRestore(instance, state, name);
      assert.deepEqual(steps.filter(({ why }) => why !== undefined), []);
    }
    const [{ hash }] = acknowledged as [Committed];
    const { failed } = await restoreState(instance, state, hash, PERSON);
    assert.deepEqual(failed, []);
    const { L1, L2 } = (await state.present()).layers;
    const target = state.show(hash).snapshot.layers;
    assert.deepEqual([L1, L2], [target.L1, target.L2]);
  }));

/** A restore as the worker tells of it. */
interface Restored {
  readonly hash: string;
  readonly failed: number;
  readonly proposals: readonly string[];
}

Deno.test("a restore of the state that was killed leaves every entry whole and can be finished", () =>
  killed<Restored | null>("restore", async (instance, acknowledged) => {
    const state = await instance.state();
    const evolution = await instance.evolution();
    const done = acknowledged.filter((one) => one !== null);
    assert.ok(done.length > 0);
    for (const { hash, failed, proposals } of done) {
      assert.equal(failed, 0, hash);
      // The law never came back by itself.
      for (const id of proposals) assert.equal(evolution.show(id).state, "pending");
    }
    const { hash } = done.at(-1)!;
    const { failed } = await restoreState(instance, state, hash, PERSON);
    assert.deepEqual(failed, []);
    const { L1, L2 } = (await state.present()).layers;
    const target = state.show(hash).snapshot.layers;
    assert.deepEqual([L1, L2], [target.L1, target.L2]);
  }));

/** A converted law as the worker tells of it. */
interface Converted {
  readonly id: string;
  readonly block: number;
  readonly new: string;
}

Deno.test("a conversion of the law that was killed is proposed, decided and made, or not at all", () =>
  killed<Converted>("convert", async (instance, acknowledged) => {
    const evolution = await instance.evolution();
    const blocks = [...instance.store.ledger.newest()].reverse();
    for (const { id, block, new: after } of acknowledged) {
      assert.equal(evolution.show(id).state, "applied");
      assert.equal(JSON.parse(blocks[block]!.data[0]!).next_ast_hash, after);
    }
    const { source, file } = await evolution.inForce();
    assert.equal(Deno.readTextFileSync(`${instance.root}/skills/kairos.ts`), source);
    assert.ok(evolution.versions().some(({ law }) => law?.object === file?.object));
  }));
