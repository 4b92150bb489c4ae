import assert from "node:assert/strict";
import { renderJson } from "../../cli/render/json.ts";
import { styleFor } from "../../cli/render/style.ts";
import { renderTable } from "../../cli/render/table.ts";
import { byteSize, counted, renderPairs, shortHash, shortTime } from "../../cli/render/text.ts";
import { cutTo, padTo, widthOf } from "../../core/text_width.ts";
import { shellWord } from "../../cli/render/changes.ts";

Deno.test("widthOf() counts columns of a terminal", async (t) => {
  const cases: [string, number][] = [
    ["", 0],
    ["plain", 5],
    ["知識", 4],
    ["カタカナ", 8],
    ["ｶﾅ", 2],
    ["한글", 4],
    ["Ａ", 2],
    ["e\u0301", 1],
    ["👍", 2],
    ["𠮷", 2],
    ["naïve", 5],
    ["…", 1],
  ];
  for (const [text, width] of cases) {
    await t.step(JSON.stringify(text), () => assert.equal(widthOf(text), width));
  }
});

Deno.test("cutTo() never exceeds the width and shows that it cut", () => {
  assert.equal(cutTo("知識の道", 8), "知識の道");
  assert.equal(cutTo("知識の道", 7), "知識の…");
  assert.equal(cutTo("知識の道", 6), "知識…");
  assert.equal(cutTo("abcdef", 1), "…");
  assert.equal(padTo("知", 4), "知  ");
  for (let width = 4; width < 9; width++) {
    assert.equal(cutTo("ab\\u{1b}cd", width), "ab…", `${width}`);
  }
  assert.equal(cutTo("ab\\u{1b}cd", 9), "ab\\u{1b}…");
});

Deno.test("renderTable() lines columns up and cuts only what may give way", () => {
  const rows = [["notes", "知識".repeat(20)], ["a-very-long-name", "x"]];
  const columns = [
    { title: "NAME", cell: (row: string[]) => row[0]! },
    { title: "ABOUT", cell: (row: string[]) => row[1]!, shrinksTo: 10 },
  ];
  const lines = renderTable(columns, rows, { width: 40 }).split("\n");
  assert.ok(lines.every((line) => widthOf(line) <= 40), lines.join("\n"));
  assert.match(lines[1]!, /^notes {13}知識.*…$/);
  assert.ok(renderTable(columns, rows, { width: null }).includes("知識".repeat(20)));
  assert.ok(renderTable(columns, rows, { width: 5 }).includes("a-very-long-name"));
});

Deno.test("renderTable() makes what came from outside harmless", () => {
  const text = renderTable([{ title: "T", cell: (row: string) => row }], ["a\x1b[31m\nb\u202e"], {
    width: null,
  });
  assert.equal(text, "T\na\\u{1b}[31m\\u{a}b\\u{202e}\n");
});

Deno.test("renderJson() escapes what steers a terminal and stays the same value", () => {
  const value = { "a\u202e": "\u009b31m\u{e0041}知\x1b" };
  const text = renderJson(value);
  assert.deepEqual(JSON.parse(text), value);
  assert.ok(text.includes("知"));
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u{e0041}]/u);
});

Deno.test("styleFor() colours only a terminal that wants it", async (t) => {
  const env = (values: Record<string, string>) => (name: string) => values[name];
  const cases: [string, boolean, Record<string, string>, boolean][] = [
    ["a terminal", true, {}, true],
    ["a pipe", false, {}, false],
    ["NO_COLOR", true, { NO_COLOR: "1" }, false],
    ["an empty NO_COLOR", true, { NO_COLOR: "" }, true],
    ["a dumb terminal", true, { TERM: "dumb" }, false],
  ];
  for (const [name, isTerminal, values, coloured] of cases) {
    await t.step(name, () => {
      assert.equal(styleFor(isTerminal, env(values)).bad("x") !== "x", coloured);
    });
  }
});

Deno.test("shortTime(), shortHash(), byteSize(), counted() say it briefly", () => {
  assert.equal(shortTime("2026-01-20T10:30:59.123456Z"), "2026-01-20 10:30Z");
  assert.equal(shortTime("2026-01-20T10:30:59+09:00"), "2026-01-20 10:30+09:00");
  assert.equal(shortTime("yesterday"), "yesterday");
  assert.equal(shortTime(0), "-");
  assert.equal(shortHash("a".repeat(64)), "a".repeat(12));
  assert.equal(shortHash(null), "-");
  assert.equal(byteSize(1023), "1023 B");
  assert.equal(byteSize(1024), "1.0 KiB");
  assert.equal(byteSize(5 * 1024 ** 3), "5.0 GiB");
  assert.equal(counted(1, "entry", "entries"), "1 entry");
  assert.equal(counted(0, "block"), "0 blocks");
});

Deno.test("renderPairs() makes values harmless", () => {
  assert.equal(renderPairs([["A", "x"], ["知識", "\x1b"]]), "A     x\n知識  \\u{1b}\n");
});

Deno.test("shellWord() quotes what a shell would take apart", () => {
  assert.equal(shellWord("notes_2"), "notes_2");
  assert.equal(shellWord("設計"), "設計");
  assert.equal(shellWord("two words"), "'two words'");
  assert.equal(shellWord("it's"), "'it'\\''s'");
  assert.equal(shellWord("-x"), "'-x'");
});
