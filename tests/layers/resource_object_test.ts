import assert from "node:assert/strict";
import { openInstance } from "../../core/instance.ts";
import { readObject } from "../../core/layers/resource_object.ts";
import { contextNames, knowledgeNames, sessionNames } from "../../core/layers/resource_names.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { ACTOR, document, withInstance } from "../support/instance.ts";

const { signal } = new AbortController();

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("readObject() reads every version the chain has a record of", async () => {
  await withInstance(async (instance, root) => {
    const first = document("notes", "One.");
    const { hash } = await instance.knowledge.create({ name: "notes", content: first }, ACTOR);
    await Deno.mkdir(`${root}/knowledge/notes/assets`, { recursive: true });
    const picture = new Uint8Array([0x89, 0x50, 0xff]);
    await Deno.writeFile(`${root}/knowledge/notes/assets/logo.png`, picture);
    const second = document("notes", "Two.");
    const { hash: after } = await instance.knowledge.update(
      { name: "notes", content: second },
      ACTOR,
    );
    await instance.knowledge.delete("notes", ACTOR, "not needed any more");
    for (const [id, text] of [[hash!, first], [after!, second]] as const) {
      const found = await readObject(instance, id, signal);
      assert.deepEqual(
        [found.uri, found.path, found.mime, found.text],
        [`object://${id}`, "notes/notes.md", "text/markdown", text],
      );
    }
    const kept = await readObject(instance, sha256(picture), signal);
    assert.deepEqual(
      [kept.path, kept.mime, kept.text, [...kept.bytes]],
      ["notes/assets/logo.png", "image/png", null, [...picture]],
    );
  });
});

Deno.test("readObject() serves nothing but versions that may be read", async (t) => {
  await withInstance(async (instance, root) => {
    const write = { name: "notes", content: document("notes", "One.") };
    const { hash } = await instance.knowledge.create(write, ACTOR);
    await Deno.mkdir(`${root}/knowledge/notes/assets`, { recursive: true });
    await Deno.writeTextFile(`${root}/knowledge/notes/assets/tls.pem`, "SECRET");
    await Deno.writeTextFile(`${root}/knowledge/notes/assets/.env`, "SECRET TOO");
    await instance.knowledge.delete("notes", ACTOR, "not needed any more");
    const unnamed = instance.store.objects.put(bytes("SECRET, a remain of damage"));
    const cases: readonly [name: string, id: string, code: string][] = [
      ["a blocked file of a deleted entry", sha256("SECRET"), "refused"],
      ["a hidden one", sha256("SECRET TOO"), "refused"],
      ["an object no record names", unnamed, "not_found"],
      ["one that is not kept", "0".repeat(64), "not_found"],
      ["part of a hash", hash!.slice(0, 20), "invalid"],
      ["capital letters", hash!.toUpperCase(), "invalid"],
      ["a way out", `${"../".repeat(21)}x`, "invalid"],
      ["nothing", "", "invalid"],
    ];
    for (const [name, id, code] of cases) {
      await t.step(name, async () => {
        await assert.rejects(() => readObject(instance, id, signal), { code });
      });
    }
    await Deno.mkdir(`${root}/config`, { recursive: true });
    const open = async (rules: string) => {
      await Deno.writeTextFile(`${root}/config/safety.yml`, rules);
      return await openInstance(root, { mode: "read" });
    };
    await t.step("an entry that config/safety.yml blocks", async () => {
      const strict = await open('blocklist:\n- "note*"\n');
      await assert.rejects(() => readObject(strict, hash!, signal), { code: "refused" });
    });
    await t.step("a document whose file config/safety.yml blocks", async () => {
      await Deno.mkdir(`${root}/knowledge/other`);
      await Deno.writeTextFile(`${root}/knowledge/other/readme.md`, "One.");
      const { hash } = await instance.knowledge.update({ name: "other", content: "Two." }, ACTOR);
      assert.equal((await readObject(instance, hash!, signal)).path, "other/readme.md");
      const strict = await open('blocklist:\n- "readme*"\n');
      await assert.rejects(() => readObject(strict, hash!, signal), { code: "refused" });
    });
    await t.step("more bytes than config/safety.yml allows", async () => {
      const strict = await open("limits:\n  max_read_bytes: 7\n");
      await assert.rejects(() => readObject(strict, hash!, signal), { code: "too_large" });
    });
    await t.step("bytes that are others now", async () => {
      const plain = await open("{}\n");
      await Deno.writeTextFile(`${root}/storage/objects/${hash!.slice(0, 2)}/${hash}`, "other");
      await assert.rejects(() => readObject(plain, hash!, signal), { code: "corrupt" });
    });
  });
});

Deno.test("names are those that may be served", async () => {
  await withInstance(async (instance, root) => {
    for (
      const folder of [
        "knowledge/b",
        "knowledge/a",
        "knowledge/.archived",
        "knowledge/x.bak",
        "knowledge/a.pem",
        "context/s1/one",
        "context/s1/both",
        "context/s2/both",
        "context/.hidden/no",
        "outside/secret",
      ]
    ) await Deno.mkdir(`${root}/${folder}`, { recursive: true });
    await Deno.writeTextFile(`${root}/knowledge/file`, "");
    await Deno.symlink(`${root}/outside`, `${root}/context/linked`);
    await Deno.symlink(`${root}/outside`, `${root}/knowledge/linked`);
    assert.deepEqual(knowledgeNames(instance), ["a", "b"]);
    assert.deepEqual(sessionNames(instance), ["s2", "s1"]);
    assert.deepEqual(contextNames(instance), ["both", "one"]);
    assert.deepEqual(contextNames(instance, "s2"), ["both"]);
    assert.deepEqual(contextNames(instance, "../outside"), []);
  });
});
