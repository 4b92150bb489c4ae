import assert from "node:assert/strict";
import { document, inInstance, kairos, kairosJson, snapshot } from "./harness.ts";

interface Change {
  readonly action: string;
  readonly hash: string | null;
  readonly previous_hash: string | null;
  readonly block: { readonly index: number; readonly hash: string } | null;
}

interface Shown {
  readonly content: string;
  readonly hash: string;
  readonly problem: unknown;
}

Deno.test("knowledge set makes and replaces an entry, from a file and from standard input", async (t) => {
  await inInstance(async (folder, root) => {
    await Deno.writeTextFile(`${folder}/メモ.md`, document("設計", "one"));
    await t.step("a file", async () => {
      const argv = ["knowledge", "set", "設計", "メモ.md", "--reason", "first"];
      const { code, out, err } = await kairos(folder, argv);
      assert.equal(code, 0, err);
      assert.equal(out, 'Created knowledge "設計" in block 1\n');
      assert.match(err, /Next: kairos history 設計\n/);
      const text = await Deno.readTextFile(`${root}/knowledge/設計/設計.md`);
      assert.equal(text, document("設計", "one"));
    });
    await t.step("standard input, and what goes on the chain", async () => {
      const stdin = document("設計", "two");
      for (const argv of [["knowledge", "set", "設計", "-"], ["knowledge", "set", "設計"]]) {
        const { code, err } = await kairosJson(folder, argv, { stdin });
        assert.equal(code, 0);
        assert.equal(err, "", "a program is told nothing beside the result");
      }
      const { value } = await kairosJson<Record<string, unknown>[]>(folder, [
        "knowledge",
        "history",
        "設計",
      ]);
      assert.equal(value.length, 2, "the same document again is no change");
      assert.equal(value[1]!.reason, "first");
      assert.equal(value[0]!.action, "update");
      assert.equal(value[0]!.principal, "cli:tester");
      assert.equal(value[0]!.prev_hash, value[1]!.next_hash);
    });
    await t.step("a broken front matter is kept and told", async () => {
      const { code, err } = await kairos(folder, ["knowledge", "set", "b"], {
        stdin: "---\nname: [\n---\nx\n",
      });
      assert.equal(code, 0);
      assert.match(err, /Problem in line \d+: /);
    });
  });
});

Deno.test("knowledge set refuses what cannot be a document and changes nothing", async (t) => {
  await inInstance(async (folder) => {
    await Deno.mkdir(`${folder}/dir`);
    const before = await snapshot(`${folder}/.kairos`);
    const cases: [string, string[], Parameters<typeof kairos>[2], number, RegExp][] = [
      ["empty", ["a"], { stdin: "" }, 1, /content is empty/],
      ["no UTF-8", ["a"], { stdin: new Uint8Array([0x80]) }, 1, /no UTF-8 text/],
      ["too large", ["a"], { stdin: "x".repeat(2 ** 20 + 1) }, 1, /more than 1048576 bytes/],
      ["no file", ["a", "none.md"], {}, 1, /"none.md": there is no such file/],
      ["a folder", ["a", "dir"], {}, 1, /no file/],
      ["a person at a terminal", ["a"], { terminal: true }, 2, /nothing is piped/],
      ["a bad name", ["../a"], { stdin: "x" }, 1, /Invalid knowledge name/],
      ["a short hash", ["a", "--if-hash", "abc"], { stdin: "x" }, 2, /no SHA-256/],
      ["a hash of nothing", ["a", "--if-hash", "0".repeat(64)], { stdin: "x" }, 1, /not found/],
    ];
    for (const [name, argv, around, exit, message] of cases) {
      await t.step(name, async () => {
        const { code, err } = await kairos(folder, ["knowledge", "set", ...argv], around);
        assert.match(err, message);
        assert.equal(code, exit);
        const after = await snapshot(`${folder}/.kairos`);
        delete after[`${folder}/.kairos/storage/blockchain.json.lock`];
        const expected = { ...before };
        delete expected[`${folder}/.kairos/storage/blockchain.json.lock`];
        assert.deepEqual(after, expected);
      });
    }
  });
});

Deno.test("knowledge set --if-hash keeps somebody else's change", async () => {
  await inInstance(async (folder) => {
    const set = ["knowledge", "set", "a"];
    const first = await kairosJson<Change>(folder, set, { stdin: document("a", "one") });
    await kairos(folder, set, { stdin: document("a", "theirs") });
    const argv = [...set, "--if-hash", first.value.hash!];
    const refused = await kairos(folder, argv, { stdin: document("a", "mine") });
    assert.equal(refused.code, 1);
    assert.match(refused.err, /it has changed/);
    const { value } = await kairosJson<Shown>(folder, ["knowledge", "show", "a"]);
    assert.match(value.content, /theirs/);
    const again = [...set, "--if-hash", value.hash];
    assert.equal((await kairos(folder, again, { stdin: document("a", "mine") })).code, 0);
  });
});

Deno.test("knowledge show prints exactly what is stored, harmless on a terminal", async () => {
  await inInstance(async (folder) => {
    const text = document("a", "tab\there \x1b[31m red");
    await kairos(folder, ["knowledge", "set", "a"], { stdin: text });
    await kairos(folder, ["knowledge", "set", "a"], { stdin: document("a", "new") });
    const show = ["knowledge", "show", "a", "--version", "1"];
    assert.equal((await kairos(folder, show)).out, text);
    const { out } = await kairos(folder, show, { terminal: true });
    assert.match(out, /tab\there \\u\{1b\}\[31m red/);
    const { value } = await kairosJson<Shown>(folder, show);
    assert.equal(value.content, text);
    assert.equal((await kairos(folder, ["knowledge", "show", "a"])).out, document("a", "new"));
    assert.equal((await kairos(folder, [...show.slice(0, -1), "99"])).code, 1);
  });
});

Deno.test("knowledge list shows entries, also those that cannot be read", async () => {
  await inInstance(async (folder, root) => {
    await Deno.mkdir(`${root}/knowledge/empty`);
    await kairos(folder, ["knowledge", "set", "a"], { stdin: document("a") });
    const { out } = await kairos(folder, ["knowledge", "list"]);
    assert.match(out, /^NAME +VERSION +SIZE +CHANGED +HASH +ABOUT\na +1\.0 +.* About a\n/);
    assert.match(out, /\nempty .* ! Cannot find a document/);
    const { value } = await kairosJson<{ name: string }[]>(folder, ["knowledge", "list"]);
    assert.deepEqual(value.map(({ name }) => name), [
      "a",
      "empty",
      "getting_started",
      "kairos_formats",
    ]);
    const narrow = await kairos(folder, ["knowledge", "list"], { terminal: true, columns: 80 });
    // deno-lint-ignore no-control-regex
    const plain = narrow.out.replace(/\x1b\[\d+m/g, "");
    assert.ok(plain.split("\n").every((line) => line.length <= 80), plain);
  });
});

Deno.test("knowledge delete asks a person and nobody else", async (t) => {
  await inInstance(async (folder, root) => {
    const path = `${root}/knowledge/a/a.md`;
    const del = ["knowledge", "delete", "a"];
    await kairos(folder, ["knowledge", "set", "a"], { stdin: document("a") });
    const cases: [string, string[], Parameters<typeof kairos>[2], RegExp][] = [
      ["a pipe", del, { stdin: "y\n" }, /not confirmed\nAdd --yes/],
      ["JSON at a terminal", [...del, "--json"], { terminal: true, answers: ["y"] }, /^$/],
      ["no", del, { terminal: true, answers: ["n"] }, /Go on\? \[y\/N\].*not confirmed/s],
      ["nothing", del, { terminal: true, answers: [""] }, /not confirmed/],
      ["something else", del, { terminal: true, answers: ["yep"] }, /not confirmed/],
    ];
    for (const [name, argv, around, message] of cases) {
      await t.step(name, async () => {
        const { code, err } = await kairos(folder, argv, around);
        assert.equal(code, 5);
        assert.match(err, message);
        assert.ok((await Deno.stat(path)).isFile);
      });
    }
    await t.step("yes", async () => {
      const { code } = await kairos(folder, del, { terminal: true, answers: ["y"] });
      assert.equal(code, 0);
      await assert.rejects(Deno.stat(path));
    });
    await t.step("--yes", async () => {
      await kairos(folder, ["knowledge", "restore", "a", "1"]);
      const { code, value } = await kairosJson<Change>(folder, [
        ...del,
        "--yes",
        "--reason",
        "old",
      ]);
      assert.equal(code, 0);
      assert.equal(value.action, "delete");
      assert.equal(value.hash, null);
    });
    await t.step("what is not there is told before the question", async () => {
      assert.equal((await kairos(folder, del)).code, 1);
    });
  });
});

Deno.test("knowledge restore follows the hint of a deletion, archive and unarchive are undone", async () => {
  await inInstance(async (folder, root) => {
    await kairos(folder, ["knowledge", "set", "two words"], { stdin: document("w") });
    await Deno.mkdir(`${root}/knowledge/two words/scripts`);
    await Deno.writeTextFile(`${root}/knowledge/two words/scripts/run.sh`, "true\n");
    const { err } = await kairos(folder, ["knowledge", "delete", "two words", "--yes"]);
    const hint = /Next: kairos knowledge restore 'two words' ([0-9a-f]{12}) brings it back/.exec(
      err,
    );
    const restore = ["knowledge", "restore", "two words", hint?.[1] ?? ""];
    assert.equal((await kairos(folder, restore)).code, 0);
    const script = `${root}/knowledge/two words/scripts/run.sh`;
    assert.equal(await Deno.readTextFile(script), "true\n");

    const archive = ["knowledge", "archive", "two words", "--superseded-by", "b"];
    assert.match((await kairos(folder, archive)).out, /^Archived knowledge/);
    const listed = await kairosJson<{ name: string }[]>(folder, [
      "knowledge",
      "list",
      "--archived",
    ]);
    assert.deepEqual(listed.value.map(({ name }) => name), ["two words"]);
    const meta = await Deno.readTextFile(
      `${root}/knowledge/.archived/two words/.archive_meta.yml`,
    );
    assert.match(meta, /superseded_by: b/);
    assert.equal((await kairos(folder, ["knowledge", "unarchive", "two words"])).code, 0);
    const { value } = await kairosJson<{ action: string }[]>(folder, [
      "knowledge",
      "history",
      "two words",
      "--limit",
      "4",
    ]);
    assert.deepEqual(value.map(({ action }) => action), [
      "unarchive",
      "archive",
      "create",
      "delete",
    ]);
  });
});

Deno.test("knowledge history tells what never was from what was not recorded", async () => {
  await inInstance(async (folder) => {
    const none = await kairos(folder, ["knowledge", "history", "none"]);
    assert.equal(none.code, 1);
    assert.match(none.err, /was never on this chain/);
    const given = await kairos(folder, ["knowledge", "history", "getting_started"]);
    assert.equal(given.code, 0);
    assert.match(given.out, /No records/);
  });
});

Deno.test("knowledge diff compares versions and the present", async (t) => {
  await inInstance(async (folder, root) => {
    for (const body of ["one", "two", "three"]) {
      await kairos(folder, ["knowledge", "set", "a"], { stdin: document("a", body) });
    }
    const diff = (...argv: string[]) => kairos(folder, ["knowledge", "diff", "a", ...argv]);
    await t.step("the last change", async () => {
      const { out } = await diff();
      assert.match(out, /^--- a \(block 2\)\n\+\+\+ a \(present\)\n@@/);
      assert.match(out, /\n-two\n\+three\n$/);
    });
    await t.step("a version and the present", async () => {
      assert.match((await diff("1")).out, /\n-one\n\+three\n$/);
    });
    await t.step("two versions", async () => {
      assert.match((await diff("2", "1")).out, /\n-two\n\+one\n$/);
    });
    await t.step("an edit by hand", async () => {
      await Deno.writeTextFile(`${root}/knowledge/a/a.md`, document("a", "edited"));
      assert.match((await diff()).out, /\n-three\n\+edited\n$/);
    });
    await t.step("no difference", async () => {
      const { code, out, err } = await diff("1", "1");
      assert.equal(code, 0);
      assert.equal(out, "");
      assert.match(err, /No difference/);
    });
    await t.step("for programs", async () => {
      const { value } = await kairosJson<Record<string, { block: number }>>(folder, [
        "knowledge",
        "diff",
        "a",
        "1",
        "2",
      ]);
      assert.equal(value.from!.block, 1);
      assert.equal(value.to!.block, 2);
      assert.match(String(value.diff), /^--- a \(block 1\)/);
    });
    await t.step("an entry that was never published", async () => {
      const { code, out } = await kairos(folder, ["knowledge", "diff", "getting_started"]);
      assert.equal(code, 0);
      assert.match(out, /^--- getting_started \(before it was published\)/);
    });
  });
});
