import assert from "node:assert/strict";
import fc from "fast-check";
import { MAX_KEPT_FILE } from "../../core/layers/kept_files.ts";
import { type Instance } from "../../core/instance.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { planRestore, restoreState } from "../../core/state/restore.ts";
import { SNAPSHOTS } from "../../core/state/snapshot_file.ts";
import { count } from "../counts.ts";
import { evolve, PERSON, withLaw } from "../evolution/law.ts";
import { ACTOR, document, withInstance } from "../support/instance.ts";

/** One change of an instance; what is not possible is no change. */
type Change =
  | { readonly kind: "set" | "delete" | "archive" | "unarchive"; readonly at: number }
  | { readonly kind: "save" | "forget"; readonly at: number }
  | { readonly kind: "file" | "gone" | "context file" | "mode"; readonly at: number }
  | { readonly kind: "session"; readonly at: number };

const NAMES = ["a", "b", "設計 メモ"];
const KINDS = [
  ...["set", "delete", "archive", "unarchive", "save", "forget", "session"] as const,
  ...["file", "gone", "context file", "mode"] as const,
];
const CHANGE: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(...KINDS),
  at: fc.nat(11),
});

/** What people put beside a document, and take away again. */
function edit(folder: string, at: number, kind: Change["kind"]): void {
  try {
    Deno.statSync(folder);
  } catch {
    return;
  }
  const path = `${folder}/${at % 2 === 0 ? "scripts/run.sh" : "assets/深い/絵.bin"}`;
  if (kind === "gone") {
    if (at > 5) Deno.removeSync(path.split("/").slice(0, -1).join("/"), { recursive: true });
    else Deno.removeSync(path);
  } else if (kind === "mode") Deno.chmodSync(path, at > 5 ? 0o755 : 0o644);
  else {
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeFileSync(path, Uint8Array.of(at, 0xff, at));
  }
}

async function make({ knowledge, context, root }: Instance, change: Change): Promise<void> {
  const { kind, at } = change;
  const name = NAMES[at % 3]!;
  const session = at % 2 === 0 ? "s" : "session_a";
  const content = document(name, `${at}`);
  const write = { name, content };
  const steps: Readonly<Record<Change["kind"], () => Promise<unknown>>> = {
    set: () => knowledge.set(write, ACTOR),
    delete: () => knowledge.delete(name, ACTOR),
    archive: () => knowledge.archive(name, ACTOR),
    unarchive: () => knowledge.unarchive(name, ACTOR),
    save: () => context.save({ session, ...write }, ACTOR),
    forget: () => context.delete(session, name, ACTOR),
    session: () => context.deleteSession(session, ACTOR),
    file: async () => await edit(`${root}/knowledge/${name}`, at, kind),
    gone: async () => await edit(`${root}/knowledge/${name}`, at, kind),
    mode: async () => await edit(`${root}/knowledge/${name}`, at, kind),
    "context file": async () => await edit(`${root}/context/${session}/${name}`, at, kind),
  };
  try {
    await steps[kind]();
  } catch (error) {
    const { code } = error as { code?: string };
    if (error instanceof Deno.errors.NotFound) return;
    if (code !== "not_found" && code !== "exists") throw error;
  }
}

Deno.test("restoreState() brings back every state, whatever happened since", async () => {
  const changes = fc.array(CHANGE, { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(changes, changes, async (first, second) => {
      await withInstance(async (instance) => {
        const state = await instance.state();
        for (const change of first) await make(instance, change);
        const { hash } = await state.commit("target", ACTOR);
        for (const change of second) await make(instance, change);
        const there = await state.present();
        const restored = await restoreState(instance, state, hash.slice(0, 12), ACTOR);
        assert.deepEqual(restored.failed, []);
        assert.equal((await state.present()).hash, hash);
        const target = state.show(hash).snapshot.layers;
        assert.deepEqual((await state.present()).layers, target);
        assert.equal((await state.diff("last")).has_changes, false);
        // And back again: nothing was lost by it.
        const back = await restoreState(instance, state, there.hash, ACTOR);
        assert.deepEqual(back.failed, []);
        assert.equal((await state.present()).hash, there.hash);
      });
    }),
    { numRuns: count("restores") },
  );
});

Deno.test("restoreState() leaves a record for each entry and a commit before and after", async () => {
  await withInstance(async (instance) => {
    const { knowledge, store } = instance;
    const state = await instance.state();
    await knowledge.create({ name: "a", content: document("a", "one") }, ACTOR);
    const { hash } = await state.commit("target", ACTOR);
    await knowledge.set({ name: "a", content: document("a", "two") }, ACTOR);
    await knowledge.create({ name: "b", content: document("b", "new") }, ACTOR);
    const from = store.ledger.head().length;
    const { done, before, after } = await restoreState(instance, state, hash, ACTOR);
    assert.deepEqual(done.map(({ action, name }) => [action, name]), [
      ["set", "a"],
      ["delete", "b"],
    ]);
    assert.notEqual(before, null);
    assert.equal(after?.hash, hash);
    const types = [...store.ledger.newest()].slice(0, store.ledger.head().length - from)
      .map(({ data }) => JSON.parse(data[0]!)).map(({ type, reason }) => `${type}: ${reason}`);
    const short = hash.slice(0, 12);
    assert.deepEqual(types.reverse(), [
      `state_commit: Before the restore of ${short}`,
      `knowledge_update: Restore of ${short}: a`,
      `knowledge_update: Restore of ${short}: b`,
      `state_commit: Restore of ${short}`,
    ]);
    const again = await restoreState(instance, state, hash, ACTOR);
    assert.deepEqual([again.before, again.after, again.done], [null, null, []]);
  });
});

Deno.test("restoreState() changes the law by a proposal only", async () => {
  await withLaw(async ({ instance, evolution, root }) => {
    const state = await instance.state();
    Deno.writeTextFileSync(`${root}/skills/kairos.md`, "# Ours\n");
    const { hash } = await state.commit("target", PERSON);
    await evolve(evolution, "audit_rules", { content: "90 days.\n" });
    Deno.writeTextFileSync(`${root}/skills/kairos.md`, "# Another\n");
    const { source } = await evolution.inForce();
    const { proposals, done, failed } = await restoreState(instance, state, hash, PERSON);
    assert.equal((await evolution.inForce()).source, source, "nobody decided yet");
    const constitution = () => Deno.readTextFileSync(`${root}/skills/kairos.md`);
    assert.equal(constitution(), "# Another\n", "nor of the constitution");
    assert.deepEqual(done.map(({ action, name }) => [action, name]), [
      ["propose", "skills/kairos.ts"],
      ["propose", "skills/kairos.md"],
    ]);
    assert.deepEqual(failed, []);
    for (const [at, kind] of ["adopt", "constitution"].entries()) {
      const { proposal, state: stands } = evolution.show(proposals[at]!);
      assert.deepEqual([proposal.kind, stands], [kind, "pending"]);
      const client = evolution.decide(proposal.id, "approve", { strength: "client" }, PERSON);
      if (kind === "constitution") await assert.rejects(client, { code: "refused" });
      else await client;
      if (kind === "constitution") {
        await evolution.decide(proposal.id, "approve", { strength: "terminal" }, PERSON);
      }
      await evolution.apply(proposal.id, PERSON);
    }
    assert.equal(constitution(), "# Ours\n");
    const now = (await state.present()).layers.L0;
    assert.deepEqual(now, state.show(hash).snapshot.layers.L0);
    assert.deepEqual((await evolution.audit()).findings, []);
  });
});

Deno.test("planRestore() leaves what cannot be brought back, and refuses what is not ours", async () => {
  await withInstance(async (instance, root) => {
    const state = await instance.state();
    const { context, store } = instance;
    await context.save({ session: "s", name: "gone", content: "gone" }, ACTOR);
    const { hash, snapshot } = await state.commit("target", ACTOR);
    await context.delete("s", "gone", ACTOR);
    await context.save({ session: "s", name: "files", content: "x", subfolders: true }, ACTOR);
    Deno.writeFileSync(`${root}/context/s/files/scripts/large`, new Uint8Array(MAX_KEPT_FILE + 1));
    store.objects.remove(sha256("gone"));
    const { steps } = await planRestore(instance, state, hash);
    assert.deepEqual(steps.map(({ action, name }) => [action, name]), [
      ["leave", "s/files"],
      ["leave", "s/gone"],
    ]);
    const { failed } = await restoreState(instance, state, hash, ACTOR);
    assert.equal(failed.length, 2);
    assert.equal(context.get("s", "files").files.length, 1);
    const name = snapshot.slice("snapshots/".length);
    const path = `${root}/${SNAPSHOTS}/${name}`;
    const { version: _, ...foreign } = JSON.parse(Deno.readTextFileSync(path));
    Deno.writeTextFileSync(path, JSON.stringify(foreign));
    await assert.rejects(planRestore(instance, state, name), { code: "refused" });
  });
});
