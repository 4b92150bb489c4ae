import assert from "node:assert/strict";
import type { Disk } from "../../core/disk/mod.ts";
import { printLaw } from "../../core/dsl/print.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { auditLedger } from "../../core/ledger/audit.ts";
import { restoreState } from "../../core/state/restore.ts";
import { inTempFolder } from "../disk/temp_folder.ts";
import { evolve, PERSON, testLaw } from "../evolution/law.ts";
import { ACTOR, document, NOON } from "../support/instance.ts";
import { inState, recordEffects, type Replay, someReplays } from "./simulator.ts";

const open = (root: string, mode: "read" | "write", disk?: Disk) =>
  openInstance(root, { mode, clock: () => NOON, ...(disk === undefined ? {} : { disk }) });

/** Puts a file beside a document, as a person does. */
function put(instance: Instance, path: string, text: string): void {
  const at = `${instance.root}/${path}`;
  Deno.mkdirSync(at.slice(0, at.lastIndexOf("/")), { recursive: true });
  Deno.writeTextFileSync(at, text);
}

async function prepare(instance: Instance): Promise<string> {
  const { knowledge, context } = instance;
  await knowledge.create({ name: "a", content: document("a", "one") }, ACTOR);
  await knowledge.create({ name: "b", content: document("b", "one") }, ACTOR);
  await context.save({ session: "s", name: "n", content: document("n", "one") }, ACTOR);
  put(instance, "knowledge/a/scripts/run.sh", "one");
  put(instance, "knowledge/a/scripts/gone.sh", "gone");
  put(instance, "context/s/n/assets/x.txt", "one");
  const { hash } = await (await instance.state()).commit("target", ACTOR);
  put(instance, "knowledge/a/scripts/run.sh", "two");
  Deno.removeSync(`${instance.root}/knowledge/a/scripts/gone.sh`);
  put(instance, "knowledge/a/references/more.md", "more");
  put(instance, "context/s/n/assets/x.txt", "two");
  await knowledge.set({ name: "a", content: document("a", "two") }, ACTOR);
  await knowledge.archive("b", ACTOR);
  await context.save({ session: "s", name: "n", content: document("n", "two") }, ACTOR);
  await context.save({ session: "t", name: "new", content: document("new", "x") }, ACTOR);
  return hash;
}

/** The snapshots, and those the records of the chain name. */
async function commits(instance: Instance): Promise<{ files: string[]; recorded: string[] }> {
  const recorded = [...instance.store.ledger.newest()].flatMap(({ data }) =>
    data.filter((item) => item.includes('"state_commit"'))
  ).map((item) => JSON.parse(item).snapshot_ref.slice("snapshots/".length));
  const listed = (await instance.state()).history(99);
  assert.deepEqual(listed.filter(({ problem }) => problem !== null), []);
  return { files: listed.map(({ name }) => name), recorded };
}

Deno.test("a state commit is there with its record or not at all, after every crash", async () => {
  await inTempFolder(async (root) => {
    await prepare(await open(root, "write"));
    const recording = await recordEffects(root, async (disk) => {
      const state = await (await open(root, "write", disk)).state();
      await state.commit("second", ACTOR);
    });
    for (const state of someReplays(recording)) {
      await inState(state, async (folder) => {
        for (const mode of ["read", "write"] as const) {
          const instance = await open(folder, mode);
          const { files, recorded } = await commits(instance);
          assert.deepEqual(files, recorded, `${state.label}: ${mode}`);
          if (state.acknowledged) assert.equal(files.length, 2, state.label);
        }
        const after = await open(folder, "write");
        const commit = await (await after.state()).commit("next", ACTOR, { force: true });
        assert.ok(commit.block > 0, state.label);
        const left = [...Deno.readDirSync(`${folder}/storage/snapshots`)]
          .filter(({ name }) => !name.startsWith("snapshot_"));
        await after.store.recover();
        assert.ok(left.length <= 1, state.label);
        const names = [...Deno.readDirSync(`${folder}/storage/snapshots`)].map(({ name }) => name);
        assert.ok(names.every((name) => name.startsWith("snapshot_")), names.join());
      });
    }
  });
});

/** Restores a state, and looks at every state a crash on the way may leave. */
async function afterRestoring(
  root: string,
  hash: string,
  look: (folder: string, state: Replay) => Promise<void>,
): Promise<void> {
  const recording = await recordEffects(root, async (disk) => {
    const instance = await open(root, "write", disk);
    await restoreState(instance, await instance.state(), hash, ACTOR);
  });
  for (const state of someReplays(recording)) {
    await inState(state, (folder) => look(folder, state));
  }
}

Deno.test("a restore that was interrupted is finished by doing it again, after every crash", async () => {
  await inTempFolder(async (root) => {
    const hash = await prepare(await open(root, "write"));
    const there = (await (await (await open(root, "read")).state()).present()).hash;
    await afterRestoring(root, hash, async (folder, state) => {
      const instance = await open(folder, "write");
      const commitsNow = await instance.state();
      const { L1, L2 } = (await commitsNow.present()).layers;
      const hashes = [
        ...L1.knowledge,
        ...L1.archived,
        ...L2.sessions.flatMap((one) => one.contexts!),
      ].map((one) => one.hash);
      assert.ok(hashes.every((one) => one !== null), `${state.label}: an entry is not whole`);
      if (state.acknowledged) assert.equal((await commitsNow.present()).hash, hash, state.label);
      const { failed } = await restoreState(instance, commitsNow, hash, ACTOR);
      assert.deepEqual(failed, [], state.label);
      assert.equal((await commitsNow.present()).hash, hash, state.label);
      const back = await restoreState(instance, commitsNow, there, ACTOR).catch(() => null);
      const kept = (await commitsNow.present()).hash;
      // Where the first commit was never made, nothing had been changed either.
      if (back !== null) assert.equal(kept, there, state.label);
      assert.ok((await auditLedger(instance.store)).valid, state.label);
    });
  });
});

Deno.test("a restore proposes law and constitution and changes neither, after every crash", async () => {
  await inTempFolder(async (root) => {
    Deno.mkdirSync(`${root}/skills`);
    const before = await open(root, "write");
    const evolution = await before.evolution();
    await evolution.begin(new TextEncoder().encode(printLaw(testLaw())), PERSON);
    put(before, "skills/kairos.md", "# One\n");
    const { hash } = await (await before.state()).commit("target", ACTOR);
    await evolve(evolution, "audit_rules", { content: "90 days.\n" });
    put(before, "skills/kairos.md", "# Two\n");
    const { source } = await evolution.inForce();
    await afterRestoring(root, hash, async (folder, state) => {
      const instance = await open(folder, "write");
      const law = await instance.evolution();
      const found = await law.inForce();
      assert.deepEqual([found.status, found.source, found.drift], ["decided", source, null]);
      assert.equal(Deno.readTextFileSync(`${folder}/skills/kairos.md`), "# Two\n", state.label);
      const waiting = law.list({ state: "pending" });
      assert.ok(law.list().every(({ problem }) => problem === null), state.label);
      if (state.acknowledged) assert.equal(waiting.length, 2, state.label);
      const { proposals } = await restoreState(instance, await instance.state(), hash, ACTOR);
      assert.equal(proposals.length, 2, state.label);
      assert.deepEqual((await law.audit()).findings, [], state.label);
      assert.ok((await auditLedger(instance.store)).valid, state.label);
    });
  });
});
