import fc from "fast-check";
import type { Code, DefinitionNode, Json, Law, Skill } from "../../core/dsl/ast.ts";

/** Text of every kind that is hard to write down: blanks, escapes, fences, controls, Japanese. */
const PIECES = [
  ..."\n\n\n  \t`\\$\"'{}|\r\0\u007f\u2028\ufeff",
  ..."${ \\n \\` \u202e \u200d 知識 😀 */ // <!-- # must `x` /**".split(" "),
  "  \n",
  "\n    ",
];
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5 })), { maxLength: 12 })
    .map((parts) => parts.join("")),
).filter((one) => one.isWellFormed());
const name = text.map((one) => one === "" || one === "__proto__" ? "n" : one.slice(0, 150))
  .filter((one) => one.isWellFormed());
const maybeText = fc.option(text);
const texts = fc.array(text, { maxLength: 3 });
const words = fc.option(fc.oneof(text, texts));
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) =>
  one === 0 ? 0 : one
);
const json: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(name, tie("json"), { maxKeys: 3 }),
  ),
})).json;
const options = fc.dictionary(
  name.filter((one) => one !== "source_span" && one !== "type"),
  json,
  { maxKeys: 3 },
);

const CODES = [
  "() => 1",
  "async (args) => {\n    // why\n    return `${args.a}` + /x[`/]/.source;\n}",
  "function () { return { a: 1 }; }",
  "(a = (b) => [b], ...rest) => ({ a, rest })",
];
const code: fc.Arbitrary<Code> = fc.oneof(
  fc.constantFrom(...CODES).map((one): Code => ({ language: "typescript", text: one })),
  fc.record({ language: fc.constantFrom("typescript", "ruby"), text }),
);
const maybeCode = fc.option(code);

function named<T extends object>(fields: fc.Arbitrary<T>): fc.Arbitrary<(T & { name: string })[]> {
  return fc.uniqueArray(fc.tuple(name, fields).map(([name, rest]) => ({ name, ...rest })), {
    selector: (one) => one.name,
    maxLength: 3,
  });
}

const node: fc.Arbitrary<DefinitionNode> = fc.tuple(
  fc.oneof(fc.constantFrom("Constraint", "Check", "Plan", "ToolCall", "SemanticReasoning"), name),
  fc.record({ name, source_span: maybeText }),
  options,
  fc.record({ steps: texts, command: text, prompt: text, condition: maybeText }),
).map(([type, rest, free, { steps, command, prompt, condition }]) => {
  const own: Record<string, Record<string, Json>> = {
    Constraint: { condition },
    Check: { condition },
    Plan: { steps },
    ToolCall: { command },
  };
  return {
    type,
    ...rest,
    options: { ...free, ...Object.hasOwn(own, type) ? own[type] : { prompt } },
  };
});

const skill: fc.Arbitrary<Skill> = fc.record({
  id: fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/),
  version: maybeText,
  title: maybeText,
  use_when: maybeText,
  inputs: texts,
  requires: words,
  depends_on: words,
  guarantees: words,
  evolve: fc.option(
    fc.record({ allow: texts, deny: texts, conditions: named(fc.record({ test: maybeCode })) }),
  ),
  law: fc.option(options),
  effects: named(fc.record({ requires: texts, records: texts, run: maybeCode })),
  definition: fc.option(fc.array(node, { maxLength: 4 })),
  content: maybeText,
  behavior: maybeCode,
  tool: fc.option(fc.record({
    name: maybeText,
    description: maybeText,
    properties: named(fc.record({ type: text, description: maybeText })),
    required: texts,
    execute: maybeCode,
  })),
  formalization_notes: maybeText,
});

/** Laws of every shape the tree allows; cloned, since its makers leave objects without prototypes. */
export const randomLaw: fc.Arbitrary<Law> = fc.record({
  skills: fc.uniqueArray(skill, { selector: (one) => one.id, maxLength: 3 }),
}).map((law) => structuredClone(law));
