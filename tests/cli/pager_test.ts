import assert from "node:assert/strict";
import { pageText } from "../../cli/pager.ts";
import { inFolder, kairos } from "./harness.ts";

// deno-lint-ignore no-control-regex
const PROMPT = /-- line (\d+) of (\d+)[^]*?\r\x1b\[K/g;

/** Shows a text on a terminal of five lines and ten columns while somebody presses keys. */
async function show(
  text: string,
  keys: readonly string[],
): Promise<{ text: string; stops: number[] }> {
  let shown = "";
  const left = [...keys];
  await pageText(text, {
    stdout: { size: { rows: 5, columns: 10 }, write: (piece) => void (shown += piece) },
    stdin: { key: () => Promise.resolve(left.shift() ?? "") },
  });
  assert.deepEqual(left, [], "every key was waited for");
  const stops = [...shown.matchAll(PROMPT)].map(([, line]) => Number(line));
  return { text: shown.replace(PROMPT, ""), stops };
}

const lines = (count: number) => Array.from({ length: count }, (_, at) => `${at + 1}\n`).join("");

Deno.test("pageText() stops where the screen is full, and nowhere else", async (t) => {
  const cases: [string, string, string[], string, number[]][] = [
    ["what fits is shown at once", lines(4), [], lines(4), []],
    ["a space goes on", lines(9), [" ", " "], lines(9), [4, 8]],
    ["Enter shows a line", lines(6), ["\r", "\n"], lines(6), [4, 5]],
    ["other keys do nothing", lines(5), ["x", "\x1b", "ab", " "], lines(5), [4]],
    ["q ends", lines(99), ["q"], lines(4), [4]],
    ["Ctrl-C ends", lines(99), [" ", "\x03"], lines(8), [4, 8]],
    ["the end of the input ends", lines(99), [""], lines(4), [4]],
    ["G shows the rest", lines(99), ["G"], lines(99), [4]],
    [
      "long lines take several rows",
      `${"x".repeat(25)}\n1\n2\n`,
      [" "],
      `${"x".repeat(25)}\n1\n2\n`,
      [2],
    ],
    [
      "wide characters take two columns",
      "日本語日本語\n1\n2\n3\n",
      [" "],
      "日本語日本語\n1\n2\n3\n",
      [3],
    ],
    [
      "colours take none",
      `\x1b[1m${"x".repeat(10)}\x1b[22m\n1\n2\n3\n`,
      [],
      `\x1b[1m${"x".repeat(10)}\x1b[22m\n1\n2\n3\n`,
      [],
    ],
    [
      "a line longer than the screen is shown",
      `${"x".repeat(99)}\n1\n`,
      [" "],
      `${"x".repeat(99)}\n1\n`,
      [1],
    ],
  ];
  for (const [name, text, keys, shown, stops] of cases) {
    await t.step(name, async () => {
      assert.deepEqual(await show(text, keys), { text: shown, stops });
    });
  }
});

Deno.test("long output stops at every page of a terminal, and only there", async () => {
  await inFolder(async (folder) => {
    await kairos(folder, ["init"]);
    const call = ["skills", "show", "l0_governance"];
    const whole = (await kairos(folder, call)).out;
    assert.ok(whole.split("\n").length > 10);
    const around = { terminal: true, rows: 10, env: { NO_COLOR: "1" } };
    const paged = await kairos(folder, call, { ...around, keys: ["q"] });
    assert.equal(paged.code, 0);
    assert.match(paged.out, /-- line 8 of \d+/);
    assert.ok(paged.out.length < whole.length);
    const unpaged = [
      await kairos(folder, [...call, "--no-pager"], around),
      await kairos(folder, call, { ...around, env: { NO_COLOR: "1", TERM: "dumb" } }),
      await kairos(folder, call, { terminal: true, env: { NO_COLOR: "1" } }),
    ];
    for (const { out } of unpaged) assert.doesNotMatch(out, /-- line/);
    const json = await kairos(folder, [...call, "--json"], around);
    assert.equal(JSON.parse(json.out).id, "l0_governance");
  });
});
