import assert from "node:assert/strict";
import { document, inInstance, kairos, kairosJson } from "./harness.ts";

Deno.test("context save, list and show", async (t) => {
  await inInstance(async (folder, root) => {
    await t.step("nothing yet", async () => {
      assert.equal((await kairos(folder, ["context", "list"])).out, "No sessions\n");
    });
    await t.step("a session of one's own", async () => {
      const argv = ["context", "save", "計画", "--session", "office"];
      const { code, out } = await kairos(folder, argv, { stdin: document("計画") });
      assert.equal(code, 0);
      assert.equal(out, 'Created context "計画" in session "office"\n');
      const text = await Deno.readTextFile(`${root}/context/office/計画/計画.md`);
      assert.equal(text, document("計画"));
      assert.match(
        (await kairos(folder, argv, { stdin: document("計画") })).out,
        /nothing changed/,
      );
    });
    await t.step("a new session", async () => {
      const { value } = await kairosJson<{ session: string; action: string }>(folder, [
        "context",
        "save",
        "b",
      ], { stdin: document("b") });
      assert.match(value.session, /^session_\d{8}_\d{6}_[0-9a-f]{8}$/);
      assert.equal(value.action, "created");
    });
    await t.step("lists", async () => {
      const sessions = await kairosJson<{ id: string; contexts: number }[]>(folder, [
        "context",
        "list",
      ]);
      assert.equal(sessions.value.length, 2);
      const contexts = await kairosJson<{ name: string }[]>(folder, ["context", "list", "office"]);
      assert.deepEqual(contexts.value.map(({ name }) => name), ["計画"]);
      assert.match((await kairos(folder, ["context", "list", "office"])).out, /計画 +1\.0 /);
      assert.equal((await kairos(folder, ["context", "list", "none"])).code, 1);
    });
    await t.step("the document", async () => {
      const { out } = await kairos(folder, ["context", "show", "office", "計画"]);
      assert.equal(out, document("計画"));
      assert.equal((await kairos(folder, ["context", "show", "office", "none"])).code, 1);
    });
  });
});

Deno.test("context delete asks first and removes a context or a session", async (t) => {
  await inInstance(async (folder, root) => {
    for (const name of ["a", "b"]) {
      await kairos(folder, ["context", "save", name, "--session", "s"], { stdin: document(name) });
    }
    await t.step("not confirmed", async () => {
      const { code, err } = await kairos(folder, ["context", "delete", "s"]);
      assert.equal(code, 5);
      assert.match(err, /session "s" with 2 contexts for good: not confirmed/);
      assert.ok((await Deno.stat(`${root}/context/s/a/a.md`)).isFile);
    });
    await t.step("one context", async () => {
      assert.equal((await kairos(folder, ["context", "delete", "s", "a", "--yes"])).code, 0);
      await assert.rejects(Deno.stat(`${root}/context/s/a`));
      assert.ok((await Deno.stat(`${root}/context/s/b/b.md`)).isFile);
    });
    await t.step("the session", async () => {
      const { value } = await kairosJson(folder, ["context", "delete", "s", "--yes"]);
      assert.deepEqual(value, { done: true, session: "s", contexts: ["b"] });
      await assert.rejects(Deno.stat(`${root}/context/s`));
    });
    await t.step("an empty name does not mean the session", async () => {
      await kairos(folder, ["context", "save", "a", "--session", "s"], { stdin: document("a") });
      assert.equal((await kairos(folder, ["context", "delete", "s", "", "--yes"])).code, 1);
      assert.ok((await Deno.stat(`${root}/context/s/a/a.md`)).isFile);
    });
  });
});
