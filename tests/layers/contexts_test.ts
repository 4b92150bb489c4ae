import assert from "node:assert/strict";
import { KairosError } from "../../core/errors.ts";
import { ACTOR, document, withInstance } from "../support/instance.ts";

const isError = (code: string) => (error: unknown) =>
  error instanceof KairosError && error.code === code;

Deno.test("save() makes a session when none is named", async () => {
  await withInstance(async ({ context, store }, root) => {
    const saved = await context.save({ name: "plan", content: document("plan", "x") }, ACTOR);
    assert.match(saved.session, /^session_20260120_103000_[0-9a-f]{8}$/);
    assert.equal(saved.action, "created");
    const path = `${root}/context/${saved.session}/plan/plan.md`;
    assert.equal(await Deno.readTextFile(path), document("plan", "x"));
    assert.equal(store.ledger.head().state, "absent");
  });
});

Deno.test("save() again replaces the document, and the journal tells both", async () => {
  await withInstance(async ({ context, store }) => {
    await context.save({ session: "s", name: "n", content: "one", subfolders: true }, ACTOR);
    assert.equal(
      (await context.save({ session: "s", name: "n", content: "two" }, ACTOR)).action,
      "updated",
    );
    assert.equal(
      (await context.save({ session: "s", name: "n", content: "two" }, ACTOR)).action,
      "none",
    );
    assert.equal(context.get("s", "n").text, "two");
    assert.deepEqual(
      store.journal.newest(10).map((
        { action, skill_id, details },
      ) => [action, skill_id, details?.principal]),
      [["context_created", "s/n", "test:ada"], ["context_updated", "s/n", "test:ada"]],
    );
  });
});

Deno.test("sessions() and list() show what is there, and what cannot be read", async () => {
  await withInstance(async ({ context }, root) => {
    await context.save({ session: "old", name: "a", content: document("a", "x") }, ACTOR);
    await context.save({ session: "new", name: "b", content: document("b", "x") }, ACTOR);
    await Deno.mkdir(`${root}/context/new/broken`);
    await Deno.utime(`${root}/context/old`, 1000, 1000);
    assert.deepEqual(context.sessions().map(({ id, contexts }) => [id, contexts]), [["new", 2], [
      "old",
      1,
    ]]);
    assert.deepEqual(context.list("new").map(({ name, problem }) => [name, problem !== null]), [
      ["b", false],
      ["broken", true],
    ]);
  });
});

Deno.test("names of sessions and contexts never leave the context folder", async (t) => {
  await withInstance(async ({ context }, root) => {
    await context.save({ session: "s", name: "n", content: "x" }, ACTOR);
    for (const bad of ["..", "../x", "a/b", "", ".hidden", "a\0b"]) {
      await t.step(JSON.stringify(bad), async () => {
        const save = (session: string, name: string) =>
          context.save({ session, name, content: "x" }, ACTOR);
        await assert.rejects(save(bad, "n"), isError("invalid"));
        await assert.rejects(save("s", bad), isError("invalid"));
        assert.throws(() => context.get("s", bad), isError("invalid"));
        assert.throws(() => context.list(bad), isError("invalid"));
        await assert.rejects(context.delete("s", bad, ACTOR), isError("invalid"));
        await assert.rejects(context.deleteSession(bad, ACTOR), isError("invalid"));
      });
    }
    await Deno.mkdir(`${root}/outside`);
    await Deno.symlink(`${root}/outside`, `${root}/context/linked`);
    await Deno.symlink(`${root}/outside`, `${root}/context/s/linked`);
    await t.step(
      "a link to a session",
      () =>
        assert.rejects(
          context.save({ session: "linked", name: "n", content: "x" }, ACTOR),
          isError("refused"),
        ),
    );
    await t.step(
      "a link to a context",
      () =>
        assert.rejects(
          context.save({ session: "s", name: "linked", content: "x" }, ACTOR),
          isError("refused"),
        ),
    );
    assert.deepEqual(Array.from(Deno.readDirSync(`${root}/outside`)), []);
  });
});

Deno.test("save() refuses relations nobody could follow", async (t) => {
  await withInstance(async ({ context }) => {
    const save = (relations: string) =>
      context.save(
        { session: "s", name: "n", content: `---\nrelations: ${relations}\n---\nx\n` },
        ACTOR,
      );
    for (
      const bad of [
        "x",
        "{type: a}",
        "[a]",
        "[{type: a}]",
        "[{target: 'v1:s/n'}]",
        "[{type: a, target: 's/n'}]",
        "[{type: a, target: 'v1:../n'}]",
        "[{type: a, target: 'v1:s/a/b'}]",
      ]
    ) {
      await t.step(bad, () => assert.rejects(save(bad), isError("invalid")));
    }
    await t.step(
      "a target that does not exist is fine",
      async () => {
        await save("[{type: informed_by, target: 'v1:other/thing'}]");
      },
    );
  });
});

Deno.test("createSubfolder() makes a folder once", async () => {
  await withInstance(async ({ context }, root) => {
    await context.save({ session: "s", name: "n", content: "x" }, ACTOR);
    assert.equal(await context.createSubfolder("s", "n", "scripts", ACTOR), true);
    assert.equal(await context.createSubfolder("s", "n", "scripts", ACTOR), false);
    assert.ok((await Deno.stat(`${root}/context/s/n/scripts`)).isDirectory);
    await assert.rejects(
      context.createSubfolder("s", "no", "scripts", ACTOR),
      isError("not_found"),
    );
  });
});

Deno.test("delete() removes one context and deleteSession() the session", async () => {
  await withInstance(async ({ context, store }, root) => {
    await context.save({ session: "s", name: "a", content: "x" }, ACTOR);
    await context.save({ session: "s", name: "b", content: "y" }, ACTOR);
    await context.delete("s", "a", ACTOR);
    assert.deepEqual(context.list("s").map(({ name }) => name), ["b"]);
    await context.deleteSession("s", ACTOR);
    assert.deepEqual(Array.from(Deno.readDirSync(`${root}/context`)), []);
    assert.deepEqual(store.journal.newest(2).map(({ action }) => action), [
      "context_deleted",
      "context_session_deleted",
    ]);
    assert.throws(() => context.get("s", "b"), isError("not_found"));
  });
});

Deno.test("contexts can be saved while the chain is damaged", async () => {
  await withInstance(async ({ context }, root) => {
    await Deno.mkdir(`${root}/storage`, { recursive: true });
    await Deno.writeTextFile(`${root}/storage/blockchain.json`, "[{}]");
    await context.save({ session: "s", name: "n", content: "x" }, ACTOR);
    assert.equal(context.get("s", "n").text, "x");
  });
});

Deno.test("get() and list() name the session or context that may be meant", async () => {
  await withInstance(async ({ context }) => {
    await context.save({ session: "spring", name: "plan", content: "x" }, ACTOR);
    assert.throws(() => context.list("sprong"), { hint: "Did you mean spring?" });
    assert.throws(() => context.get("spring", "pln"), { hint: "Did you mean plan?" });
    assert.throws(() => context.get("spring", "other"), { hint: /^List the contexts/ });
  });
});
