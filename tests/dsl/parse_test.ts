import assert from "node:assert/strict";
import { emptySkill, type Skill } from "../../core/dsl/ast.ts";
import { LAW_LIMITS } from "../../core/dsl/limits.ts";
import { parseLaw } from "../../core/dsl/parse_typescript.ts";
import { LawError } from "../../core/dsl/problems.ts";

const FILE = { file: "skills/kairos.ts" };

function problemsOf(source: string): LawError {
  try {
    parseLaw(source, FILE);
  } catch (error) {
    if (error instanceof LawError) return error;
    throw error;
  }
  return assert.fail(`taken: ${source}`);
}

/** The one skill of a law whose fields are given as source. */
function skillOf(fields: string): Skill {
  return parseLaw(`skill("a", {${fields}});`, FILE).skills[0]!;
}

Deno.test("parseLaw() reads every field to the tree", () => {
  const source = `/// <reference path="./kairos.d.ts" />
// A remark
skill("everything", {
  version: "1.0", "title": 'T', use_when: \`now\`, inputs: ["a"], requires: "net",
  depends_on: ["b"], guarantees: null,
  evolve: { allow: ["content"], conditions: { reviewed: (a) => a, later: null } },
  law: { limits: { n: -1.5e3, zero: -0 }, list: [true, null, ["x"]] },
  effects: { write: { requires: ["yes"], run: function () { return 1; } } },
  definition: [
    constraint("c", { required: true }),
    check("k", { condition: null, source_span: "s" }),
    plan("p", { steps: [] }),
    toolCall("t", { command: "x", args: 1 }),
    node("n", { type: "Custom", prompt: "p", more: [1] }),
  ],
  behavior: async () => { /* kept */ },
  tool: { properties: { path: { type: "string" } }, required: ["path"], execute: { language: "ruby", text: "1" } },
});
skill("b", {});`;
  const typescript = (text: string) => ({ language: "typescript", text });
  assert.deepEqual(parseLaw(source, FILE), {
    skills: [{
      ...emptySkill("everything"),
      version: "1.0",
      title: "T",
      use_when: "now",
      inputs: ["a"],
      requires: "net",
      depends_on: ["b"],
      evolve: {
        allow: ["content"],
        deny: [],
        conditions: [{ name: "reviewed", test: typescript("(a) => a") }, {
          name: "later",
          test: null,
        }],
      },
      law: { limits: { n: -1500, zero: 0 }, list: [true, null, ["x"]] },
      effects: [{
        name: "write",
        requires: ["yes"],
        records: [],
        run: typescript("function () { return 1; }"),
      }],
      definition: [
        { type: "Constraint", name: "c", options: { required: true }, source_span: null },
        { type: "Check", name: "k", options: { condition: null }, source_span: "s" },
        { type: "Plan", name: "p", options: { steps: [] }, source_span: null },
        { type: "ToolCall", name: "t", options: { command: "x", args: 1 }, source_span: null },
        { type: "Custom", name: "n", options: { prompt: "p", more: [1] }, source_span: null },
      ],
      behavior: typescript("async () => { /* kept */ }"),
      tool: {
        name: null,
        description: null,
        properties: [{ name: "path", type: "string", description: null }],
        required: ["path"],
        execute: { language: "ruby", text: "1" },
      },
    }, emptySkill("b")],
  });
});

Deno.test("parseLaw() reads text as law.md tells", async (t) => {
  const cases: Record<string, [literal: string, text: string]> = {
    "a block loses the indentation of its backtick": [
      "`\n    a\n      b\n\n    c\n    `",
      "a\n  b\n\nc\n",
    ],
    "a block may end without a line break": ["`\n  a\\\n  `", "a"],
    "a line may go on behind a backslash": ["`\n  a \\\n  b\n  `", "a b\n"],
    "blanks alone are an empty line": ["`\n  a\n      \n  b\n  `", "a\n\nb\n"],
    "an escaped blank stays": ["`\n  a \\x20\n  \\x20\n  `", "a  \n \n"],
    "tabs indent too": ["`\n\t\ta\n\t\t`", "a\n"],
    "an escaped first line break opens no block": ["`\\n  a`", "\n  a"],
    "text from the first line on is taken as it stands": ["`a\n  b\n`", "a\n  b\n"],
    "an empty block": ["`\n  `", ""],
    "escapes": [
      `"\\n\\r\\t\\b\\f\\v\\0\\x41\\u3042\\u{1f600}\\\\\\"\\'\\$\\{"`,
      "\n\r\t\b\f\v\0Aあ😀\\\"'${",
    ],
    "two escapes that make one character": ['"\\ud83d\\ude00"', "😀"],
    "no substitution": ["`\\${a} $ {b}`", "${a} $ {b}"],
  };
  for (const [name, [literal, text]] of Object.entries(cases)) {
    await t.step(name, () => assert.equal(skillOf(`content: ${literal}`).content, text));
  }
});

Deno.test("parseLaw() takes CR LF for LF, in text and in code", () => {
  const source = 'skill("a", {\n  content: `\n    x\n    `,\n  behavior: () => {\n  },\n});\n';
  assert.deepEqual(parseLaw(source.replaceAll("\n", "\r\n"), FILE), parseLaw(source, FILE));
});

Deno.test("parseLaw() refuses what is no law, and says where and why", async (t) => {
  const cases: [fields: string, message: RegExp, hint: RegExp][] = [
    ["titel: 1", /^Field "titel" is unknown$/, /^Did you mean "title"\?$/],
    ["xyzzy: 1", /^Field "xyzzy" is unknown$/, /^Known: id, version/],
    ["title: 1", /^Field "title" is 1$/, /^Expected a text$/],
    ["requires: {}", /^Field "requires" is an object$/, /^Expected a text or a list of texts$/],
    ["inputs: [1]", /^An item of field "inputs" is 1$/, /text/],
    ['title: "a", title: "b"', /^Field "title" is there twice$/, /Keep one/],
    ['id: "b"', /^Field "id" is there twice$/, /Keep one/],
    ['law: { a: 1, "\\u0061": 2 }', /^Field "a" is there twice$/, /Keep one/],
    ['law: { "__proto__": 1 }', /^Field "__proto__" has a meaning/, /another name/],
    ["law: { __proto__: 1 }", /^Field "__proto__" has a meaning/, /another name/],
    ["effects: { __proto__: {} }", /^Field "name" is "__proto__"$/, /a name of/],
    ["effects: { a: {}, a: {} }", /^The name "a" is there twice$/, /another/],
    ["effects: [{}]", /^A law holds no array expression here$/, /keys are the names/],
    ["law: []", /^Field "law" is a list$/, /^Expected an object$/],
    ["...a", /^A law holds no spread element here$/, /out/],
    ["law: { ...a }", /spread element/, /out/],
    ["inputs: [...a]", /spread element/, /out/],
    ["[a]: 1", /no plain name/, /name: value/],
    ["title", /no plain name/, /name: value/],
    ["1: 2", /no name/, /quotes/],
    ["title: `a${b}`", /substitution/, /\\\$\{/],
    ["title: tag`a`", /tagged template/, /text/],
    ["title: a()", /call expression/, /Only skill/],
    ["title: undefined", /identifier/, /undefined/],
    ["title: ('a')", /parenthesized/, /parentheses/],
    ["title: 'a' + 'b'", /binary expression/, /text/],
    ["title: () => 1", /arrow function/, /behavior/],
    ["law: { a: /x/ }", /reg exp/, /text/],
    ["law: { a: 1n }", /big int/, /text/],
    ["law: { a: 0x10 }", /^"0x10" is no number of JSON$/, /decimal/],
    ["law: { a: 1_000 }", /"1_000"/, /decimal/],
    ["law: { a: 1e999 }", /"1e999"/, /decimal/],
    ["law: { a: +1 }", /unary/, /numbers/],
    ["law: { a: [1,,2] }", /hole/, /null/],
    ["behavior() {}", /object method/, /name: value/],
    ["get title() { return 1; }", /object method/, /name: value/],
    ["behavior: 'x'", /^Field "behavior" is "x"$/, /a function, or an object/],
    ["behavior: { language: 'go', text: '' }", /"go"/, /"typescript" or "ruby"/],
    ["behavior: (a: string) => a", /^Types are not read$/, /kairos\.d\.ts/],
    ["behavior: (a, b?: string) => a", /^Types are not read$/, /kairos\.d\.ts/],
    ["behavior: ({ a }: T) => a", /^Types are not read$/, /kairos\.d\.ts/],
    ["behavior: async (a): number => a", /^Types are not read$/, /kairos\.d\.ts/],
    ["behavior: function (a: string[]) {}", /^Types are not read$/, /kairos\.d\.ts/],
    ["title: a: 1", /^Unexpected token/, /plain values/],
    ['title: "a": 1', /^Unexpected token/, /plain values/],
    ["definition: {}", /"definition" is an object/, /list/],
    ["definition: [{}]", /object expression/, /Write constraint or check/],
    ["definition: [skill('a', {})]", /identifier/, /./],
    ["definition: [check('a')]", /takes a name and an object/, /Write constraint/],
    ["definition: [check('a', {}, 1)]", /takes a name and an object/, /Write/],
    ["definition: [check('a', { condition: 1 })]", /"condition" is 1/, /text/],
    ["definition: [plan('a', {})]", /^The field "steps" is missing$/, /of type Plan/],
    ["definition: [toolCall('a', { command: 1 })]", /"command" is 1/, /text/],
    ["definition: [node('a', { prompt: '' })]", /"type" is missing/, /statement/],
    ["definition: [node('', { type: 'X', prompt: '' })]", /"name" is ""/, /1 to 200/],
    ["content: `\n  a`", /backtick on a line of its own/, /Break the line/],
    ["content: `\n a\n  `", /indented less/, /Indent/],
    ["content: '\\d'", /escape that means nothing: \\d/, /\\\\/],
    ["content: '\\ud800'", /half a surrogate pair/, /whole/],
  ];
  for (const [fields, message, hint] of cases) {
    await t.step(fields, () => {
      const [problem] = problemsOf(`skill("a", {${fields}});`).problems;
      assert.match(problem!.message, message);
      assert.match(problem!.hint, hint);
    });
  }
});

Deno.test("parseLaw() refuses a source that is more than skills", async (t) => {
  const cases: Record<string, RegExp> = {
    'import { a } from "./b.ts";': /import declaration/,
    "export {};": /export/,
    "const a = 1;": /variable declaration/,
    'skil("a", {});': /identifier/,
    'kairos.skill("a", {});': /member expression/,
    'skill?.("a", {});': /optional call/,
    'skill("a", {}, 1);': /takes a name/,
    'skill("a", b);': /takes a name/,
    'skill("A", {});': /"id" is "A"/,
    'skill("a", {});\nskill("a", {});': /The id "a" is there twice/,
    '"use strict";': /Something else stands/,
    "#!/bin/sh": /Something else stands/,
    "skill(": /Unexpected token/,
    ";": /empty statement/,
    "\ufeff": /hidden character \\u\{feff\}/,
    'skill("a", { title: "\u202e" });': /hidden character \\u\{202e\}/,
    'skill("a", { title: "\0" });': /hidden character \\u\{0\}/,
    'skill("a",\u2028{});': /hidden character \\u\{2028\}/,
    'skill("a",\r{});': /hidden character \\u\{d\}/,
    'skill("a", { title: "\ud800" });': /surrogate/,
  };
  for (const [source, message] of Object.entries(cases)) {
    await t.step(JSON.stringify(source), () => {
      assert.match(problemsOf(source).problems[0]!.message, message);
    });
  }
});

Deno.test("LawError tells all places in their order, each with its line and a caret", () => {
  const error = problemsOf(
    'skill("a", {\n  titel: "T",\n  /* 知識 */ version: 1,\n});\nskill("a", {});',
  );
  assert.deepEqual(error.problems.map(({ line, column }) => [line, column]), [[2, 3], [3, 21], [
    5,
    7,
  ]]);
  assert.equal(error.problems[0]!.excerpt, '  titel: "T",\n  ^');
  assert.equal(
    error.problems[1]!.excerpt,
    `  /* 知識 */ version: 1,\n     \u3000\u3000             ^`,
  );
  assert.equal(error.code, "invalid");
  assert.equal(
    error.message,
    'Cannot read the law "skills/kairos.ts": line 2, column 3: Field "titel" is unknown ' +
      "(and 2 more problems)",
  );
  assert.equal(error.hint, 'Did you mean "title"?');
});

Deno.test("LawError tells no more problems than its bound", () => {
  const many = problemsOf(`skill("a", {${"x: 1,".repeat(1000)}});`);
  assert.equal(many.problems.length, LAW_LIMITS.problems);
  assert.match(many.message, /more problems\)$/);
});
