import assert from "node:assert/strict";
import fc from "fast-check";
import { emptySkill, type Json } from "../../core/dsl/ast.ts";
import { canonicalJson, lawHash } from "../../core/dsl/canonical.ts";
import { lawFromJson, lawToJson } from "../../core/dsl/law_json.ts";
import { KairosError } from "../../core/errors.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { count } from "../counts.ts";
import { randomLaw } from "./random_law.ts";

Deno.test("canonicalJson() writes each value in one way", () => {
  const cases: [Json, string][] = [
    [
      { b: 1, a: [], "": {}, "\u{1f600}": 1, "\ufb33": 2 },
      '{"":{},"a":[],"b":1,"😀":1,"\ufb33":2}',
    ],
    [[1e21, 1e-7, -0, 0.1, 123456789012345680000], "[1e+21,1e-7,0,0.1,123456789012345680000]"],
    ['\u0000\u001f\u007f\u2028/"\\知', '"\\u0000\\u001f\u007f\u2028/\\"\\\\知"'],
    [[null, true, false], "[null,true,false]"],
  ];
  for (const [value, text] of cases) assert.equal(canonicalJson(value), text);
  for (const value of [NaN, Infinity, "\ud800", { "\udc00": 1 }]) {
    assert.throws(() => canonicalJson(value), KairosError);
  }
});

Deno.test("lawFromJson() gives back every law, whose hash is that of the text", () => {
  fc.assert(
    fc.property(randomLaw, (law) => {
      const text = lawToJson(law);
      assert.deepEqual(lawFromJson(text), law);
      assert.equal(lawHash(law), sha256(new TextEncoder().encode(text)));
    }),
    { numRuns: count("fuzzRuns") },
  );
});

Deno.test("lawFromJson() refuses every text but the canonical one of a law", async (t) => {
  const good = lawToJson({ skills: [emptySkill("a")] });
  const cases: Record<string, [text: string, message: RegExp]> = {
    "no JSON": ["{", /no JSON/],
    "no object": ["[]", /is a list/],
    "a blank": [` ${good}`, /not canonical/],
    "a key twice": [good.replace('"id":"a"', '"id":"b","id":"a"'), /not canonical/],
    "a field left out": [good.replace('"title":null,', ""), /not canonical/],
    "an escape": [good.replace('"id":"a"', '"id":"\\u0061"'), /not canonical/],
    "an unknown field": [good.replace('"title"', '"titel"'), /"titel" is unknown at "\/skills\/0/],
    "a wrong type": [
      good.replace('"title":null', '"title":1'),
      /"title" is 1 at "\/skills\/0\/title"/,
    ],
    "half a pair": [good.replace('"title":null', '"title":"\\ud800"'), /surrogate/],
    "an id twice": [lawToJson({ skills: [emptySkill("a"), emptySkill("a")] }), /there twice/],
    "minus zero": [good.replace('"law":null', '"law":{"a":-0}'), /not canonical/],
    "__proto__": [good.replace('"law":null', '"law":{"__proto__":1}'), /"__proto__"/],
    "33 levels": [
      good.replace('"law":null', `"law":${'{"a":'.repeat(33)}1${"}".repeat(33)}`),
      /levels/,
    ],
    "10,000 levels": ["[".repeat(10_000) + "]".repeat(10_000), /deeply/],
    "10 MB": [" ".repeat(10_000_000), /10000000 characters/],
  };
  for (const [name, [text, message]] of Object.entries(cases)) {
    await t.step(name, () => {
      assert.throws(
        () => lawFromJson(text),
        (error) => error instanceof KairosError && message.test(error.message),
      );
    });
  }
});
