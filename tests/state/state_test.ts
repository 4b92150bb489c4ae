import assert from "node:assert/strict";
import { parseRecord } from "../../core/chain/parse_record.ts";
import { collectObjects } from "../../core/objects/collect.ts";
import { sha256 } from "../../core/objects/objects.ts";
import type { Instance } from "../../core/instance.ts";
import { openInstance } from "../../core/instance.ts";
import { walkChain } from "../../core/state/pending.ts";
import { nextSnapshotName, SNAPSHOTS } from "../../core/state/snapshot_file.ts";
import { ACTOR, document, NOON, withInstance } from "../support/instance.ts";
import { evolve, withLaw } from "../evolution/law.ts";

const save = (instance: Instance, session: string, name: string, body: string) =>
  instance.context.save({ session, name, content: document(name, body) }, ACTOR);
const set = (instance: Instance, name: string, body: string) =>
  instance.knowledge.set({ name, content: document(name, body) }, ACTOR);

/** The newest record. */
function lastRecord({ store }: Instance): Readonly<Record<string, unknown>> {
  const [block] = store.ledger.newest();
  return parseRecord(block!.data[0]!)!;
}

function snapshots(root: string): string[] {
  return [...Deno.readDirSync(`${root}/${SNAPSHOTS}`)].map(({ name }) => name).sort();
}

Deno.test("StateCommits.commit() writes snapshot, record and objects as the format says", async () => {
  await withInstance(async (instance, root) => {
    await set(instance, "naming", "one");
    await save(instance, "s", "note", "会議");
    const state = await instance.state();
    const commit = await state.commit("a point to come back to", ACTOR);
    const [name] = snapshots(root);
    assert.equal(name, `snapshot_20260120_103000_${commit.hash.slice(0, 8)}.json`);
    const bytes = Deno.readFileSync(`${root}/${SNAPSHOTS}/${name}`);
    const snapshot = JSON.parse(new TextDecoder().decode(bytes));
    assert.equal(JSON.stringify(snapshot, null, 2) + "\n", new TextDecoder().decode(bytes));
    assert.deepEqual(Object.keys(snapshot), [
      "snapshot_hash",
      "created_at",
      "created_by",
      "commit_type",
      "reason",
      "layers",
      "changes_since_last",
      "version",
    ]);
    const { L0, L1, L2 } = snapshot.layers;
    for (const { manifest_hash, ...fields } of [L0, L1, L2]) {
      assert.equal(sha256(JSON.stringify(fields)), manifest_hash);
    }
    const joined = [L0, L1, L2].map(({ manifest_hash }) => manifest_hash).join(":");
    assert.equal(sha256(joined), commit.hash);
    assert.equal(
      L2.sessions[0].hash,
      sha256(JSON.stringify([{ name: "note", description: "About note" }])),
    );
    const content = document("note", "会議");
    assert.deepEqual(L2.sessions[0].contexts, [{
      name: "note",
      hash: sha256(content),
      files: [],
    }]);
    assert.equal(
      new TextDecoder().decode(instance.store.objects.get(sha256(content))!),
      content,
    );
    assert.deepEqual(
      snapshot.changes_since_last.map((one: Record<string, unknown>) => [one.layer, one.skill_id]),
      [["L1", "naming"], ["L2", "s/note"]],
    );
    const record = lastRecord(instance);
    assert.deepEqual(Object.keys(record), [
      "type",
      "commit_type",
      "actor",
      "prev_snapshot_hash",
      "next_snapshot_hash",
      "snapshot_ref",
      "summary",
      "reason",
      "timestamp",
      "principal",
      "agent_id",
      "snapshot_sha256",
    ]);
    assert.equal(record.snapshot_sha256, sha256(bytes));
    assert.equal(record.snapshot_ref, `snapshots/${name}`);
  });
});

Deno.test("StateCommits.commit() refuses what changed nothing, and an empty reason", async () => {
  await withInstance(async (instance, root) => {
    const state = await instance.state();
    await assert.rejects(state.commit(" ", ACTOR), { code: "invalid" });
    await save(instance, "s", "note", "one");
    const { hash } = await state.commit("first", ACTOR);
    await assert.rejects(state.commit("again", ACTOR), {
      code: "refused",
      message: "No changes since last commit. Use force=true to commit anyway.",
      data: { last_hash: hash },
    });
    const forced = await state.commit("again", ACTOR, { force: true });
    assert.equal(forced.hash, hash);
    assert.equal(snapshots(root).length, 2);
    await save(instance, "s", "note", "two");
    const { summary } = await state.commit("only the content of a context", ACTOR);
    assert.equal(summary.L2_sessions_modified, 1);
    assert.equal(summary.total_changes, 1);
  });
});

Deno.test("StateCommits.present() sees every kind of change", async (t) => {
  const changes: Readonly<Record<string, (instance: Instance) => unknown>> = {
    "a new entry": (instance) => set(instance, "b", "one"),
    "a changed entry": (instance) => set(instance, "a", "two"),
    "an archived entry": (instance) => instance.knowledge.archive("a", ACTOR),
    "an entry somebody edited": ({ root }) =>
      Deno.writeTextFileSync(`${root}/knowledge/a/a.md`, "x"),
    "a context's content": (instance) => save(instance, "s", "n", "two"),
    "a context deleted": ({ context }) => context.delete("s", "n", ACTOR),
    "the law": async (instance) =>
      evolve(await instance.evolution(), "audit_rules", { content: "90\n" }),
    "a skill's definition": async (instance) =>
      evolve(await instance.evolution(), "audit_rules", { definition: [] }),
    "the constitution": ({ root }) => Deno.writeTextFileSync(`${root}/skills/kairos.md`, "# New"),
  };
  for (const [name, change] of Object.entries(changes)) {
    await t.step(name, () =>
      withLaw(async ({ instance }) => {
        await set(instance, "a", "one");
        await save(instance, "s", "n", "one");
        const state = await instance.state();
        const { hash } = await state.commit("before", ACTOR);
        assert.equal((await state.status()).hasChanges, false);
        await change(instance);
        const status = await state.status();
        assert.equal(status.hasChanges, true);
        assert.notEqual(status.hash, hash);
        assert.equal((await state.diff("last")).has_changes, true);
        assert.equal((await state.diff("last", "last")).has_changes, false);
      }));
  }
  await t.step("an undecided edit of the law is none", () =>
    withLaw(async ({ instance, root }) => {
      const state = await instance.state();
      const { hash } = await state.commit("before", ACTOR);
      Deno.writeTextFileSync(`${root}/skills/kairos.ts`, "// edited\n");
      assert.equal((await state.status()).hash, hash);
    }));
});

Deno.test("pendingChanges() survive a restart and end with a commit", async () => {
  await withInstance(async (instance, root) => {
    await save(instance, "s", "before", "one");
    await (await instance.state()).commit("first", ACTOR);
    await set(instance, "a", "one");
    await instance.knowledge.update({
      name: "a",
      content: document("a", "two"),
      reason: "Promotion: it has proved true",
    }, ACTOR);
    await save(instance, "s", "n", "one");
    await instance.context.deleteSession("s", ACTOR);
    const again = await openInstance(root, { mode: "read", clock: () => NOON });
    const { pending, summary } = await (await again.state()).status();
    assert.deepEqual(
      pending.changes.map(({ layer, action, skill_id }) => `${layer} ${action} ${skill_id}`),
      ["L1 create a", "L1 promote a", "L2 create s/n", "L2 delete s"],
    );
    assert.deepEqual(summary.by_layer, { L0: 0, L1: 2, L2: 2 });
    assert.equal(pending.isCut, false);
    await (await instance.state()).commit("second", ACTOR);
    assert.equal((await (await again.state()).status()).summary.total, 0);
  });
});

Deno.test("walkChain() goes no further than an earlier walk, and finds the same", async () => {
  await withInstance(async ({ knowledge, store }) => {
    const read: number[] = [];
    const noting = {
      ledger: {
        *newest() {
          for (const block of store.ledger.newest()) {
            read.push(block.index);
            yield block;
          }
        },
      } as typeof store.ledger,
    };
    for (const name of "abcd") {
      await knowledge.create({ name, content: document(name, "one") }, ACTOR);
    }
    const before = walkChain(noting);
    assert.deepEqual(read, [4, 3, 2, 1, 0]);
    await knowledge.delete("a", ACTOR);
    read.length = 0;
    const after = walkChain(noting, before);
    assert.deepEqual(read, [5, 4]);
    assert.deepEqual(after, walkChain(store));
    assert.deepEqual(walkChain(store, { ...after, tip: { index: 5, hash: "another" } }), after);
  });
});

Deno.test("pendingChanges() tell a change of the law", async () => {
  await withLaw(async ({ instance, evolution }) => {
    await evolve(evolution, "audit_rules", { content: "90 days.\n" });
    const { pending, trigger } = await (await instance.state()).status();
    assert.deepEqual(pending.changes.map(({ layer, skill_id }) => [layer, skill_id]), [
      ["L0", "audit_rules"],
    ]);
    assert.equal(trigger, "l0_change");
    const made = await (await instance.state()).afterChange(ACTOR);
    assert.equal(made?.type, "auto");
    assert.match(made.reason, /^Auto-commit \(l0_change\): L0 changed/);
    assert.equal(lastRecord(instance).actor, "system");
  });
});

Deno.test("StateCommits.afterChange() commits at five changes and at the end of a session", async () => {
  await withInstance(async (instance) => {
    const state = await instance.state();
    for (const [at, name] of [..."abcde"].entries()) {
      await set(instance, name, "one");
      assert.equal(await state.afterChange(ACTOR) !== null, at === 4);
    }
    assert.equal(await state.afterChange(ACTOR, { ends: true }), null);
    await save(instance, "s", "n", "one");
    assert.equal(await state.afterChange(ACTOR), null);
    const last = await state.afterChange(ACTOR, { ends: true });
    assert.equal(last?.reason, "Auto-commit (session_end): L2: 1 changes");
  });
});

Deno.test("StateCommits.afterChange() never fails, and status tells why it could not commit", async () => {
  await withInstance(async (instance, root) => {
    await instance.knowledge.create({ name: "a", content: document("a", "one") }, ACTOR);
    await Deno.writeTextFile(`${root}/storage/snapshots`, "no folder");
    await instance.knowledge.archive("a", ACTOR);
    const state = await instance.state();
    assert.equal(await state.afterChange(ACTOR), null);
    assert.equal(await state.afterChange(ACTOR), null);
    const { pending, trigger } = await state.status();
    assert.equal(trigger, "demotion");
    assert.match(pending.failure ?? "", /^Cannot /);
    const noted = instance.store.journal.newest(10)
      .filter(({ action }) => action === "state_commit_failed");
    assert.equal(noted.length, 1, "the same failure is noted once");
    await Deno.remove(`${root}/storage/snapshots`);
    assert.notEqual(await state.afterChange(ACTOR), null);
    assert.equal((await state.status()).pending.failure, null);
  });
});

Deno.test("StateCommits.commit() keeps so many snapshots as the settings say", async () => {
  await withInstance(async (_, root) => {
    Deno.mkdirSync(`${root}/skills`);
    Deno.writeTextFileSync(`${root}/skills/config.yml`, "state_commit:\n  max_snapshots: 2\n");
    const instance = await openInstance(root, { mode: "write", clock: () => NOON });
    const state = await instance.state();
    const hashes: string[] = [];
    Deno.mkdirSync(`${root}/context/s/n`, { recursive: true });
    for (const body of ["one", "two", "three"]) {
      // Past kairos, so that no journal names it either.
      Deno.writeTextFileSync(`${root}/context/s/n/n.md`, body);
      hashes.push((await state.commit(body, ACTOR)).hash);
    }
    assert.deepEqual(
      state.history(9).map(({ snapshot }) => snapshot?.snapshot_hash),
      [hashes[2], hashes[1]],
    );
    assert.throws(() => state.show(hashes[0]!), { code: "not_found" });
    const { unreferenced } = await collectObjects(instance.store);
    assert.deepEqual(unreferenced.map(({ id }) => id), [sha256("one")]);
  });
});

Deno.test("StateCommits.show() finds a commit by what names it", async () => {
  await withInstance(async (instance, root) => {
    const state = await instance.state();
    await save(instance, "s", "n", "one");
    const { hash, snapshot } = await state.commit("one", ACTOR);
    await save(instance, "s", "n", "two");
    const second = await state.commit("two", ACTOR);
    for (const reference of [hash, hash.slice(0, 6), hash.slice(0, 20), snapshot]) {
      assert.equal(state.show(reference).snapshot.reason, "one", reference);
    }
    assert.equal(state.show("last").snapshot.snapshot_hash, second.hash);
    for (const reference of ["0".repeat(64), "", "abc", "../../etc/passwd"]) {
      assert.throws(() => state.show(reference), { code: "not_found" }, reference);
    }
    const path = `${root}/storage/${snapshot}`;
    const text = Deno.readTextFileSync(path);
    const forged = text.replace(/"context_count": 1/, '"context_count": 2');
    for (const other of ["{", "[]", "{}", text.replace(hash, "0".repeat(64)), forged]) {
      Deno.writeTextFileSync(path, other);
      assert.throws(() => state.show(snapshot), { code: "corrupt" });
      assert.notEqual(state.history(9)[1]?.problem, null);
    }
  });
});

Deno.test("nextSnapshotName() is later than every name there, whatever the clock says", () => {
  const hash = "f".repeat(64);
  const names = ["snapshot_20260120_103000_00000000.json"];
  assert.equal(nextSnapshotName(names, NOON, hash), "snapshot_20260120_103001_ffffffff.json");
  assert.ok(nextSnapshotName(names, 0, hash) > names[0]!);
  assert.equal(nextSnapshotName([], NOON, hash), "snapshot_20260120_103000_ffffffff.json");
  assert.ok(nextSnapshotName(names, NOON + 86_400_000, hash).startsWith("snapshot_20260121"));
});
