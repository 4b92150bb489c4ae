import assert from "node:assert/strict";
import { KairosError } from "../../core/errors.ts";
import { parseJsonObject } from "../../core/json_object.ts";

const BOUNDS = { bytes: 10_000_000, depth: 4 };
const parse = (text: string | Uint8Array) =>
  parseJsonObject(
    typeof text === "string" ? new TextEncoder().encode(text) : text,
    BOUNDS,
    "Cannot read it",
  );

const refused: readonly [what: string, text: string | Uint8Array, message: RegExp][] = [
  ["nothing", "", /it is not JSON$/],
  ["a list", "[]", /it is not a JSON object$/],
  ["a byte order mark", "\ufeff{}", /it is not JSON$/],
  ["bytes that are no text", new Uint8Array([0x7b, 0xff, 0x7d]), /it is not UTF-8$/],
  ["a field twice", '{"a":1,"\\u0061":2}', /the field "a" stands twice$/],
  ["a field twice inside", '{"x":[{"b":1,"b" : 2}]}', /the field "b" stands twice$/],
  ["half a character", '{"a":"\\udc00"}', /half a character$/],
  ["half a character as a field", '{"\\ud800":1}', /half a character$/],
  ["five levels", '{"a":[[[[1]]]]}', /nested deeper than 4 levels$/],
  ["a million levels", "[".repeat(1_000_000), /nested deeper than 4 levels$/],
  ["a string without end", '{"a', /it is not JSON$/],
  ["two values", "{}{}", /it is not JSON$/],
  ["a comma too many", '{"a":1,}', /it is not JSON$/],
  ["a line end in a string", '{"a":"\n"}', /it is not JSON$/],
];

Deno.test("parseJsonObject() refuses", async (t) => {
  for (const [what, text, message] of refused) {
    await t.step(what, () => {
      assert.throws(() => parse(text), (error) => {
        assert.ok(error instanceof KairosError);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

Deno.test("parseJsonObject() sees fields and brackets inside of strings as text", () => {
  const text = '{"a":"\\"b\\":[[[[[[","c":{"a":"{\\"a\\":1}","b":["b","b"]},"__proto__":"x"}';
  assert.deepEqual(parse(text), JSON.parse(text));
  const long = "x".repeat(9_000_000);
  assert.equal(parse(`{"a":"${long}"}`)["a"], long);
});
