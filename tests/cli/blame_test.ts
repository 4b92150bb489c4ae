import assert from "node:assert/strict";
import { inInstance, kairos, kairosJson } from "./harness.ts";

interface Row {
  readonly block: number;
  readonly action: string;
  readonly door: string | null;
  readonly who: string | null;
  readonly kept: string | null;
  readonly next_hash: string | null;
}

const set = (folder: string, name: string, stdin: string, ...argv: string[]) =>
  kairos(folder, ["knowledge", "set", name, ...argv], { stdin });

const lose = (root: string, hash: string | null) =>
  Deno.remove(`${root}/storage/objects/${hash!.slice(0, 2)}/${hash}`);

Deno.test("history lists every version, who made it and whether it is kept", async (t) => {
  // Both names of the command are one.
  for (const words of [["history"], ["knowledge", "history"]]) {
    await t.step(words.join(" "), (t) => historyLists(t, words));
  }
});

async function historyLists(t: Deno.TestContext, words: readonly string[]): Promise<void> {
  await inInstance(async (folder, root) => {
    await set(folder, "設計", "one\n", "--reason", "first\x1b[31m");
    await set(folder, "設計", "two\n");
    await kairos(folder, ["knowledge", "delete", "設計", "--yes"]);
    const history = (...argv: string[]) => kairosJson<Row[]>(folder, [...words, ...argv]);
    await t.step("for programs", async () => {
      const { code, value } = await history("設計");
      assert.equal(code, 0);
      assert.deepEqual(
        value.map(({ block, action, door, who, kept }) => [block, action, door, who, kept]),
        [
          [3, "delete", "cli", "tester", "kept"],
          [2, "update", "cli", "tester", "kept"],
          [1, "create", "cli", "tester", "kept"],
        ],
      );
      const files = ["missing", "damaged"];
      await lose(root, value[1]!.next_hash);
      const id = value[2]!.next_hash!;
      await Deno.writeTextFile(`${root}/storage/objects/${id.slice(0, 2)}/${id}`, "other");
      assert.deepEqual((await history("設計")).value.slice(1).map(({ kept }) => kept), files);
    });
    await t.step("for people", async () => {
      const { out } = await kairos(folder, [...words, "設計"]);
      assert.match(
        out,
        /^BLOCK +TIME +ACTION +VERSION +BYTES +DOOR +WHO +AGENT +REASON\n +3 .* delete +[0-9a-f]{12} +missing +cli +tester +-/,
      );
      assert.match(out, /\n +1 .* create +[0-9a-f]{12} +damaged +cli .* first\\u\{1b\}\[31m\n$/);
    });
    await t.step("--limit", async () => {
      assert.deepEqual((await history("設計", "--limit", "1")).value.map(({ block }) => block), [
        3,
      ]);
    });
    await t.step("an entry not made through kairos, and none at all", async () => {
      const { code, out } = await kairos(folder, [...words, "getting_started"]);
      assert.equal(code, 0);
      assert.match(out, /^No records/);
      assert.equal((await kairos(folder, [...words, "none"])).code, 1);
    });
  });
}

Deno.test("blame shows who brought each line", async (t) => {
  await inInstance(async (folder, root) => {
    await set(folder, "notes", "# Notes\n\ngone\n");
    await set(folder, "notes", "# Notes\n\n設計\x1b[31m\n");
    await t.step("for people", async () => {
      const { code, out, err } = await kairos(folder, ["blame", "notes"], {
        terminal: true,
        env: { NO_COLOR: "1" },
      });
      assert.equal(code, 0, err);
      const [first, second, third] = out.split("\n");
      assert.match(first!, /^1 {2}[0-9a-f]{8} {2}\d{4}-.* {2}cli:tester {2}- {2}1 {2}# Notes$/);
      assert.match(second!, /^1 .* 2$/);
      assert.match(third!, /^2 .* 3 {2}設計\\u\{1b\}\[31m$/);
    });
    await t.step("for programs", async () => {
      const { value } = await kairosJson<{ lines: Record<string, unknown>[] }>(folder, [
        "blame",
        "notes",
        "2",
      ]);
      assert.deepEqual(
        value.lines.map(({ line, block, principal, uncertain }) => [
          line,
          block,
          principal,
          uncertain,
        ]),
        [
          [1, 1, "cli:tester", false],
          [2, 1, "cli:tester", false],
          [3, 2, "cli:tester", false],
        ],
      );
    });
    await t.step("--diff of the last version and of another", async () => {
      const last = await kairos(folder, ["blame", "notes", "--diff"]);
      assert.match(
        last.out,
        /^--- notes \(before block 2: [0-9a-f]{8}\)\n\+\+\+ notes \(block 2: /,
      );
      assert.ok(last.out.endsWith("\n-gone\n+設計\x1b[31m\n"), last.out);
      const first = await kairos(folder, ["blame", "notes", "1", "--diff"]);
      assert.match(
        first.out,
        /^--- notes \(before block 1: nothing\)\n[^]*\n\+# Notes\n\+\n\+gone\n$/,
      );
    });
    await t.step("a version that is not kept is said", async () => {
      const { value } = await kairosJson<Row[]>(folder, ["history", "notes"]);
      await lose(root, value[1]!.next_hash);
      const { code, out, err } = await kairos(folder, ["blame", "notes"]);
      assert.equal(code, 0);
      assert.match(out, /^2\? /);
      assert.match(err, /^Not kept: [0-9a-f]{8} of block 1\. Lines marked \?/);
      const diff = await kairos(folder, ["blame", "notes", "--diff"]);
      assert.equal(diff.code, 1);
      assert.match(diff.err, /what block 2 changed: the bytes before it are not kept/);
    });
    await t.step("none there", async () => {
      for (const argv of [["none"], ["none", "--diff"], ["notes", "99"]]) {
        assert.equal((await kairos(folder, ["blame", ...argv])).code, 1, argv.join(" "));
      }
    });
  });
});
