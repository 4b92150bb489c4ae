import assert from "node:assert/strict";
import fc from "fast-check";
import { type Answer, JsonBytes, jsonBytes, JsonText, jsonText } from "../../mmp/json_text.ts";
import { parseWire, wireText } from "../../mmp/wire_json.ts";
import { count } from "../counts.ts";

Deno.test("jsonText() and jsonBytes() write what JSON.stringify does, and pass on what is made", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const expected = JSON.stringify(value);
      const text = jsonText(value as Answer);
      assert.equal(text, expected);
      assert.equal(new TextDecoder().decode(jsonBytes(value as Answer)), expected);
      const wire = parseWire(JSON.stringify({ v: value }));
      const made = { a: new JsonText(text), b: new JsonBytes(jsonBytes(value as Answer)), c: wire };
      const whole = `{"a":${text},"b":${text},"c":${wireText(wire)}}`;
      assert.equal(jsonText(made), whole);
      assert.equal(new TextDecoder().decode(jsonBytes(made)), whole);
    }),
    { numRuns: count("fuzzRuns") },
  );
});
