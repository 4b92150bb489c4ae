import assert from "node:assert/strict";
import { KairosError } from "../../core/errors.ts";
import fc from "fast-check";
import { parseJsonObject } from "../../core/json_object.ts";
import { LongText } from "../../core/long_texts.ts";
import { count } from "../counts.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
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

/** The same value with strings in the place of long texts. */
function whole(value: unknown): unknown {
  if (value instanceof LongText) return new TextDecoder().decode(value.bytes);
  if (Array.isArray(value)) return value.map(whole);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, whole(inner)]));
}

/** What comes of a text: its value, or why it is refused. */
function outcome(bytes: Uint8Array, text?: number): unknown {
  try {
    const bounds = text === undefined ? BOUNDS : { ...BOUNDS, text };
    return whole(parseJsonObject(bytes, bounds, "Cannot read it"));
  } catch (error) {
    return (error as Error).message;
  }
}

Deno.test("parseJsonObject() reads the same with long texts left where they are", () => {
  const unit = fc.constantFrom("a", "b", " ", "\\", '"', "記", "\n", "{", ":", ",");
  const texts = fc.string({ unit, maxLength: 8 });
  const values = fc.oneof(texts, fc.dictionary(texts, texts), fc.array(texts));
  const objects = fc.dictionary(texts, values).filter((one) => !Object.hasOwn(one, "__proto__"));
  const damage = fc.record({ at: fc.nat(), to: fc.constantFrom(...utf8('"\\:{a\n '), 0xff) });
  fc.assert(
    fc.property(objects, fc.option(damage), fc.nat(5), (object, damage, most) => {
      const bytes = utf8(JSON.stringify(object));
      if (damage !== null) bytes[damage.at % bytes.length] = damage.to;
      assert.deepEqual(outcome(bytes, most), outcome(bytes));
    }),
    { numRuns: count("fuzzRuns") },
  );
});

Deno.test("parseJsonObject() copies no long text that is plain", () => {
  const bytes = utf8('{"a":"123456","b":["1234567","記記記","12345\\n"],"1234567":"12345"}');
  const { a, b, ...rest } = parseJsonObject(bytes, { ...BOUNDS, text: 5 }, "Cannot read it");
  assert.ok(a instanceof LongText && a.bytes.buffer === bytes.buffer);
  assert.equal(whole(a), "123456");
  assert.ok(Array.isArray(b) && b[0] instanceof LongText);
  assert.deepEqual(b.slice(1), ["記記記", "12345\n"]);
  assert.deepEqual(rest, { "1234567": "12345" });
  const twice = utf8('{"123456":"1234567","123456" :1}');
  assert.equal(outcome(twice, 5), 'Cannot read it: the field "123456" stands twice');
});

Deno.test("parseJsonObject() sees fields and brackets inside of strings as text", () => {
  const text = '{"a":"\\"b\\":[[[[[[","c":{"a":"{\\"a\\":1}","b":["b","b"]},"__proto__":"x"}';
  assert.deepEqual(parse(text), JSON.parse(text));
  const long = "x".repeat(9_000_000);
  assert.equal(parse(`{"a":"${long}"}`)["a"], long);
});
