import assert from "node:assert/strict";
import fc from "fast-check";
import { duplicateKey, topLevelKeys } from "../../core/chain/json_keys.ts";
import { count } from "../counts.ts";

Deno.test("duplicateKey() finds a key that stands twice, however it is written", async (t) => {
  const cases: [text: string, key: string | null][] = [
    ['{"a":1,"a":2}', "a"],
    ['{"a":1,"\\u0061":2}', "a"],
    ['{"\\u0061" : 1 , "a"\n\t\r : 2}', "a"],
    ['{"é":1,"\\u00E9":2}', "é"],
    ['{"a\\"b":1,"a\\u0022b":2}', 'a"b'],
    ['{"":1,"":2}', ""],
    ['{"__proto__":1,"__proto__":2}', "__proto__"],
    ['{"a":{"a":1},"b":[{"a":1,"a":2}]}', null],
    ['{"a":"b","b":"a"}', null],
    ['{"a":"\\"a\\":","b":"}{"}', null],
    ['{"a":1,"a\\\\":2,"A":3}', null],
    ["{}", null],
  ];
  for (const [text, key] of cases) {
    await t.step(text, () => {
      JSON.parse(text);
      assert.equal(duplicateKey(text), key);
    });
  }
});

Deno.test("topLevelKeys() lists what JSON.parse finds, for every object and layout", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.constantFrom(0, 1, 4, "\t"),
      (object, indent) => {
        const text = JSON.stringify(object, null, indent);
        assert.deepEqual(topLevelKeys(text).sort(), Object.keys(JSON.parse(text)).sort());
        assert.equal(duplicateKey(text), null);
      },
    ),
    { numRuns: count("fuzzRuns") },
  );
});
