import assert from "node:assert/strict";
import fc from "fast-check";
import { isRsaSignature, readRsaPublicKey } from "../../core/keys/rsa.ts";
import { isWireMap, parseWire, plain, wireText } from "../../mmp/wire_json.ts";
import { count } from "../counts.ts";

const SIGNATURES = new URL("../../../shared/vectors/signatures/signatures.json", import.meta.url);
const FLOATS = new URL("../../../shared/vectors/chain/float_format.json", import.meta.url);

function load<T>(path: URL): T | null {
  try {
    return JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

interface Signatures {
  readonly public_key_pem: string;
  readonly key_fingerprint: string;
  readonly spki_der_sha256: string;
  readonly identity_signatures: readonly {
    readonly identity_as_json_text: string;
    readonly canonical: string;
    readonly signature_base64: string;
    readonly verifies: boolean;
  }[];
}

Deno.test("wireText() keeps the order of keys and writes one spelling of numbers", () => {
  const cases: [string, string][] = [
    ['{"b":1,"10":2,"9":3,"a":4}', '{"b":1,"10":2,"9":3,"a":4}'],
    [' { "a" : [ 1 , true , null ] } ', '{"a":[1,true,null]}'],
    ['{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'],
    ['{"__proto__":1,"constructor":2}', '{"__proto__":1,"constructor":2}'],
    ["12345678901234567890123", "12345678901234567890123"],
    ["-0", "0"],
    ["-0.0", "-0.0"],
    ["0e0", "0.0"],
    ["1.0", "1.0"],
    ["1E3", "1000.0"],
    ["100.0", "100.0"],
    ["0.0001", "0.0001"],
    ["0.00001", "1.0e-05"],
    ["999999999999999.0", "999999999999999.0"],
    ["1e15", "1.0e+15"],
    ["-1.25e300", "-1.25e+300"],
    ["5e-324", "5.0e-324"],
    ['"a\\/b \\u65e5\\u0001\\u2028"', '"a/b 日\\u0001\u2028"'],
    ["[]", "[]"],
    ["{}", "{}"],
  ];
  for (const [sent, signed] of cases) assert.equal(wireText(parseWire(sent)), signed);
});

Deno.test("parseWire() refuses what is no JSON, what is too deep and what is no whole text", () => {
  const wrong = [
    "",
    " ",
    "{",
    "[1,]",
    '{"a"}',
    '{"a":1,}',
    "{a:1}",
    "01",
    "1.",
    ".5",
    "+1",
    "1e400",
    "NaN",
    "Infinity",
    "truth",
    "'a'",
    '"a',
    '"a\nb"',
    '"\\x"',
    '"\\ud800"',
    "1 2",
    "\ufeff{}",
    "\u00a01",
    `${"[".repeat(101)}${"]".repeat(101)}`,
    `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`,
  ];
  for (const text of wrong) {
    assert.throws(() => parseWire(text), { code: "invalid" }, text.slice(0, 20));
  }
  const deep = `${"[".repeat(100)}${"]".repeat(100)}`;
  assert.equal(wireText(parseWire(deep)), deep);
});

Deno.test("parseWire() reads what JSON.parse reads, and says no where it does", () => {
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false }), (text) => {
      const value = JSON.parse(text);
      assert.deepEqual(
        JSON.parse(JSON.stringify(plain(parseWire(text)))),
        JSON.parse(JSON.stringify(value)),
      );
    }),
    { numRuns: count("fuzzRuns") },
  );
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (json, at, put) => {
      const place = at % (json.length + 1);
      const text = json.slice(0, place) + put + json.slice(place);
      if (isReadable(() => parseWire(text))) assert.ok(isReadable(() => JSON.parse(text)), text);
    }),
    { numRuns: count("fuzzRuns") },
  );
});

function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

Deno.test("parseWire() reads no more values than it may", () => {
  const text = '{"a":[1,"b",null,{}],"c":true}';
  assert.equal(wireText(parseWire(text, { values: 7 })), text);
  assert.throws(() => parseWire(text, { values: 6 }), /more than 6 values/);
});

Deno.test("plain() makes objects that inherit nothing", () => {
  const value = plain(parseWire('{"__proto__":{"x":1},"n":1.5}')) as Record<string, unknown>;
  assert.equal(Object.getPrototypeOf(value), null);
  assert.deepEqual(Object.keys(value), ["__proto__", "n"]);
});

Deno.test({
  name: "wireText() and isRsaSignature() agree with every recorded signature",
  ignore: load(SIGNATURES) === null,
  fn: () => {
    const vectors = load<Signatures>(SIGNATURES)!;
    const key = readRsaPublicKey(vectors.public_key_pem);
    assert.ok(typeof key !== "string");
    assert.deepEqual([key.fingerprint, key.spki], [
      vectors.key_fingerprint,
      vectors.spki_der_sha256,
    ]);
    assert.equal(key.pem, vectors.public_key_pem);
    assert.ok(vectors.identity_signatures.length > 0);
    for (const one of vectors.identity_signatures) {
      const identity = parseWire(one.identity_as_json_text);
      assert.ok(isWireMap(identity));
      assert.equal(wireText(identity), one.canonical);
      assert.equal(isRsaSignature(key, one.canonical, one.signature_base64), one.verifies);
      assert.equal(isRsaSignature(key, `${one.canonical} `, one.signature_base64), false);
    }
  },
});

Deno.test({
  name: "wireText() writes every recorded float as the existing implementation does",
  ignore: load(FLOATS) === null,
  fn: () => {
    for (
      const { ieee_hex, ruby_to_json } of load<{ ieee_hex: string; ruby_to_json: string }[]>(
        FLOATS,
      )!
    ) {
      const value = new DataView(Uint8Array.fromHex(ieee_hex).buffer).getFloat64(0);
      const written = Object.is(value, -0) ? "-0e0" : value.toExponential();
      assert.equal(wireText(parseWire(written)), ruby_to_json);
    }
  },
});
