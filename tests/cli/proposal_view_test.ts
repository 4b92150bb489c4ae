import assert from "node:assert/strict";
import { diffText } from "../../cli/proposal_view.ts";
import { styleFor } from "../../cli/render/style.ts";
import type { Json } from "../../core/dsl/ast.ts";

const look = { columns: 100, style: styleFor(false, () => undefined), body: String };

/** The last two columns of the only change. */
function sides(before: Json, after: Json): string[] {
  const change = { skill: "s", field: "f", node: null, change: "changed", before, after };
  const [, , , line] = diffText({ ast: [change], prose: "" }, look).split("\n");
  return line!.split(/ {2,}/).slice(-2);
}

Deno.test("diffText() lets two values look different", async (t) => {
  const prose = "あ".repeat(60);
  const rule = (days: number) => ({ language: "typescript", text: `${"x".repeat(80)}${days}` });
  const cases: Record<string, [before: Json, after: Json, shown: string[]]> = {
    "short texts": ["1.0", "1.1", ["1.0", "1.1"]],
    "nothing before": [null, true, ["-", "true"]],
    "long texts, from where they part": [`${prose}one`, `${prose}two`, [
      `…${"あ".repeat(8)}one`,
      `…${"あ".repeat(8)}two`,
    ]],
    "long values": [rule(30), rule(90), ['…xxxxxxxx30"}', '…xxxxxxxx90"}']],
    "texts of several lines": ["one\ntwo\n", "one\n2\n3\n", [
      "8 characters",
      "8 characters, +2/−1 lines",
    ]],
    "a text that is new": [null, "one\ntwo\n", ["-", "8 characters, +2/−0 lines"]],
    "a text that is gone": ["😀\n", null, ["2 characters", "-"]],
  };
  for (const [name, [before, after, shown]] of Object.entries(cases)) {
    await t.step(name, () => assert.deepEqual(sides(before, after), shown));
  }
});
