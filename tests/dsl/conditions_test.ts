import assert from "node:assert/strict";
import fc from "fast-check";
import { evaluateCondition } from "../../core/dsl/formal/evaluate_condition.ts";
import {
  MAX_CONDITION_DEPTH,
  MAX_CONDITION_LENGTH,
} from "../../core/dsl/formal/parse_condition.ts";
import { emptySkill } from "../../core/dsl/ast.ts";
import { count } from "../counts.ts";

const NAMES = {
  variables: {
    yes: true,
    no: false,
    n: 5,
    text: "ab",
    quoted: 'a"b',
    nothing: null,
    list: [1, "x", null],
    map: { k: 1 },
    件数: 3,
    constructor_like: {},
  },
  skills: { skill: { ...emptySkill("s"), tool: null } },
};

const T = true;
const F = false;
const U = "unknown";

Deno.test("evaluateCondition() judges the whole language", async (t) => {
  const cases: readonly (readonly [string, boolean | "unknown"])[] = [
    // Values and truths
    ["yes", T],
    ["no", F],
    ["true", T],
    ["n", U],
    ["gone", U],
    ["skill", U],
    ["nothing == null", T],
    ["nothing == nil", T],
    ["n == null", F],
    ["n == 5", T],
    ["n == 5.0", T],
    ["5 == n", T],
    ["n == '5'", F],
    ["n != 4", T],
    ["text == 'ab'", T],
    [`quoted == "a\\"b"`, T],
    [`quoted == 'a"b'`, T],
    [`text == "a\\nb"`, U],
    ["list == list", U],
    ["list == 1", F],
    ["件数 >= 3", T],
    ["yes == yes", T],
    ["gone != 1", U],
    // Order
    ["1 < 2", T],
    ["-1 < 0", T],
    ["n <= 5", T],
    ["n >= 5.5", F],
    ["text < 'b'", T],
    ["'\u{ff5e}' < '\u{1f600}'", T],
    ["text < 3", U],
    ["list < list", U],
    ["nothing < 3", U],
    ["1 < 2 < 3", U],
    // Joined
    ["yes && yes", T],
    ["yes && no", F],
    ["no && gone", F],
    ["gone && no", F],
    ["yes && gone", U],
    ["yes || gone", T],
    ["gone || yes", T],
    ["no || gone", U],
    ["no || no", F],
    ["no && no || yes", T],
    ["no && (no || yes)", F],
    ["yes && n", U],
    // Turned round
    ["!no", T],
    ["!!no", F],
    ["!gone", U],
    ["!n", U],
    ["!(n > 3 && n < 4)", T],
    ["!no == yes", T],
    ["(n > 3) == true", T],
    // Membership
    ["1 not in list", F],
    ["'1' not in list", T],
    ["null not in list", F],
    ["'a' not in text", F],
    ["'k' not in map", F],
    ["'constructor' not in map", T],
    ["n not in n", U],
    ["list not in list", U],
    ["n not list", U],
    ["!(n not in list)", F],
    // Asking
    ["list.size() == 3", T],
    ["text.length() > 1", T],
    ["text.empty?()", F],
    ["map.empty?()", F],
    ["map.key?(k)", T],
    ["map.key?(constructor)", F],
    ["list.include?('x')", T],
    ["list.include?(:x)", T],
    ["list.count() == 3 && list.count(1) == 1", T],
    ["nothing.nil?()", T],
    ["n.is_a?(Integer) && n.is_a?(Numeric)", T],
    ["n.is_a?(String)", F],
    ["list.respond_to?(size)", T],
    ["n.respond_to?(size)", F],
    ["n.size()", U],
    ["skill.can_evolve?(content)", T],
    ["skill.has_tool?()", F],
    ["skill.size()", U],
    ["list.pop()", U],
    ["list.constructor()", U],
    ["list.include?(1, 2)", U],
    ["list.size", U],
    ["map.k", U],
    // Not of the language
    ["", U],
    ["  ", U],
    ["n =", U],
    ["n = 5", U],
    ["n === 5", U],
    ["n + 1 == 6", U],
    ["a b", U],
    ["(n == 5", U],
    ["n == 5)", U],
    ["()", U],
    ["&& yes", U],
    ["yes &&", U],
    ["'open", U],
    ["1abc", U],
    ["1.", U],
    ["1e3 == 1000", U],
    ["yes; no", U],
    ["yes // no", U],
    ["`yes`", U],
    ["__proto__", U],
    ["toString", U],
    ["constructor.empty?()", U],
    ["yes\u0000", U],
  ];
  for (const [condition, satisfied] of cases) {
    await t.step(JSON.stringify(condition), () => {
      const result = evaluateCondition(condition, NAMES);
      assert.equal(result.satisfied, satisfied, result.detail);
      assert.equal(result.evaluable, satisfied !== "unknown");
      assert.notEqual(result.detail, "");
    });
  }
});

Deno.test("evaluateCondition() tells what decided and what is missing", () => {
  const cases: Readonly<Record<string, string>> = {
    "n == 6": "n: expected 6, got 5",
    "6 == n": "6 == n(5) = false",
    "n > 3": "n(5) > 3 = true",
    "!(n > 3)": "not (n(5) > 3 = true)",
    "yes && n > 6 && no": "n(5) > 6 = false; no = false",
    "yes && gone && lost == 1":
      "Variable 'gone' not in binding context; Variable 'lost' not in binding context",
    "gone == lost": "Missing variables: gone, lost",
    "list.size() > 5": "list.size()(3) > 5 = false",
    "skill == 1": "'skill' is a skill and no value",
    "n.pop()": "Method 'pop' not in allowed list",
    "n.size()": "Cannot evaluate: n.size()",
    "list.count(1) && yes": "list.count(1) = 1, which is neither true nor false",
    "no || text.include?()":
      "Error calling include?: wrong number of arguments (given 0, expected 1)",
  };
  for (const [condition, detail] of Object.entries(cases)) {
    assert.equal(evaluateCondition(condition, NAMES).detail, detail);
  }
});

Deno.test("evaluateCondition() has bounds that no text passes", () => {
  const judged = (text: string) => evaluateCondition(text, NAMES).satisfied;
  const long = `yes ${" ".repeat(MAX_CONDITION_LENGTH - 4)}`;
  assert.equal(judged(long), true);
  assert.equal(judged(`${long} `), "unknown");
  const deep = (depth: number) => `${"(".repeat(depth)}yes${")".repeat(depth)}`;
  assert.equal(judged(deep(MAX_CONDITION_DEPTH)), true);
  assert.equal(judged(deep(MAX_CONDITION_DEPTH + 1)), "unknown");
  assert.equal(judged(`${"!".repeat(MAX_CONDITION_DEPTH + 1)}yes`), "unknown");
  assert.equal(judged("(yes) && ".repeat(200) + "yes"), true, "depth is no length");
  const big = { variables: { big: "x".repeat(1_000_000) }, skills: {} };
  assert.ok(evaluateCondition("big == '' || ".repeat(100) + "false", big).detail.length < 5000);
});

type Model = readonly [text: string, truth: boolean | null];

const LEAVES: readonly Model[] = [
  ["yes", true],
  ["no", false],
  ["gone", null],
  ["n > 4", true],
  ["n not in list", true],
  ["n == 4", false],
  ["n > gone", null],
];

const { tree } = fc.letrec<{ tree: Model }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(...LEAVES),
    tie("tree").map(([text, truth]): Model => [`!(${text})`, truth === null ? null : !truth]),
    fc.tuple(tie("tree"), tie("tree")).map(([[a, x], [b, y]]): Model => [
      `(${a}) && (${b})`,
      x === false || y === false ? false : x === null || y === null ? null : true,
    ]),
    fc.tuple(tie("tree"), tie("tree")).map(([[a, x], [b, y]]): Model => [
      `(${a}) || (${b})`,
      x === true || y === true ? true : x === null || y === null ? null : false,
    ]),
  ),
}));

Deno.test("evaluateCondition() follows three-valued logic for any nesting", () => {
  fc.assert(
    fc.property(tree, ([text, truth]) => {
      fc.pre(text.length <= MAX_CONDITION_LENGTH);
      assert.equal(evaluateCondition(text, NAMES).satisfied, truth ?? "unknown", text);
    }),
    { numRuns: count("fuzzRuns") },
  );
});

Deno.test("evaluateCondition() never throws, whatever the text", () => {
  const pieces = ["n", "list", ".", "(", ")", "!", "&&", "||", "==", "<", "not", "in", '"', "'"];
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.constantFrom(...pieces, "size", " ", "1", "-", ":", "?", "nil")).map((words) =>
      words.join("")
    ),
  );
  fc.assert(
    fc.property(text, (condition) => {
      const { satisfied } = evaluateCondition(condition, NAMES);
      assert.ok([true, false, "unknown"].includes(satisfied));
    }),
    { numRuns: count("fuzzRuns") },
  );
});
