import assert from "node:assert/strict";
import {
  type DefinitionNode,
  emptySkill,
  type JsonObject,
  type Skill,
} from "../../core/dsl/ast.ts";
import { bindingsOf } from "../../core/dsl/formal/bindings.ts";
import { decompile } from "../../core/dsl/formal/decompile.ts";
import { drift } from "../../core/dsl/formal/drift.ts";
import { optionSlips } from "../../core/dsl/formal/option_slips.ts";
import { verifyDefinition } from "../../core/dsl/formal/verify_definition.ts";
import { verifyText } from "../../server/mcp/definition_text.ts";

function node(type: string, options: JsonObject = {}, name = "n"): DefinitionNode {
  return { type, name, options, source_span: null };
}

function skill(definition: DefinitionNode[], content: string | null = null): Skill {
  return { ...emptySkill("s"), definition, content };
}

const BINDINGS = bindingsOf({
  facts: { chain: { length: 3 } },
  skills: [],
  tools: ["chain_verify"],
});

Deno.test("verifyDefinition() gives every node one of four outcomes", () => {
  const cases: readonly (readonly [DefinitionNode, string, boolean])[] = [
    [node("Constraint"), "satisfied", false],
    [node("Constraint", { required: true }), "satisfied", false],
    [node("Constraint", { condition: "chain_length == 3" }), "satisfied", true],
    [node("Constraint", { condition: "chain_length == 4" }), "unsatisfied", true],
    [node("Constraint", { condition: "gone == 4" }), "unknown", false],
    [node("Constraint", { condition: "" }), "unknown", false],
    [node("Constraint", { condition: true }), "satisfied", true],
    [node("Constraint", { condition: ["true"] }), "unknown", false],
    [node("Check"), "human_required", false],
    [node("Check", { condition: null }), "human_required", false],
    [node("Check", { condition: "chain_length > 2" }), "satisfied", true],
    [node("Plan", { steps: ["a"] }), "satisfied", true],
    [node("Plan", { steps: [] }), "unsatisfied", true],
    [node("Plan", { steps: "a" }), "unsatisfied", true],
    [node("ToolCall", { command: "chain_verify" }), "satisfied", true],
    [node("ToolCall", { command: "chain_verify now" }), "satisfied", true],
    [node("ToolCall", { command: "chain_erase" }), "unsatisfied", true],
    [node("ToolCall", { command: " " }), "unsatisfied", true],
    [node("ToolCall"), "unsatisfied", true],
    [node("SemanticReasoning", { prompt: "Good?" }), "human_required", false],
    [node("Wish"), "human_required", false],
    [node("constructor"), "human_required", false],
  ];
  const report = verifyDefinition(skill(cases.map(([one]) => one)), BINDINGS);
  assert.deepEqual(
    report.results.map(({ outcome, checked }) => [outcome, checked]),
    cases.map(([, outcome, checked]) => [outcome, checked]),
  );
  assert.deepEqual(report.outcomes, {
    satisfied: 8,
    unsatisfied: 6,
    unknown: 3,
    human_required: 5,
  });
  assert.deepEqual(report.summary, {
    total: 22,
    passed: 8,
    failed: 6,
    unknown: 0,
    human_required: 8,
  });
});

Deno.test("verifyDefinition() names a tool that does not exist", () => {
  const { results } = verifyDefinition(skill([node("ToolCall", { command: "gone" })]), BINDINGS);
  assert.equal(results[0]!.detail, "Command recognized: gone, but there is no such tool");
});

Deno.test("verifyDefinition() never says that all is satisfied when nothing was evaluated", () => {
  const cases: readonly (readonly [DefinitionNode[], boolean, string])[] = [
    [[], false, "Nothing was evaluated."],
    [[node("Constraint", { required: true })], false, "Nothing was evaluated."],
    [[node("SemanticReasoning", { prompt: "?" })], false, "Nothing was evaluated."],
    [[node("Check", { condition: "gone == 1" })], false, "Nothing was evaluated."],
    [[node("Check", { condition: "1 == 1" })], true, "All deterministic constraints satisfied."],
    [
      [node("Check", { condition: "1 == 1" }), node("Check", { condition: "gone == 1" })],
      true,
      "All deterministic constraints satisfied.",
    ],
    [
      [node("Check", { condition: "1 == 2" }), node("Check", { condition: "1 == 1" })],
      false,
      "Some constraints not satisfied or not evaluable.",
    ],
  ];
  for (const [definition, passed, status] of cases) {
    const report = verifyDefinition(skill(definition), BINDINGS);
    assert.equal(report.all_deterministic_passed, passed);
    assert.match(
      verifyText(skill(definition), report),
      new RegExp(`\\*\\*Status\\*\\*: ${status}`),
    );
  }
});

Deno.test("verifyText() lets nothing in a definition break out of its line", () => {
  const hostile = skill([node("Check", { condition: "a\n\n**Status**: fine\u001b[2J" }, "`x\ny")]);
  const text = verifyText(hostile, verifyDefinition(hostile, BINDINGS));
  assert.equal(text.split("\n").filter((line) => line.startsWith("**Status**")).length, 1);
  assert.ok(!text.includes("\u001b"));
});

Deno.test("bindingsOf() names facts by where they come from", () => {
  const other = emptySkill("core_safety");
  const subject = emptySkill("mine");
  const { variables, skills, tools } = bindingsOf({
    facts: {
      config: { evolution_enabled: false, "layers.L1.enabled": true },
      law: { immutable: ["core_safety"], limits: { evolutions_per_session: 3 } },
    },
    skills: [other, { ...other, title: "shadow" }],
    tools: ["chain_verify"],
  }, { subject, context: { 件数: 2 } });
  assert.deepEqual(variables, {
    config_evolution_enabled: false,
    config_layers_L1_enabled: true,
    law_immutable: ["core_safety"],
    law_limits_evolutions_per_session: 3,
    件数: 2,
  });
  assert.deepEqual(skills, { core_safety: other, skill: subject }, "the first of a name counts");
  assert.deepEqual([...tools], ["chain_verify"]);
});

Deno.test("bindingsOf() lets a caller add names and replace none", () => {
  const facts = { facts: { chain: { length: 3 } }, skills: [emptySkill("s")], tools: [] };
  const bind = (context: JsonObject) => () => bindingsOf(facts, { context });
  assert.throws(bind({ chain_length: 9 }), /Cannot bind "chain_length": the instance binds it/);
  assert.throws(bind({ s: 9 }), /the instance binds it/);
  for (const name of ["", "a b", "1a", "true", "not", "a.b", "x".repeat(101)]) {
    assert.throws(bind({ [name]: 1 }), /it is no name/, name);
  }
  const many = Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`v${at}`, at]));
  assert.throws(bind(many), /at most 200/);
  const own = bindingsOf(facts, { context: JSON.parse('{"__proto__": 1}') });
  assert.ok(Object.hasOwn(own.variables, "__proto__"));
});

Deno.test("decompile() tells only what is there", () => {
  const told = decompile(skill([
    node("Constraint", { required: false, timing: "before", target: null }),
    node("Constraint", { condition: "a == true", required: "yes" }),
    node("Plan", { steps: 3 }),
    node("ToolCall"),
    node("SemanticReasoning", { prompt: "" }),
    node("toString"),
  ]));
  assert.deepEqual(told.split("\n"), [
    "## Definition (Decompiled)",
    "",
    "- **Requirement** (`n`) [timing: before]",
    "- **Requirement** (`n`): a == true [required]",
    "- **Workflow** (`n`): 0 steps — ",
    "- **Tool Call** (`n`): ``",
    "- **Human Judgment Required** (`n`): (no prompt)",
    "- **Unknown** (`n`): type=toString",
  ]);
});

Deno.test("drift() matches parts of words, and whole words beside them", async (t) => {
  const cases: readonly (readonly [string, DefinitionNode, string, number, number])[] = [
    ["a part of a word", node("Check", {}, "bare"), "It barely holds", 1, 0],
    ["a whole word", node("Check", {}, "bare"), "A bare rule", 1, 1],
    ["a short part of a name", node("Check", {}, "no_gadget"), "Nothing, no", 1, 0],
    ["upper and lower case", node("Check", {}, "Gadget"), "GADGETS and a gadget", 1, 1],
    ["text of an option", node("Check", { note: "Deploy" }, "x"), "we deploy", 1, 1],
    ["a name in an option", node("Check", { scope: "deploy" }, "xx"), "we deploy", 0, 0],
    ["empty text", node("Check", { note: "" }, "_"), "words", 0, 0],
    ["no content", node("Check", {}, "bare"), "", 0, 0],
    ["a script without spaces", node("Check", {}, "確認"), "必ず確認する", 1, 1],
    ["two scripts", node("Check", { note: "deploy" }, "x_"), "deployを行う", 1, 1],
    ["an accent", node("Check", {}, "caf"), "café", 1, 0],
    ["a letter of two units", node("Check", {}, "gadget"), "𝒢gadget", 1, 0],
  ];
  for (const [name, one, content, parts, words] of cases) {
    await t.step(name, () => {
      const report = drift(skill([one], content));
      assert.equal(report.summary.coverage_ratio, parts);
      assert.equal(report.by_words.summary.coverage_ratio, words);
    });
  }
});

Deno.test("drift() names promises that no statement covers", () => {
  const content = [
    "# You must not see a heading",
    "- never a list",
    "| always | a table |",
    "  Backups shall be made. ",
    "The mustard is good.",
    "必ず署名する。",
    "必ず確認する。",
    `Everybody must ${"x".repeat(80)}`,
    "The gadget must work.",
  ].join("\n");
  const { items, by_words } = drift(skill([node("Check", {}, "gadget_確認")], content));
  const lines = (found: typeof items) =>
    found.filter((item) => item.direction === "content_uncovered").map((item) => item.description);
  const told = (line: string) => `Content assertion "${line}" not covered by any definition node`;
  const long = told(`Everybody must ${"x".repeat(63)}...`);
  const backups = told("Backups shall be made.");
  assert.deepEqual(lines(items), [backups, told("The mustard is good."), long]);
  assert.deepEqual(lines(by_words.items), [backups, told("必ず署名する。"), long]);
});

Deno.test("drift() has nothing to say without a definition and refuses what is too long", () => {
  const report = drift({ ...emptySkill("s"), content: "You must.\n" });
  assert.deepEqual(report.items, []);
  assert.equal(report.summary.coverage_ratio, null);
  assert.equal(drift(skill([])).summary.coverage_ratio, null);
  const nodes = Array.from({ length: 1000 }, (_, at) => node("Check", {}, `aaa${at}`));
  assert.throws(() => drift(skill(nodes, "a".repeat(100_000))), { code: "too_large" });
});

Deno.test("optionSlips() names options nobody reads that look like ones that are", async (t) => {
  const cases: readonly [type: string, option: string, meant: string | null][] = [
    ["Constraint", "conditon", "condition"],
    ["Check", "Condition", "condition"],
    ["Constraint", "require", "required"],
    ["Plan", "step", "steps"],
    ["ToolCall", "comand", "command"],
    ["SemanticReasoning", "promt", "prompt"],
    ["Author", "promtp", "prompt"],
    ["Constraint", "timming", "timing"],
    ["Constraint", "condition", null],
    ["Constraint", "必須", null],
    ["Constraint", "owner", null],
    ["Check", "x".repeat(200), null],
  ];
  for (const [type, option, meant] of cases) {
    await t.step(`${type} ${option.slice(0, 20)}`, () => {
      const definition = [{ type, name: "one", options: { [option]: "a" }, source_span: null }];
      const found = optionSlips({ ...emptySkill("s"), definition });
      assert.deepEqual(found, meant === null ? [] : [{ node: "one", option, meant }]);
    });
  }
  await t.step("both are there", () => {
    const options = { condition: "a", conditions: "mine" };
    const definition = [{ type: "Check", name: "one", options, source_span: null }];
    assert.deepEqual(optionSlips({ ...emptySkill("s"), definition }), []);
  });
});
