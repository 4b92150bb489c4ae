import assert from "node:assert/strict";
import { nearest, nearFirst } from "../../core/nearest.ts";

Deno.test("nearest() finds what somebody may have meant, and nothing farther", async (t) => {
  const known = ["chain", "context", "knowledge_get", "name", "start", "state", "手順"];
  const cases: readonly [word: string, meant: string | undefined][] = [
    ["knowlege_get", "knowledge_get"],
    ["KNOWLEDGE_GET", "knowledge_get"],
    ["nam", "name"],
    ["stat", "state"],
    ["手", "手順"],
    ["nope", "name"],
    ["contract", undefined],
    ["chaotic", undefined],
    ["", undefined],
    ["knowledge_get".repeat(1000), undefined],
  ];
  for (const [word, meant] of cases) {
    await t.step(word.slice(0, 20), () => assert.equal(nearest(word, known), meant));
  }
});

Deno.test("nearFirst() names every word once, near ones before all others", () => {
  const known = ["ale", "tea_nite", "ink", "tea_notes", "ale"];
  assert.deepEqual(nearFirst("tea_note", known), ["tea_notes", "tea_nite", "ale", "ink"]);
  assert.deepEqual(nearFirst("zinc_white", known), ["ale", "tea_nite", "ink", "tea_notes"]);
});
