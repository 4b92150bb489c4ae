import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { KairosError } from "../../core/errors.ts";
import { openInstance } from "../../core/instance.ts";
import { auditLedger } from "../../core/ledger/audit.ts";
import { ACTOR, document, withInstance } from "../support/instance.ts";

const sha = (text: string) => createHash("sha256").update(text).digest("hex");
const isError = (code: string) => (error: unknown) =>
  error instanceof KairosError && error.code === code;

Deno.test("create() writes the document verbatim and records it with its actor", async () => {
  await withInstance(async ({ knowledge, store }, root) => {
    const content = "---\r\nname: メモ\r\n---\r\n\r\nno newline at the end";
    const made = await knowledge.create({ name: "メモ", content, reason: "why" }, ACTOR);
    assert.equal(await Deno.readTextFile(`${root}/knowledge/メモ/メモ.md`), content);
    assert.equal(made.hash, sha(content));
    assert.deepEqual(made.block?.index, 1);
    assert.deepEqual(JSON.parse(store.ledger.head().last!.data[0]!), {
      type: "knowledge_update",
      layer: "L1",
      knowledge_id: "メモ",
      action: "create",
      prev_hash: null,
      next_hash: sha(content),
      reason: "why",
      timestamp: JSON.parse(store.ledger.head().last!.data[0]!).timestamp,
      principal: "test:ada",
      agent_id: "test-agent",
    });
  });
});

Deno.test("a record keeps the keys of the format first and in order", async () => {
  await withInstance(async ({ knowledge, store }) => {
    await knowledge.create({ name: "a", content: "x" }, ACTOR);
    assert.match(
      store.ledger.head().last!.data[0]!,
      /^\{"type":"knowledge_update","layer":"L1","knowledge_id":"a","action":"create","prev_hash":null,"next_hash":"[0-9a-f]{64}","reason":"Create knowledge: a","timestamp":"[^"]+","principal":"test:ada","agent_id":"test-agent"\}$/,
    );
  });
});

Deno.test("every published version is kept as an object", async () => {
  await withInstance(async ({ knowledge, store }, root) => {
    await knowledge.create({ name: "a", content: "one" }, ACTOR);
    await knowledge.update({ name: "a", content: "two" }, ACTOR);
    await Deno.writeTextFile(`${root}/knowledge/a/a.md`, "edited outside");
    const change = await knowledge.update({ name: "a", content: "three" }, ACTOR);
    assert.equal(change.previousHash, sha("edited outside"));
    for (const text of ["one", "two", "edited outside", "three"]) {
      assert.equal(new TextDecoder().decode(store.objects.get(sha(text))!), text);
    }
  });
});

Deno.test("update() with the same document says so and records nothing", async () => {
  await withInstance(async ({ knowledge, store }) => {
    await knowledge.create({ name: "a", content: "one" }, ACTOR);
    const change = await knowledge.update({ name: "a", content: "one" }, ACTOR);
    assert.equal(change.action, "none");
    assert.equal(change.block, null);
    assert.equal(store.ledger.head().length, 2);
  });
});

Deno.test("update() refuses a write that is based on an older document", async () => {
  await withInstance(async ({ knowledge }) => {
    await knowledge.create({ name: "a", content: "one" }, ACTOR);
    await knowledge.update({ name: "a", content: "two" }, ACTOR);
    const stale = { name: "a", content: "three", baseHash: sha("one") };
    await assert.rejects(knowledge.update(stale, ACTOR), isError("conflict"));
    assert.equal(knowledge.get("a").text, "two");
    await knowledge.update({ ...stale, baseHash: sha("two") }, ACTOR);
  });
});

Deno.test("update() writes to the document the folder has, whatever its name", async () => {
  await withInstance(async ({ knowledge }, root) => {
    await Deno.mkdir(`${root}/knowledge/a`, { recursive: true });
    await Deno.writeTextFile(`${root}/knowledge/a/SKILL.md`, "old");
    await knowledge.update({ name: "a", content: "new" }, ACTOR);
    assert.equal(await Deno.readTextFile(`${root}/knowledge/a/SKILL.md`), "new");
    assert.deepEqual(Array.from(Deno.readDirSync(`${root}/knowledge/a`), (e) => e.name), [
      "SKILL.md",
    ]);
  });
});

Deno.test("changes of what is or is not there are refused by name", async (t) => {
  await withInstance(async ({ knowledge, store }) => {
    await knowledge.create({ name: "here", content: "x" }, ACTOR);
    await knowledge.create({ name: "gone", content: "x" }, ACTOR);
    await knowledge.archive("gone", ACTOR);
    const height = store.ledger.head().length;
    const cases: [string, () => Promise<unknown>, string][] = [
      [
        "create of an entry",
        () => knowledge.create({ name: "here", content: "y" }, ACTOR),
        "exists",
      ],
      ["update of none", () => knowledge.update({ name: "no", content: "y" }, ACTOR), "not_found"],
      ["delete of none", () => knowledge.delete("no", ACTOR), "not_found"],
      ["archive of none", () => knowledge.archive("no", ACTOR), "not_found"],
      ["unarchive of none", () => knowledge.unarchive("no", ACTOR), "not_found"],
      ["create outside", () => knowledge.create({ name: "../x", content: "y" }, ACTOR), "invalid"],
      ["empty content", () => knowledge.create({ name: "e", content: " \n" }, ACTOR), "invalid"],
      [
        "half a character",
        () => knowledge.create({ name: "e", content: "\ud800" }, ACTOR),
        "invalid",
      ],
      [
        "a document beyond the limit",
        () => knowledge.create({ name: "e", content: "x".repeat(1024 * 1024 + 1) }, ACTOR),
        "too_large",
      ],
    ];
    for (const [what, change, code] of cases) {
      await t.step(what, () => assert.rejects(change(), isError(code)));
    }
    assert.equal(store.ledger.head().length, height);
  });
});

Deno.test("a refused change leaves no stage behind", async () => {
  await withInstance(async ({ knowledge, store }, root) => {
    await knowledge.create({ name: "a", content: "x" }, ACTOR);
    const marker = `${root}/storage/verify_failed.json`;
    await Deno.writeTextFile(marker, '{"at":"2026-01-01T00:00:00Z","findings":[]}');
    await assert.rejects(knowledge.create({ name: "b", content: "y" }, ACTOR), isError("corrupt"));
    await assert.rejects(knowledge.update({ name: "a", content: "y" }, ACTOR), isError("corrupt"));
    await assert.rejects(knowledge.archive("a", ACTOR), isError("corrupt"));
    await Deno.remove(marker);
    const left = Array.from(Deno.readDirSync(`${root}/knowledge`), (entry) => entry.name);
    assert.deepEqual(left.filter((name) => name.startsWith(".stage")), []);
    assert.deepEqual(Array.from(Deno.readDirSync(`${root}/knowledge/a`), (e) => e.name), ["a.md"]);
    assert.equal(store.ledger.head().length, 2);
  });
});

Deno.test("delete() keeps every file and restore() brings them back", async () => {
  await withInstance(async ({ knowledge, store }, root) => {
    await knowledge.create({ name: "a", content: document("a", "body"), subfolders: true }, ACTOR);
    await Deno.writeTextFile(`${root}/knowledge/a/scripts/run.sh`, "echo hi\n");
    await Deno.mkdir(`${root}/knowledge/a/references/deep`);
    await Deno.writeTextFile(`${root}/knowledge/a/references/deep/r.md`, "ref");
    await Deno.writeTextFile(`${root}/knowledge/a/second.md`, "beside the document");
    await Deno.writeTextFile(`${root}/knowledge/a/.hidden`, "with a dot");
    await Deno.symlink(`${root}/skills`, `${root}/knowledge/a/assets/link`);
    await knowledge.delete("a", ACTOR);
    assert.deepEqual(knowledge.list(), []);
    assert.deepEqual(Array.from(Deno.readDirSync(`${root}/knowledge`)), []);
    const record = JSON.parse(store.ledger.head().last!.data[0]!);
    assert.deepEqual(record.files, {
      ".hidden": sha("with a dot"),
      "references/deep/r.md": sha("ref"),
      "scripts/run.sh": sha("echo hi\n"),
      "second.md": sha("beside the document"),
    });
    const back = await knowledge.restore("a", "1", ACTOR);
    assert.equal(back.action, "create");
    assert.equal(await Deno.readTextFile(`${root}/knowledge/a/scripts/run.sh`), "echo hi\n");
    assert.equal(await Deno.readTextFile(`${root}/knowledge/a/references/deep/r.md`), "ref");
    assert.equal(await Deno.readTextFile(`${root}/knowledge/a/second.md`), "beside the document");
    assert.equal(await Deno.readTextFile(`${root}/knowledge/a/.hidden`), "with a dot");
    assert.equal(knowledge.get("a").body, "body");
  });
});

Deno.test("restore() does not follow a record's paths out of the entry", async () => {
  await withInstance(async ({ knowledge, store }, root) => {
    await knowledge.create({ name: "a", content: "one" }, ACTOR);
    await knowledge.delete("a", ACTOR);
    const id = store.objects.put(new TextEncoder().encode("evil"));
    const record = store.record(
      { type: "knowledge_update", layer: "L1", knowledge_id: "a", action: "delete" },
      ACTOR,
      {
        files: {
          "../../../evil": id,
          "/evil": id,
          "scripts/../../x": id,
          "a\\b": id,
          "scripts/": id,
          "scripts/ok": id,
        },
      },
    );
    await store.exclusive(() => store.append([record]));
    await knowledge.restore("a", "1", ACTOR);
    const below = Array.from(Deno.readDirSync(`${root}/knowledge/a`), (entry) => entry.name).sort();
    assert.deepEqual(below, ["a.md", "scripts"]);
    assert.deepEqual(Array.from(Deno.readDirSync(`${root}/knowledge`), (e) => e.name), ["a"]);
  });
});

Deno.test("restore() finds versions by block and by digest, and refuses others", async (t) => {
  await withInstance(async ({ knowledge }) => {
    await knowledge.create({ name: "a", content: "one" }, ACTOR);
    await knowledge.update({ name: "a", content: "two" }, ACTOR);
    await knowledge.update({ name: "a", content: "three" }, ACTOR);
    await t.step("a block", async () => {
      await knowledge.restore("a", "#1", ACTOR);
      assert.equal(knowledge.get("a").text, "one");
    });
    await t.step("a digest", async () => {
      await knowledge.restore("a", sha("two").slice(0, 8), ACTOR);
      assert.equal(knowledge.get("a").text, "two");
    });
    for (const version of ["0", "99", sha("never"), "abc", "", "../x"]) {
      await t.step(
        `not ${version}`,
        () => assert.rejects(knowledge.restore("a", version, ACTOR), isError("not_found")),
      );
    }
  });
});

Deno.test("archive() and unarchive() move the entry and tell why", async () => {
  await withInstance(async ({ knowledge, store }, root) => {
    await knowledge.create({ name: "a", content: "one" }, ACTOR);
    await knowledge.archive("a", ACTOR, { reason: "old", supersededBy: "b" });
    assert.deepEqual(knowledge.list(), []);
    assert.deepEqual(knowledge.list({ archived: true }).map(({ name }) => name), ["a"]);
    assert.equal(
      await Deno.readTextFile(`${root}/knowledge/.archived/a/.archive_meta.yml`),
      `---\narchived_at: '2026-01-20T10:30:00.000Z'\narchived_reason: old\nsuperseded_by: b\noriginal_path: ${root}/knowledge/a\ncontent_hash: ${
        sha("one")
      }\n`,
    );
    await knowledge.unarchive("a", ACTOR);
    assert.equal(knowledge.get("a").text, "one");
    assert.deepEqual(Array.from(Deno.readDirSync(`${root}/knowledge/a`), (e) => e.name), ["a.md"]);
    const { data } = store.ledger.head().last!;
    assert.equal(JSON.parse(data[0]!).prev_hash, sha("one"));
    assert.equal(JSON.parse(data[0]!).next_hash, sha("one"));
  });
});

Deno.test("archive() refuses while an archived entry has the name", async () => {
  await withInstance(async ({ knowledge }) => {
    await knowledge.create({ name: "a", content: "one" }, ACTOR);
    await knowledge.archive("a", ACTOR);
    await knowledge.create({ name: "a", content: "two" }, ACTOR);
    await assert.rejects(knowledge.archive("a", ACTOR), isError("exists"));
    await assert.rejects(knowledge.unarchive("a", ACTOR), isError("exists"));
  });
});

Deno.test("list() shows an entry that cannot be read with its problem", async () => {
  await withInstance(async ({ knowledge }, root) => {
    await knowledge.create({ name: "good", content: document("good", "x") }, ACTOR);
    for (const name of ["bad", "binary", "empty", "huge"]) {
      await Deno.mkdir(`${root}/knowledge/${name}`);
    }
    await Deno.writeTextFile(`${root}/knowledge/bad/bad.md`, "---\nname: [unclosed\n---\nx\n");
    await Deno.writeFile(`${root}/knowledge/binary/binary.md`, new Uint8Array([0xff, 0xfe]));
    await Deno.writeFile(`${root}/knowledge/huge/huge.md`, new Uint8Array(2 * 1024 * 1024));
    await Deno.mkdir(`${root}/outside`);
    await Deno.symlink(`${root}/outside`, `${root}/knowledge/linked`);
    await Deno.symlink(`${root}/nowhere`, `${root}/knowledge/dangling`);
    const list = knowledge.list();
    assert.deepEqual(list.map(({ name, problem }) => [name, problem !== null]), [
      ["bad", true],
      ["binary", true],
      ["dangling", true],
      ["empty", true],
      ["good", false],
      ["huge", true],
      ["linked", true],
    ]);
    assert.ok(list.filter(({ problem }) => problem !== null).every(({ isPrivate }) => isPrivate));
  });
});

Deno.test("get() reads an existing entry whose name could not be given today", async () => {
  await withInstance(async ({ knowledge }, root) => {
    for (const name of ["what: now?", "CON", "trailing."]) {
      await Deno.mkdir(`${root}/knowledge/${name}`, { recursive: true });
      await Deno.writeTextFile(`${root}/knowledge/${name}/${name}.md`, "old");
      assert.equal(knowledge.get(name).text, "old");
      await knowledge.update({ name, content: "new" }, ACTOR);
      assert.equal(knowledge.get(name).text, "new");
      await assert.rejects(
        knowledge.create({ name: `${name}|`, content: "x" }, ACTOR),
        isError("invalid"),
      );
    }
  });
});

Deno.test("get() never reads through a link that leads outside", async (t) => {
  await withInstance(async ({ knowledge }, root) => {
    await Deno.mkdir(`${root}/secret`);
    await Deno.writeTextFile(`${root}/secret/secret.md`, "top secret");
    await Deno.mkdir(`${root}/knowledge/doc/references`, { recursive: true });
    await Deno.symlink(`${root}/secret`, `${root}/knowledge/secret`);
    await Deno.symlink(`${root}/secret/secret.md`, `${root}/knowledge/doc/doc.md`);
    await Deno.writeTextFile(`${root}/knowledge/doc/z.md`, "fine");
    await Deno.symlink(`${root}/secret`, `${root}/knowledge/doc/references/out`);
    for (const name of ["secret", "doc"]) {
      await t.step(name, () => {
        const entry = knowledge.get(name);
        assert.ok(!JSON.stringify(entry).includes("top secret"));
        assert.notEqual(entry.problem, null);
        assert.deepEqual(entry.files, []);
      });
    }
    await t.step("nor writes", async () => {
      for (const name of ["secret", "doc"]) {
        await assert.rejects(knowledge.update({ name, content: "x" }, ACTOR), isError("refused"));
      }
      assert.equal(await Deno.readTextFile(`${root}/secret/secret.md`), "top secret");
    });
  });
});

Deno.test("writers in turn all land, and the chain is valid", async () => {
  await withInstance(async ({ knowledge, store }) => {
    await Promise.all(
      Array.from(
        { length: 20 },
        (_, i) => knowledge.create({ name: `n${i}`, content: `text ${i}` }, ACTOR),
      ),
    );
    const report = await auditLedger(store);
    assert.equal(report.valid, true);
    assert.equal(report.length, 21);
    assert.equal(knowledge.list().length, 20);
  });
});

Deno.test("an instance that is open for reading changes nothing", async () => {
  await withInstance(async ({ knowledge }, root) => {
    await knowledge.create({ name: "a", content: "one" }, ACTOR);
    const reader = await openInstance(root, { mode: "read" });
    await assert.rejects(
      reader.knowledge.update({ name: "a", content: "x" }, ACTOR),
      isError("refused"),
    );
    assert.equal(reader.knowledge.get("a").text, "one");
  });
});

Deno.test("a disabled layer is read and not changed", async () => {
  await withInstance(async ({ knowledge }, root) => {
    await knowledge.create({ name: "a", content: "one" }, ACTOR);
    await Deno.mkdir(`${root}/skills`, { recursive: true });
    await Deno.writeTextFile(`${root}/skills/config.yml`, "layers:\n  L1:\n    enabled: no\n");
    const closed = await openInstance(root, { mode: "write" });
    await assert.rejects(closed.knowledge.delete("a", ACTOR), isError("refused"));
    assert.equal(closed.knowledge.get("a").text, "one");
  });
});
