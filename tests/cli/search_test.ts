import assert from "node:assert/strict";
import { document, inInstance, kairos, kairosJson, leaveHalfway } from "./harness.ts";

interface Found {
  readonly hits: readonly {
    readonly uri: string | null;
    readonly name: string;
    readonly private: boolean;
    readonly name_matches: readonly number[][];
    readonly description_matches: readonly number[][];
    readonly snippet: { readonly text: string; readonly matches: readonly number[][] } | null;
  }[];
  readonly total: number;
  readonly partial: boolean;
}

const SEARCH = ["knowledge", "search"];

/** Runs a test in an instance that knows a little. */
function withEntries(test: (folder: string, root: string) => Promise<void>): Promise<void> {
  return inInstance(async (folder, root) => {
    const set = ["knowledge", "set"];
    await kairos(folder, [...set, "設計"], { stdin: document("設計", "全文検索の \x1b[31m設計") });
    await kairos(folder, [...set, "zebra"], { stdin: document("zebra", "A striped\nanimal") });
    const saved = ["context", "save", "zoo", "--session", "s1"];
    await kairos(folder, saved, { stdin: document("zoo", "Animals: zebra and others") });
    await test(folder, root);
  });
}

Deno.test("knowledge search prints what was found, best first", async (t) => {
  await withEntries(async (folder) => {
    await t.step("for people", async () => {
      const { code, out } = await kairos(folder, [...SEARCH, "striped", "animal"]);
      assert.equal(code, 0);
      assert.equal(
        out,
        "zebra  L1 knowledge://zebra\n  About zebra\n  A **striped** **animal**\n",
      );
    });
    await t.step(
      "every word is marked wherever it stands, and no line is printed twice",
      async () => {
        const set = ["knowledge", "set", "tea_notes"];
        const tea = "---\nname: tea_notes\ndescription: 日本 tea\n---\n\n京都\n";
        await kairos(folder, set, { stdin: tea });
        const best = [...SEARCH, "--limit", "1"];
        const search = async (query: string) => (await kairos(folder, [...best, query])).out;
        const at = "L1 knowledge://tea_notes";
        assert.equal(await search("tea_notes"), `**tea_notes**  ${at}\n  日本 **tea**\n`);
        assert.equal(await search("日本 京都"), `tea_notes  ${at}\n  **日本** tea\n  **京都**\n`);
        assert.equal(await search("日本"), `tea_notes  ${at}\n  **日本** tea\n`);
        const { value } = await kairosJson<Found>(folder, [...SEARCH, "tea"]);
        const { name_matches, description_matches } = value.hits[0]!;
        assert.deepEqual([name_matches, description_matches], [[[0, 3]], [[3, 6]]]);
        await kairos(folder, ["knowledge", "delete", "tea_notes", "--yes"]);
        assert.doesNotMatch(await search("*"), /\*{2}/);
      },
    );
    await t.step("in a file beside the document", async () => {
      const { out } = await kairos(folder, [...SEARCH, "scrypt", "--layer", "l1"]);
      assert.match(out, /^kairos_formats .*\n.*\n {2}references\/\w+\.md: .*\*\*scrypt\*\*/);
      const tool = await kairos(folder, ["call", "knowledge_search", "query=scrypt", "layer=l1"]);
      assert.match(tool.out, /> references\/\w+\.md: .*\*\*scrypt\*\*/);
    });
    await t.step("on a terminal, without power over it", async () => {
      const { out } = await kairos(folder, [...SEARCH, "検索"], { terminal: true });
      assert.ok(out.includes("全文\x1b[1m検索\x1b[22mの \\u{1b}[31m設計"), out);
    });
    await t.step("for programs", async () => {
      const { value } = await kairosJson<Found>(folder, [...SEARCH, "zebra"]);
      const [first, second] = value.hits;
      assert.deepEqual([first?.uri, second?.uri], ["knowledge://zebra", "context://s1/zoo"]);
      const { text, matches } = second!.snippet!;
      assert.equal(text.slice(...matches[0] as [number, number]), "zebra");
      assert.deepEqual([value.total, value.partial], [2, false]);
    });
    await t.step("nothing", async () => {
      const { code, out } = await kairos(folder, [...SEARCH, "unicorn"]);
      assert.deepEqual([code, out], [0, "Nothing found\n"]);
    });
    await t.step("some of the words", async () => {
      const { out, err } = await kairos(folder, [...SEARCH, "unicorn", "striped"]);
      assert.match(out, /^zebra /);
      assert.match(err, /some of them/);
    });
  });
});

Deno.test("knowledge search narrows the search", async (t) => {
  const cases: [string[], string[]][] = [
    [["zebra", "--layer", "l2"], ["zoo"]],
    [["zebra", "--session", "s1"], ["zoo"]],
    [["zebra", "--limit", "1"], ["zebra"]],
    [["zebra", "--tag", "none"], []],
    [["zebra", "--days", "1", "--layer", "L1"], ["zebra"]],
    [['"zebra and"'], ["zoo"]],
    [["設計", "--archived"], ["設計"]],
    [["設計"], []],
  ];
  await withEntries(async (folder) => {
    await kairos(folder, ["knowledge", "archive", "設計"]);
    for (const [argv, names] of cases) {
      await t.step(argv.join(" "), async () => {
        const { value, err } = await kairosJson<Found>(folder, [...SEARCH, ...argv]);
        assert.equal(err, "");
        assert.deepEqual(value.hits.map(({ name }) => name), names);
      });
    }
    for (const argv of [[], ["x", "--layer", "l9"], ["x", "--days", "0"]]) {
      await t.step(`refuses ${argv.join(" ")}`, async () => {
        assert.equal((await kairos(folder, [...SEARCH, ...argv])).code, 2);
      });
    }
    assert.equal((await kairos(folder, [...SEARCH, ""])).code, 1);
  });
});

Deno.test("knowledge search finds its way around a change left halfway", async () => {
  await withEntries(async (folder, root) => {
    await leaveHalfway(root);
    using lock = await Deno.open(`${root}/storage/blockchain.json.lock`, {
      create: true,
      write: true,
    });
    await lock.lock(true);
    await Deno.writeTextFile(
      `${root}/skills/config.yml`,
      "storage:\n  lock_timeout_ms: 1\n",
    );
    const { code, out, err } = await kairos(folder, [...SEARCH, "striped"]);
    assert.equal(code, 0, err);
    assert.match(out, /^zebra /);
  });
});

Deno.test("what finds by the index needs no permission to write", async (t) => {
  const calls: [string[], RegExp][] = [
    [[...SEARCH, "striped"], /^zebra /],
    [["chain", "log", "--entry", "zebra"], /knowledge_update/],
    [["history", "zebra"], /create/],
    [["call", "knowledge_history", "name=zebra"], /create/],
  ];
  await withEntries(async (folder, root) => {
    const main = new URL("../../main.ts", import.meta.url).href;
    for (const [argv, found] of calls) {
      const find = async () => {
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args: [
            ...["run", "--no-prompt", "--no-check", "--allow-read", "--allow-env", "--allow-sys"],
            ...[main, ...argv, "--data-dir", root],
          ],
          cwd: folder,
        }).output();
        const text = new TextDecoder();
        assert.equal(code, 0, text.decode(stderr));
        assert.match(text.decode(stdout), found);
      };
      await t.step(argv.join(" "), async () => {
        await Deno.remove(`${root}/storage/index.db`).catch(() => {});
        await find();
        assert.equal((await kairos(folder, argv)).code, 0);
        await find();
      });
    }
  });
});
