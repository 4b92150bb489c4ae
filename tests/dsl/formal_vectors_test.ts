import assert from "node:assert/strict";
import { emptySkill } from "../../core/dsl/ast.ts";
import { canEvolve } from "../../core/dsl/formal/can_evolve.ts";
import { decompile } from "../../core/dsl/formal/decompile.ts";
import { drift } from "../../core/dsl/formal/drift.ts";
import { evaluateCondition } from "../../core/dsl/formal/evaluate_condition.ts";
import { verifyDefinition } from "../../core/dsl/formal/verify_definition.ts";
import { decompileText, driftText, verifyText } from "../../server/mcp/definition_text.ts";
import { ignore, type Recorded, recorded, skillOf } from "./recorded_skills.ts";

interface Result {
  readonly condition: string;
  readonly satisfied: boolean | "unknown";
  readonly evaluable: boolean;
  readonly detail: string;
}

/** The context the conditions were recorded in. */
const NAMES = {
  variables: {
    a: true,
    b: false,
    n: 5,
    m: 3,
    f: 2.5,
    s: "text",
    list: [1, 2],
    h: { k: 1 },
    nilv: null,
    one: 1,
    sym: ["x"],
  },
  skills: {
    skill: {
      ...emptySkill("l0_governance"),
      evolve: { allow: ["content"], deny: ["behavior"], conditions: [] },
    },
  },
};

const NO_ARGUMENT = "a method can be asked without an argument";
const LITERAL = "values can stand in the condition itself";
const BLANKS = "blanks around a condition mean nothing";
const NUMBER = "a number as an argument is a number";

/** Pinned decisions: condition, our satisfied, our detail, why it is not the recorded one. */
const PINNED: readonly (readonly [string, boolean | "unknown", string, string])[] = [
  [" a == true", true, "a: expected true, got true", BLANKS],
  ["a == true ", true, "a: expected true, got true", BLANKS],
  ["n == 5", true, "n: expected 5, got 5", LITERAL],
  ['s == "text"', true, 's: expected "text", got "text"', LITERAL],
  ["a != true", false, "a(true) != true = false", "there is a sign for it"],
  ["n > 3", true, "n(5) > 3 = true", LITERAL],
  ["5 > n", false, "5 > n(5) = false", LITERAL],
  ["skill.has_tool?()", false, "skill.has_tool?() = false", NO_ARGUMENT],
  ["list.include?(1)", true, "list.include?(1) = true", NUMBER],
  ["h.key?(k)", true, "h.key?(k) = true", "there are no symbols, only text"],
  ["list.empty?()", false, "list.empty?() = false", NO_ARGUMENT],
  [
    "list.size()",
    "unknown",
    "list.size() = 2, which is neither true nor false",
    `${NO_ARGUMENT}, and a number is no truth`,
  ],
  [
    "s.length()",
    "unknown",
    "s.length() = 4, which is neither true nor false",
    `${NO_ARGUMENT}, and a number is no truth`,
  ],
  [
    "list.count(1)",
    "unknown",
    "list.count(1) = 1, which is neither true nor false",
    "a number is no truth: a count of 0 was taken for one",
  ],
  ["skill.nil?()", false, "skill.nil?() = false", NO_ARGUMENT],
  [
    "a == true && b == false",
    true,
    "a: expected true, got true; b: expected false, got false",
    "conditions can be joined",
  ],
  ["n > -1", true, "n(5) > -1 = true", LITERAL],
  ["n > 3.0", true, "n(5) > 3.0 = true", LITERAL],
];

Deno.test({ name: "evaluateCondition() agrees with every recorded result", ignore }, async (t) => {
  const { results } = recorded<{ results: Result[] }>("formalization/condition_matrix.json");
  assert.equal(results.length, 50);
  for (const { condition, ...result } of results) {
    await t.step(`"${condition}"`, () => {
      const pin = PINNED.find(([pinned]) => pinned === condition);
      const expected = pin === undefined
        ? result
        : { satisfied: pin[1], evaluable: pin[1] !== "unknown", detail: pin[2] };
      assert.deepEqual(evaluateCondition(condition, NAMES), expected);
      if (pin !== undefined) assert.notDeepEqual(expected, result, "the pin is needed");
    });
  }
  await t.step("no pin is left over", () => {
    const conditions = new Set(results.map((result) => result.condition));
    assert.deepEqual(PINNED.filter(([pinned]) => !conditions.has(pinned)), []);
  });
});

const NOTHING = { variables: {}, skills: {}, tools: new Set(["chain_verify"]) };

Deno.test({ name: "verifyDefinition() agrees with every recorded report", ignore }, async (t) => {
  for (const { dump, verify, ...rest } of recorded<Recorded[]>(SAMPLER)) {
    await t.step(dump.id, () => {
      const skill = skillOf(dump);
      for (const [field, may] of Object.entries(rest.can_evolve)) {
        assert.equal(canEvolve(skill, field), may, field);
      }
      const { summary, all_deterministic_passed, results } = verifyDefinition(skill, NOTHING);
      assert.equal(verify === undefined, skill.definition === null);
      if (verify === undefined) return;
      const compatible = results.map(({ outcome: _outcome, checked: _checked, ...result }) =>
        result
      );
      assert.deepEqual({ summary, all_deterministic_passed, results: compatible }, verify);
    });
  }
});

Deno.test({ name: "decompile() and drift() agree with every recorded result", ignore }, () => {
  for (const { dump, decompile: told, drift: found } of recorded<Recorded[]>(SAMPLER)) {
    const skill = skillOf(dump);
    assert.equal(decompile(skill), told ?? "");
    const { by_words: _, ...figures } = drift(skill);
    if (found !== undefined) assert.deepEqual(figuresWithNames(figures), found);
  }
});

Deno.test({ name: "reports on definitions read as the recorded ones", ignore }, async (t) => {
  const outputs = recorded<Record<string, Record<string, string>>>(OUTPUTS);
  for (const { dump } of recorded<Recorded[]>(SAMPLER)) {
    const skill = skillOf(dump);
    const output = outputs[dump.id]!;
    await t.step(dump.id, () => {
      assert.equal(verifyText(skill, verifyDefinition(skill, NOTHING)), output.definition_verify);
      assert.equal(decompileText(skill), output.definition_decompile);
      const text = driftText(skill, drift(skill));
      const [compatible, words] = text.split("\n### By whole words\n");
      assert.equal(compatible, output.definition_drift);
      assert.equal(words === undefined, skill.definition === null);
    });
  }
});

const SAMPLER = "dsl/grammar_sampler.parsed.json";
const OUTPUTS = "formalization/grammar_sampler.tool_outputs.json";

/** A recorded item names its node only when it has one. */
function figuresWithNames(figures: unknown): unknown {
  return JSON.parse(
    JSON.stringify(
      figures,
      (key, value) => key === "node_name" && value === null ? undefined : value,
    ),
  );
}
