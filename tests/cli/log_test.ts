import assert from "node:assert/strict";
import type { Block } from "../../core/chain/block.ts";
import { momentOf } from "../../cli/moment.ts";
import { openInstance } from "../../core/instance.ts";
import { document, inInstance, kairos, kairosJson } from "./harness.ts";

const NOW = Date.UTC(2026, 0, 31, 12);

Deno.test("momentOf() reads days, times and how long ago", () => {
  const cases: [input: string, edge: "start" | "end", time: number][] = [
    ["7d", "start", Date.UTC(2026, 0, 24, 12)],
    ["12h", "end", Date.UTC(2026, 0, 31)],
    ["90m", "start", Date.UTC(2026, 0, 31, 10, 30)],
    ["2w", "start", Date.UTC(2026, 0, 17, 12)],
    ["2026-01-20", "start", Date.UTC(2026, 0, 20)],
    ["2026-01-20", "end", Date.UTC(2026, 0, 21)],
    ["2026-01-20T10:30", "end", Date.UTC(2026, 0, 20, 10, 30)],
    ["2026-01-20 10:30:05.25", "start", Date.UTC(2026, 0, 20, 10, 30, 5, 250)],
    ["2026-01-20T10:30:00+09:00", "start", Date.UTC(2026, 0, 20, 1, 30)],
    ["2024-02-29", "start", Date.UTC(2024, 1, 29)],
  ];
  for (const [input, edge, time] of cases) assert.equal(momentOf(input, edge, NOW), time, input);
  const refused = [
    "",
    "7",
    "d",
    "7y",
    "2026-02-30",
    "2026-13-01",
    "2026-01-20T25:00",
    "-1d",
    "now",
  ];
  for (const input of refused) {
    assert.throws(() => momentOf(input, "start", NOW), { code: "usage" }, input);
  }
});

Deno.test("chain log finds blocks by what their records say", async (t) => {
  await inInstance(async (folder, root) => {
    await kairos(folder, ["knowledge", "set", "notes"], { stdin: document("notes", "one") });
    await kairos(folder, [
      "chain",
      "record",
      '{"type":"deployment","layer":"L2","session_id":"s","agent_id":"claude"}',
    ]);
    const { store } = await openInstance(root, { mode: "write" });
    await store.exclusive(() => store.append(['{"skill_id":"law","prev_ast_hash":null}']));
    await kairos(folder, ["knowledge", "set", "notes"], { stdin: document("notes", "two") });
    const cases: [argv: string[], blocks: number[]][] = [
      [["--entry", "notes"], [4, 1]],
      [["--entry", "s"], [2]],
      [["--entry", "law"], [3]],
      [["--type", "skill_transition"], [3]],
      [["--agent", "claude"], [2]],
      [["--agent", "claude", "--type", "knowledge_update"], []],
      // Block 5: the change of the law was due to be committed.
      [["--principal", "cli:tester"], [5, 4, 1]],
      [["--principal", "cli:tester", "--limit", "1"], [5]],
      [["--layer", "L1"], [4, 1]],
      [["--layer", "l0"], [3]],
      [["--layer", "l2"], [2]],
      [["--since", "1d"], [5, 4, 3, 2, 1]],
      [["--since", "2100-01-01"], []],
      [["--until", "1970-01-01"], [0]],
      [["--until", "1h"], [0]],
      [["--until", "2100-01-01", "--since", "1970-01-02", "--layer", "l1"], [4, 1]],
    ];
    const assertAll = async () => {
      for (const [argv, blocks] of cases) {
        const { value } = await kairosJson<Block[]>(folder, ["chain", "log", ...argv]);
        assert.deepEqual(value.map(({ index }) => index), blocks, argv.join(" "));
      }
    };
    await t.step("without an index", assertAll);
    await kairos(folder, ["history", "notes"]);
    await t.step("with one", assertAll);
    await t.step("what is no moment or layer is refused", async () => {
      for (const argv of [["--since", "soon"], ["--until", "x"], ["--layer", "l3"]]) {
        assert.equal((await kairos(folder, ["chain", "log", ...argv])).code, 2, argv.join(" "));
      }
    });
  });
});

Deno.test("chain log --follow goes on with new blocks", async (t) => {
  const record = (folder: string, text: string) => kairos(folder, ["chain", "record", text]);
  await inInstance(async (folder) => {
    for (const text of ["one", '{"type":"a"}', "three"]) await record(folder, text);
    await t.step("as lines of JSON, until nobody reads any more", async () => {
      const ended = kairos(folder, ["chain", "log", "--follow", "--json", "--limit", "2"], {
        closesAfter: 3,
        // Each line that comes makes the next one.
        onWrite: () => void record(folder, "more"),
      });
      const { code, out } = await ended;
      assert.equal(code, 0);
      const blocks = out.trimEnd().split("\n").map((line) => JSON.parse(line) as Block);
      assert.deepEqual(blocks.map(({ index }) => index), [2, 3, 4]);
    });
    await t.step("for people, only what fits, until they ask to stop", async () => {
      const stop = new AbortController();
      let writes = 0;
      const { code, out } = await kairos(folder, ["chain", "log", "--follow", "--type", "a"], {
        signal: stop.signal,
        onWrite: () => {
          if (++writes === 1) void record(folder, "b").then(() => record(folder, '{"type":"a"}'));
          else stop.abort();
        },
      });
      assert.equal(code, 0);
      assert.match(out, /^BLOCK.*\n +2 .* a\n +\d+ .* a\n$/);
    });
    await t.step("under the same headings, whatever comes", async () => {
      for (const type of [[], ["--type", "a_longer_type"]]) {
        const stop = new AbortController();
        let writes = 0;
        const argv = ["chain", "log", "--follow", "--limit", "1", ...type];
        const { out } = await kairos(folder, argv, {
          signal: stop.signal,
          onWrite: () => {
            if (++writes === 1) void record(folder, '{"type":"a_longer_type","name":"x"}');
            else stop.abort();
          },
        });
        const lines = out.trimEnd().split("\n");
        for (const [title, text] of [["HASH", /[0-9a-f]{12} /], ["TYPE", /a_/], ["ABOUT", /x$/]]) {
          assert.equal(lines.at(-1)!.search(text as RegExp), lines[0]!.indexOf(title as string));
        }
      }
    });
  });
});
