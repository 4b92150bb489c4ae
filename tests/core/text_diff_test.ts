import assert from "node:assert/strict";
import fc from "fast-check";
import { applyPatch } from "diff";
import { diffLines, linesOf, unifiedDiff } from "../../core/text_diff.ts";
import { count } from "../counts.ts";

const text = fc.array(fc.constantFrom("a", "b", "c", "", "設計", "\r", "-- x"), { maxLength: 12 })
  .chain((lines) => fc.constantFrom(lines.join("\n"), lines.join("\n") + "\n"));

const bounds = fc.constantFrom(undefined, { maxEdits: 0 }, { maxEdits: 3 });

Deno.test("linesOf() loses nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "\n", "\r") }), (whole) => {
      assert.equal(linesOf(whole).join(""), whole);
      assert.ok(linesOf(whole).every((line) => /^[^\n]*\n?$/.test(line) && line !== ""));
    }),
    { numRuns: count("fuzzRuns") },
  );
});

Deno.test("diffLines() gives both texts back, within any bounds", () => {
  fc.assert(
    fc.property(text, text, bounds, (before, after, bound) => {
      const runs = diffLines(before, after, bound);
      const without = (kind: string) =>
        runs.filter((run) => run.kind !== kind).flatMap(({ lines }) => lines).join("");
      assert.equal(without("added"), before);
      assert.equal(without("removed"), after);
    }),
    { numRuns: count("fuzzRuns") },
  );
});

Deno.test("unifiedDiff() is a patch that leads from one text to the other, within any bounds", () => {
  fc.assert(
    fc.property(text, text, bounds, (before, after, bound) => {
      const diff = unifiedDiff({ label: "x", text: before }, { label: "y", text: after }, bound);
      if (before === after) assert.equal(diff, "");
      else assert.equal(applyPatch(before, diff, { autoConvertLineEndings: false }), after);
    }),
    { numRuns: count("fuzzRuns") },
  );
});

Deno.test("unifiedDiff() names both sides and hides nothing in their names", () => {
  const diff = unifiedDiff({ label: "a\x1b[31m", text: "1\n" }, { label: "b", text: "2" });
  assert.equal(
    diff,
    '--- "a\\\\u{1b}[31m"\n+++ b\n@@ -1,1 +1,1 @@\n-1\n+2\n\\ No newline at end of file\n',
  );
});

Deno.test("diffLines() ends soon with texts that have nothing in common", () => {
  const many = (word: string) => Array.from({ length: 50_000 }, (_, at) => `${word}${at}\n`);
  const runs = diffLines(many("a").join(""), many("b").join(""));
  assert.deepEqual(runs.map(({ kind, lines }) => [kind, lines.length]), [
    ["removed", 50_000],
    ["added", 50_000],
  ]);
});
