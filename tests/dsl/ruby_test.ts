import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { type DefinitionNode, emptySkill, type Skill } from "../../core/dsl/ast.ts";
import { parseLaw } from "../../core/dsl/parse_typescript.ts";
import { printLaw } from "../../core/dsl/print.ts";
import { parseRubyLaw } from "../../core/dsl/ruby/parse.ts";
import { errorPlaces } from "../../core/error_places.ts";
import { KairosError } from "../../core/errors.ts";
import { count } from "../counts.ts";
import { ignore, type Recorded, recorded, VECTORS } from "./recorded_skills.ts";

const parse = (text: string) => parseRubyLaw(text, { file: "skills/kairos.rb" });

const ruby = (text: string) => ({ language: "ruby", text }) as const;

/** The only skill of a source in which nothing is lost. */
async function skillOf(inside: string): Promise<Skill> {
  const { law, lost } = await parse(`skill :s do\n${inside}\nend\n`);
  assert.deepEqual(lost, []);
  assert.equal(law.skills.length, 1);
  const file = "skills/kairos.ts";
  assert.deepEqual(
    parseLaw(printLaw(law), { file }),
    law,
    "its twin in TypeScript is the same law",
  );
  return law.skills[0]!;
}

Deno.test({ name: "parseRubyLaw() reads the recorded source as recorded", ignore }, async (t) => {
  const text = await Deno.readTextFile(new URL("dsl/grammar_sampler.rb", VECTORS));
  const { law, lost, comments } = await parse(text);
  assert.deepEqual(lost, []);
  assert.equal(comments, 1);
  const all = recorded<Recorded[]>("dsl/grammar_sampler.parsed.json");
  assert.equal(law.skills.length, all.length);
  for (const [at, { dump, skill_hash_input, skill_hash }] of all.entries()) {
    await t.step(dump.id, () => {
      const skill = law.skills[at]!;
      assert.deepEqual(dumpOf(skill), dump);
      const input = hashInput(skill);
      assert.equal(input, skill_hash_input);
      assert.equal(createHash("sha256").update(input).digest("hex"), skill_hash);
    });
  }
});

/** What the existing implementation dumps of a skill; it has `null` where we have an empty list. */
function dumpOf(skill: Skill): unknown {
  const { effects, tool, definition } = skill;
  return {
    id: skill.id,
    version: skill.version,
    title: skill.title,
    use_when: skill.use_when,
    inputs: skill.inputs.length === 0 ? null : skill.inputs,
    requires: skill.requires,
    guarantees: skill.guarantees,
    depends_on: skill.depends_on,
    content: skill.content,
    has_behavior: skill.behavior !== null,
    effects: effects.length === 0 ? null : Object.fromEntries(
      effects.map((effect) => [effect.name, {
        name: effect.name,
        requirements: effect.requires,
        recordings: effect.records,
        has_runner: effect.run !== null,
      }]),
    ),
    evolution_rules: rulesOf(skill),
    tool_config: tool && {
      name: tool.name,
      description: tool.description,
      input_schema: {
        type: "object",
        properties: Object.fromEntries(
          tool.properties.map(({ name, type, description }) => [name, { type, description }]),
        ),
        required: tool.required,
      },
      has_executor: tool.execute !== null,
    },
    definition: definition && { nodes: definition },
    formalization_notes: skill.formalization_notes,
  };
}

function rulesOf({ id, evolve }: Skill): unknown {
  return evolve && {
    skill_id: id,
    allowed: evolve.allow,
    denied: evolve.deny,
    conditions: evolve.conditions.map(({ name }) => name),
  };
}

/** What the existing implementation hashes of a skill in a manifest. */
function hashInput(skill: Skill): string {
  const { id, version, title, content, guarantees } = skill;
  return JSON.stringify({
    id,
    version,
    title,
    content,
    guarantees,
    evolution_rules: rulesOf(skill),
  });
}

Deno.test("parseRubyLaw() reads every verb of a skill", async (t) => {
  const cases: readonly (readonly [string, Partial<Skill>])[] = [
    ["", {}],
    ['version "1.0"', { version: "1.0" }],
    ["version 1.10", { version: "1.10" }],
    ["version nil", { version: null }],
    ["title :short", { title: "short" }],
    ['title("in parentheses")', { title: "in parentheses" }],
    ['title (("twice"))', { title: "twice" }],
    ['title "first"\ntitle "last"', { title: "last" }],
    ["use_when 'it\\'s \\n'", { use_when: "it's \\n" }],
    ["requires :network", { requires: "network" }],
    ["requires [:a, 'b']", { requires: ["a", "b"] }],
    ["depends_on %w[a b]", { depends_on: ["a", "b"] }],
    ["depends_on %i(a b)", { depends_on: ["a", "b"] }],
    ["depends_on []", { depends_on: [] }],
    ["guarantees :one", { guarantees: "one" }],
    ["guarantees [:one]", { guarantees: ["one"] }],
    ["guarantees do\n safe\n audited?\nend", { guarantees: ["safe", "audited?"] }],
    ["guarantees { }", { guarantees: [] }],
    ["inputs :a, 'b', [:c, [:d]]", { inputs: ["a", "b", "c", "d"] }],
    ["behavior do\n  { ok: true }\nend", { behavior: ruby("do\n  { ok: true }\nend") }],
    ["behavior { |x| 日本(x) }", { behavior: ruby("{ |x| 日本(x) }") }],
    ["behavior { a(<<~X)\n  inside\nX\n}", {
      behavior: ruby("{ a(<<~X)\n  inside\nX\n}"),
    }],
    ["effect :w do\n requires :a, :b\n records :c\n run { 1 }\nend", {
      effects: [{ name: "w", requires: ["a", "b"], records: ["c"], run: ruby("{ 1 }") }],
    }],
    ["effect(:w) { requires :a }\neffect(:v) { }\neffect(:w) { requires :b }", {
      effects: [
        { name: "w", requires: ["a", "b"], records: [], run: null },
        { name: "v", requires: [], records: [], run: null },
      ],
    }],
    ["evolve do\n allow :content, [:title]\n deny :all\n deny :behavior\nend", {
      evolve: { allow: ["content", "title"], deny: ["all", "behavior"], conditions: [] },
    }],
    ["evolve { when_condition(:x) { true }\n when_condition :y }", {
      evolve: {
        allow: [],
        deny: [],
        conditions: [{ name: "x", test: ruby("{ true }") }, { name: "y", test: null }],
      },
    }],
    ["tool { }", {
      tool: { name: null, description: null, properties: [], required: [], execute: null },
    }],
    [
      "tool do\n name 't'\n description 'd'\n input do\n property :p, type: 'string'\n" +
      " required :p\n end\n execute { |args| args }\nend",
      {
        tool: {
          name: "t",
          description: "d",
          properties: [{ name: "p", type: "string", description: null }],
          required: ["p"],
          execute: ruby("{ |args| args }"),
        },
      },
    ],
    ["formalization_notes 'n'", { formalization_notes: "n" }],
    ["definition { }", { definition: [] }],
  ];
  for (const [inside, fields] of cases) {
    await t.step(JSON.stringify(inside), async () => {
      assert.deepEqual(await skillOf(inside), { ...emptySkill("s"), ...fields });
    });
  }
});

Deno.test("parseRubyLaw() reads every verb of a definition", async (t) => {
  const cases: readonly (readonly [string, Partial<DefinitionNode>])[] = [
    ["constraint :n", { type: "Constraint", options: {} }],
    ["constraint :n, required: true, timing: :before", {
      type: "Constraint",
      options: { required: true, timing: "before" },
    }],
    ["check :n, condition: 'a == true', note: 1", {
      type: "Check",
      options: { note: 1, condition: "a == true" },
    }],
    ["check :n", { type: "Check", options: { condition: null } }],
    ["plan :n, steps: [:a, 'b']", { type: "Plan", options: { steps: ["a", "b"] } }],
    ["tool_call :n, command: 'c', args: {a: [1, -2.5, nil], 'b c' => {}}", {
      type: "ToolCall",
      options: { args: { a: [1, -2.5, null], "b c": {} }, command: "c" },
    }],
    ["node :n, type: :SemanticReasoning, prompt: 'p', source_span: 's'", {
      type: "SemanticReasoning",
      options: { prompt: "p" },
      source_span: "s",
    }],
    ["node :n, prompt: 'p', type: 'Own'", { type: "Own", options: { prompt: "p" } }],
  ];
  for (const [inside, fields] of cases) {
    await t.step(inside, async () => {
      const { definition } = await skillOf(`definition do\n${inside}\nend`);
      assert.deepEqual(definition, [{ name: "n", source_span: null, ...fields }]);
      const { options } = fields;
      assert.deepEqual(Object.keys(definition![0]!.options), Object.keys(options!), "order");
    });
  }
  await t.step("keys that are names in JavaScript", async () => {
    const { definition } = await skillOf("definition { constraint :n, toString: 2 }");
    assert.deepEqual(Object.entries(definition![0]!.options), [["toString", 2]]);
  });
});

Deno.test("parseRubyLaw() reads text as Ruby does", async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ["<<~MD\n    a\n\n      b\n    c\n  MD", "a\n\n  b\nc\n"],
    ["<<~MD\n  a\n \n  b\n  MD", "a\n\nb\n"],
    ["<<~MD\n  tab\\tq\\u00e9\\\n  joined\n  MD", "tab\tqéjoined\n"],
    ["<<~'MD'\n  raw \\t \#{no}\n  MD", "raw \\t #{no}\n"],
    ["<<-MD\n  a\n  MD", "  a\n"],
    ["<<MD\n a\nMD", " a\n"],
    ["<<~MD\n  日本語\n    確認\n  MD", "日本語\n  確認\n"],
    ["<<~MD\n  \#{escaped}\n  MD".replace("#{", "\\#{"), "#{escaped}\n"],
    ["'a' \"b\\x41\\u{1F600 42}\"", "abA😀B"],
    ["%q(a (b) c)", "a (b) c"],
    ["%Q[a\\tb]", "a\tb"],
    ["?x", "x"],
    ['"nul \\0"', "nul \0"],
    [':"quoted symbol"', "quoted symbol"],
  ];
  for (const [literal, text] of cases) {
    await t.step(JSON.stringify(literal), async () => {
      assert.equal((await skillOf(`content ${literal}`)).content, text);
    });
  }
  await t.step("line ends of another system and a byte order mark", async () => {
    const { law } = await parse("\ufeffskill :s do\r\n  content <<~MD\r\n    a\r\n  MD\r\nend\r\n");
    assert.equal(law.skills[0]?.content?.replaceAll("\r", ""), "a\n");
  });
});

Deno.test("parseRubyLaw() names what it does not carry over, with its place", async (t) => {
  const inSkill: Readonly<Record<string, string>> = {
    "puts 1": '"puts" is no verb of a skill',
    "self.title 'x'": `"self.title 'x'" would have to be run`,
    "title 'x'.upcase": `"'x'.upcase" is no literal value, and nothing is computed`,
    "title NAME": '"NAME" is no literal value, and nothing is computed',
    'title "a#{1}"': "text with #{…} in it would have to be computed",
    "title <<~A\n  a \#{`id`}\nA": "text with #{…} in it would have to be computed",
    'title :"a#{1}"': "text with #{…} in it would have to be computed",
    "title `id`": '"`id`" is no literal value, and nothing is computed',
    "title 'a', 'b'": '"title" takes one value and no block',
    "title 'a' do\nend": '"title" takes one value and no block',
    "title a: 1": '"title" takes one value and no block',
    "title ['a']": `"title" takes text, found "['a']"`,
    "title true": '"title" takes text, found "true"',
    "title(*x)": '"*x" is no literal value, and nothing is computed',
    "title(&x)": "a block that is handed on would have to be run",
    "title 'x' if y": `"title 'x' if y" would have to be run`,
    "x = 1": '"x = 1" would have to be run',
    "requires [1]": "1 is no word",
    "inputs a: 1": '"inputs" takes words only',
    "behavior :x do\nend": '"behavior" takes a block only',
    "behavior { <<X }\n a\nX": "a block with a heredoc that goes on behind its end",
    "evolve": '"evolve" without a block',
    "evolve do |x|\nend": '"evolve" with a block that takes arguments',
    "evolve do\n1\nrescue\n2\nend": "a block that rescues would have to be run",
    "evolve { permit :x }": '"permit" is no verb of the rules of evolution',
    "effect 1 do\nend": '"effect" takes one name',
    "guarantees { a 1 }": "a guarantee that is no bare word",
    "tool { input { property :p } }": "a property whose type or description is no text",
    "tool { input { property :p, type: 's', enum: [] } }": 'a property with "enum"',
    "definition { plan :p }": '"plan" without "steps"',
    "definition { plan :p, steps: [], extra: 1 }": '"plan" with "extra"',
    "definition { tool_call :p }": '"tool_call" without "command"',
    "definition { node :p, type: :T }": '"node" without "prompt"',
    "definition { node :p, type: 1, prompt: 'p' }": '"node" takes text as type and source_span',
    "definition { constraint }": '"constraint" takes one name',
    "definition { constraint :a, **opts }": '"**opts" is no key with a value',
    "definition { constraint :a, b: }": '"b:" is no key with a value',
    "definition { constraint :a, 1 => 2 }": 'the key "1" is no text',
    "definition { constraint :a, b: 99999999999999999999 }": "a number too large to be exact",
    "definition { constraint :a, b: 1e999 }": "a number too large to be exact",
    "definition { constraint :a, b: 1r }": '"1r" is no literal value, and nothing is computed',
    "definition { constraint :a, b: 1..2 }": '"1..2" is no literal value, and nothing is computed',
    "definition { constraint :a, __proto__: 1 }":
      '"constraint": Field "__proto__" has a meaning of its own',
    "definition { plan :p, steps: ['a', 3] }": '"plan": An item of field "steps" is 3',
    "definition { node :p, type: 'Own', prompt: nil }": '"node": Field "prompt" is null',
    "definition { constraint(:a) { } }": '"constraint" with a block',
  };
  for (const [inside, what] of Object.entries(inSkill)) {
    await t.step(JSON.stringify(inside), async () => {
      const { law, lost } = await parse(`skill :s do\n  version '7'\n  ${inside}\nend\n`);
      assert.deepEqual(lost.map((loss) => loss.what), [what]);
      assert.ok(lost[0]!.line >= 3);
      assert.equal(law.skills[0]?.version, "7", "what is around it is carried over");
      assert.equal(law.skills[0]?.title, null);
    });
  }
  await t.step("outside of skills", async () => {
    const { law, lost } = await parse(
      "require 'x'\nskill :a do\nend\nskill :a do\n title 'shadow'\nend\n" +
        "日本 = 1; system('id')\nskill 'B' do\nend\nskill(:c)\nskill :d, e: 1 do\nend\n" +
        "class Foo; end\n__END__\nrest\n",
    );
    assert.deepEqual(law.skills, [emptySkill("a")]);
    assert.deepEqual(lost.map(({ line, column, what }) => `${line}:${column} ${what}`), [
      '1:1 "require" is no verb of a law',
      '4:1 a second skill "a"; the first one counts',
      '7:1 "日本 = 1" would have to be run',
      '7:9 "system" is no verb of a law',
      '8:1 "B" is no name of a skill',
      '10:1 "skill" without a block',
      "11:1 a skill with named arguments",
      '13:1 "class Foo; end" would have to be run',
      "14:1 text behind __END__",
    ]);
  });
  await t.step("too many to tell", async () => {
    const { lost } = await parse("a\n".repeat(5000));
    assert.equal(lost.length, 1001);
    assert.equal(lost.at(-1)?.what, "and more behind it");
  });
});

Deno.test("parseRubyLaw() names the place of what is no Ruby", async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["skill :s do\n", /line \d, column \d+: .*end/],
    ["skill :s do\n  title '日本', )\nend\n", /line 2, column 15: unexpected/],
    ['skill :s do\n title "\u0000"\nend\n', /line 2, column 9: the control character "\\u\{0\}"/],
    ["skill :s do\n end\u001a", /line 2, column 5: the control character/],
    ["title '\ud800'", /line 1, column 8: a character that is no UTF-8/],
    ['skill(:s) { title "\\xff" }', /no UTF-8/],
    ['skill(:s) { title "\\u{110000}" }', /line 1/],
  ];
  for (const [text, message] of cases) {
    await assert.rejects(parse(text), (error) => {
      assert.ok(error instanceof KairosError);
      assert.equal(error.code, "invalid");
      assert.match(error.message, message);
      assert.match(error.message, /^Cannot read /);
      const places = errorPlaces(error)?.problems ?? [];
      assert.equal(places.length > 0, error.message.includes("column"));
      for (const { excerpt } of places) assert.match(excerpt!, /\n\s*\^$/);
      return true;
    });
  }
  await assert.rejects(parse(cases[1]![0]), (error: KairosError) => {
    const [place] = errorPlaces(error)!.problems;
    assert.equal(place!.excerpt, "  title '日本', )\n         \u3000\u3000   ^");
    return true;
  });
});

Deno.test("parseRubyLaw() runs nothing", async () => {
  const { lost } = await parse("BEGIN { exit 3 }\n`touch x`\nskill(:s) { behavior { exit 3 } }\n");
  assert.equal(lost.length, 2);
});

Deno.test("parseRubyLaw() ends cleanly for any damage to a source", async () => {
  const pieces = [
    "skill :a do\n",
    "end\n",
    "title ",
    "<<~A\n",
    "A\n",
    "'",
    '"',
    "#{",
    "}",
    "{",
    "[",
  ];
  const part = fc.oneof(
    fc.constantFrom(...pieces, "%w(", ")", ":", "=", ",", "\\", "/", "->", "definition { ", "|"),
    fc.string({ unit: "binary", maxLength: 5 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 40 }), async (parts) => {
      const found = await parse(parts.join("")).catch((error: unknown) => error);
      if (found instanceof Error) assert.ok(found instanceof KairosError, String(found));
    }),
    { numRuns: count("fuzzRuns") },
  );
});
