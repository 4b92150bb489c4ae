import assert from "node:assert/strict";
import fc from "fast-check";
import { load, YAML11_SCHEMA } from "js-yaml";
import { type ErrorCode, KairosError } from "../../core/errors.ts";
import { parseYaml, stringifyYaml, textPosition, type YamlValue } from "../../core/yaml.ts";

Deno.test("parseYaml() reads scalars by the YAML 1.2 core schema", async (t) => {
  const cases: [string, YamlValue][] = [
    ["", null],
    ["# only a comment\n", null],
    ["~", null],
    ["Null", null],
    ["TRUE", true],
    ["false", false],
    ["yes", "yes"],
    ["off", "off"],
    ["12", 12],
    ["+12", 12],
    ["-0", 0],
    ["-0.0", 0],
    ["017", 17],
    ["0o17", 15],
    ["0x1F", 31],
    ["0b101", "0b101"],
    ["1_000", "1_000"],
    ["1:30", "1:30"],
    ["1e3", 1000],
    [".5", 0.5],
    ["1e400", "1e400"],
    [".inf", ".inf"],
    [".nan", ".nan"],
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", "9007199254740993"],
    ["12345678901234567890", "12345678901234567890"],
    ["1152921504606847000", 1152921504606847000],
    ["2026-01-20", "2026-01-20"],
    ["2026-01-20T10:30:00Z", "2026-01-20T10:30:00Z"],
    ["'12'", "12"],
    ['"a\\tb\\u00e9"', "a\tbé"],
    ['"\\ud83d\\ude80"', "🚀"],
    ["!!str 12", "12"],
    ["! 12", "12"],
    ['!!int "12"', 12],
    ["!!null ''", null],
    ["!!seq [1]", [1]],
    ["!!map {a: 1}", { a: 1 }],
    ["\uFEFFa: 1", { a: 1 }],
    ["a: 1\r\nb: 2\rc: 3\n", { a: 1, b: 2, c: 3 }],
    ["---\na: 1\n...\n", { a: 1 }],
    ["a:\n- 1\n-\n- [x, {y: z}]\n", { a: [1, null, ["x", { y: "z" }]] }],
    ["[a: b]", [{ a: "b" }]],
    ["{a, ? b}", { a: null, b: null }],
    ["1: a\n1.0: b\n~: c\ntrue: d\n", { "1": "a", "1.0": "b", "~": "c", "true": "d" }],
    ["'<<': a", { "<<": "a" }],
  ];
  for (const [text, value] of cases) {
    await t.step(JSON.stringify(text), () => assert.deepEqual(parseYaml(text), value));
  }
});

Deno.test("parseYaml() with scalars as text keeps what was written", () => {
  const text =
    "v: 1.10\nn: 007\nb: True\nz: ~\nq: '1.0'\nt: !!int 5\nl: [1.0, null, x]\n1.0: .inf\n";
  assert.deepEqual(parseYaml(text, { scalars: "text" }), {
    v: "1.10",
    n: "007",
    b: "True",
    z: null,
    q: "1.0",
    t: "5",
    l: ["1.0", null, "x"],
    "1.0": ".inf",
  });
});

Deno.test("parseYaml() names what it refuses, with line and column", async (t) => {
  const cases: [string, string, number, number][] = [
    ["a: 1\nb: &x 2", "an anchor (&), which is not accepted", 2, 4],
    ["&x a: 1", "an anchor (&), which is not accepted", 1, 1],
    ["a: *b", "an alias (*), which is not accepted", 1, 4],
    ["<<: {a: 1}", "a merge key (<<), which is not accepted", 1, 1],
    ["a: !foo bar", 'the tag "!foo", which is not accepted', 1, 4],
    ["a: !!js/function 'x'", 'the tag "!!js/function", which is not accepted', 1, 4],
    ["a: !ruby/object:X {}", 'the tag "!ruby/object:X", which is not accepted', 1, 4],
    ["a: !!set {b}", 'the tag "!!set", which is not accepted', 1, 4],
    ["a: !!omap []", 'the tag "!!omap", which is not accepted', 1, 4],
    ["a: !!seq {}", 'the tag "!!seq", which is not accepted', 1, 4],
    ["a: !<tag:yaml.org,2002:str> x", 'the tag "!<tag:yaml.org,2002:str>"', 1, 4],
    ["!foo a: 1", 'the tag "!foo", which is not accepted', 1, 1],
    ["a: !!int x", 'the tag "!!int" on a value it does not fit', 1, 4],
    ["%TAG !! tag:x,2026:\n---\na: !!str 1", "a directive (%), which is not accepted", 1, 1],
    ["# c\n%YAML 1.1\n---\na: 1", "a directive (%), which is not accepted", 2, 1],
    ["a: 1\nb: 2\na: 3", 'the key "a" a second time', 3, 1],
    ["{'a': 1, \"\\u0061\": 2}", 'the key "a" a second time', 1, 10],
    ["__proto__: 1", 'the key "__proto__", which is not accepted', 1, 1],
    ['a: {"\\u005f_proto__": {x: 1}}', 'the key "__proto__", which is not accepted', 1, 5],
    ["[a]: b", "a list or map used as a key", 1, 1],
    ["? {a: b}\n: c", "a list or map used as a key", 1, 3],
    ["a: 1\n---\nb: 2\n", "a second document", 2, 1],
    ["a: '\\n---'\n...\nb", "a second document", 2, 1],
    ["a: 1\r\n--- |\n x", "a second document", 2, 1],
    ['a: "\\ud800"', "half of a surrogate pair, which is no character", 1, 4],
    ["a: '\ud800'", "half of a surrogate pair, which is no character", 1, 4],
    ["a:\n\tb: 1", "a tab used for indentation instead of spaces", 2, 1],
    ["a: 1\n  b: 2", 'a ": " where no key can be', 2, 4],
    ["a: b: c", 'a ": " where no key can be', 1, 5],
    ["a: @x", "a value that starts with @, so it needs quotes", 1, 4],
    ["a:\n  b: 1\n c: 2", "a line indented unlike the keys beside it", 3, 2],
    ["a: [b", "a [ or { that is never closed", 1, 6],
    ["a: 'b", "a ' that is never closed", 1, 6],
    ['a: "b', 'a " that is never closed', 1, 6],
    ["a: \0", "a NUL character", 1, 4],
    ["a: x\u0007", "a control character", 1, 5],
    ["a: !x[x[x[ 1", "a tag, which is not accepted", 1, 11],
    ["a: *", "an alias, which is not accepted", 1, 5],
    ["%TAG ! x y\n---\na", "a directive, which is not accepted", 2, 1],
    ["a: |x\n", "text that YAML forbids (a line break is expected)", 1, 5],
    ["🚀日: b: c", 'a ": " where no key can be', 1, 6],
  ];
  for (const [text, found, line, column] of cases) {
    await t.step(JSON.stringify(text), () => {
      const error = refusal(() => parseYaml(text), "invalid");
      assert.ok(String(error.data?.["found"]).startsWith(found), error.message);
      assert.deepEqual([error.data?.["line"], error.data?.["column"]], [line, column]);
      assert.ok(error.message.endsWith(` at line ${line}, column ${column}`), error.message);
    });
  }
});

Deno.test("parseYaml() builds nothing from an alias bomb", () => {
  let bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (let level = 1; level < 9; level++) {
    bomb += `a${level}: &a${level} [${Array(9).fill(`*a${level - 1}`).join(", ")}]\n`;
  }
  assert.match(refusal(() => parseYaml(bomb), "invalid").message, /found an anchor/);
});

Deno.test("parseYaml() gives maps whose keys never reach a prototype", () => {
  const names = ["constructor", "toString", "hasOwnProperty", "prototype", "valueOf"];
  const value = parseYaml(names.map((name) => `${name}: {a: ${name}}\n`).join(""));
  assert.ok(value !== null && typeof value === "object" && !Array.isArray(value));
  assert.deepEqual(Object.keys(value), names);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(({} as Record<string, unknown>)["a"], undefined);
});

Deno.test("parseYaml() bounds size and depth", async (t) => {
  await t.step("bytes, not characters, up to the bound", () => {
    assert.equal(parseYaml("日本", { maxBytes: 6 }), "日本");
    refusal(() => parseYaml("日本", { maxBytes: 5 }), "too_large");
    refusal(() => parseYaml("a: " + "x".repeat(10 * 1024 * 1024)), "too_large");
  });
  const shapes: [string, (depth: number) => string][] = [
    ["flow lists", (depth) => "[".repeat(depth) + "x" + "]".repeat(depth)],
    ["empty innermost list", (depth) => "[".repeat(depth) + "]".repeat(depth)],
    ["flow maps", (depth) => "{a: ".repeat(depth) + "x" + "}".repeat(depth)],
    ["block lists", (depth) => "- ".repeat(depth) + "x"],
    [
      "block maps",
      (depth) => Array.from({ length: depth }, (_, i) => " ".repeat(i) + "a:\n").join(""),
    ],
  ];
  for (const [name, shape] of shapes) {
    await t.step(name, () => {
      parseYaml(shape(64));
      const { data } = refusal(() => parseYaml(shape(65)), "too_large");
      assert.equal(data?.["found"], "lists or maps more than 64 levels deep");
      parseYaml(shape(8), { maxDepth: 8 });
      refusal(() => parseYaml(shape(9), { maxDepth: 8 }), "too_large");
    });
  }
  await t.step("a hundred thousand levels", () => {
    refusal(() => parseYaml("[".repeat(1e5)), "too_large");
    refusal(() => parseYaml("{a: ".repeat(1e5)), "too_large");
    refusal(() => parseYaml("- ".repeat(1e5)), "too_large");
  });
});

Deno.test("parseYaml() gives JSON values or a KairosError for any text", () => {
  const token = fc.constantFrom(
    ..."a b 1 - : ? , [ ] { } # ' \" | > & * ! % @ ` ~ << \\ . .. --- ... !!int __proto__".split(
      " ",
    ),
    ..." |  |\n|\n  |\n\t|\r|\r\n|\uFEFF|\0|\u2028|: |- |🚀|\ud800".split("|"),
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
      const text = tokens.join("");
      let value: YamlValue;
      try {
        value = parseYaml(text);
      } catch (error) {
        assert.ok(error instanceof KairosError, String(error));
        const { line, column } = error.data ?? {};
        assert.ok(Number(line) >= 1 && Number(column) >= 1, error.message);
        return;
      }
      assert.deepEqual(JSON.parse(JSON.stringify(value)), value);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("textPosition() counts lines of every kind and code points", async (t) => {
  const cases: [string, number, number, number][] = [
    ["", 0, 1, 1],
    ["ab", 2, 1, 3],
    ["a\nb", 2, 2, 1],
    ["a\r\nb", 3, 2, 1],
    ["a\r\nb", 2, 1, 3],
    ["a\rb", 2, 2, 1],
    ["🚀🚀x", 4, 1, 3],
  ];
  for (const [text, offset, line, column] of cases) {
    await t.step(
      JSON.stringify([text, offset]),
      () => assert.deepEqual(textPosition(text, offset), { line, column }),
    );
  }
});

Deno.test("stringifyYaml() writes block style that old and new readers understand", async (t) => {
  const cases: [YamlValue, string][] = [
    [{ a: [{ b: 1, c: [2] }, [3, 4]] }, "a:\n- b: 1\n  c:\n  - 2\n- - 3\n  - 4\n"],
    [{ a: {}, b: [], c: { d: null } }, "a: {}\nb: []\nc:\n  d:\n"],
    [{ y: "n", yes: "No", on: "oN" }, `"y": "n"\n'yes': 'No'\n'on': 'oN'\n`],
    [["1.0", "1e3", "017", "1_000", "1,000", "1:30", "~", ""], "STRINGS"],
    [
      ["2026-01-01", "2026-1-1", ":sym", "=", "<<", "---", "... a", "# a", "a: b", "- a"],
      "STRINGS",
    ],
    [["a #b", "[a]", "*a", "&a", "!a", "%a", "@a", "`a`", "|", ">", " a", "a ", "a:"], "STRINGS"],
    [{ "--- -": "a---", "...": "--- a" }, `'--- -': a---\n'...': '--- a'\n`],
    [["plain text", "1.2.3", "日本", "it's", "a:b", "v1"].join(" "), "STRING"],
    ["a\nb\n", "|\n  a\n  b\n"],
    ["a\nb", "|-\n  a\n  b\n"],
    ["a\n\n", '"a\\n\\n"\n'],
    ["\n", '"\\n"\n'],
    ["a\tb", '"a\\tb"\n'],
    ["word ".repeat(40) + "end", "word ".repeat(40) + "end\n"],
    ["\u2028\uFEFF\u0007\r", '"\\L\\uFEFF\\a\\r"\n'],
    [1e21, "1.e+21\n"],
  ];
  for (const [value, text] of cases) {
    await t.step(JSON.stringify(value), () => {
      const written = stringifyYaml(value);
      if (text === "STRING") assert.equal(written, `${value}\n`);
      else if (text === "STRINGS") assert.match(written, /^(?:- ['"].*\n)+$/);
      else assert.equal(written, text);
      assert.deepEqual(parseYaml(written), value);
    });
  }
  await t.step("with an opening line", () => {
    assert.equal(stringifyYaml({ a: 1 }, { start: true }), "---\na: 1\n");
    assert.equal(stringifyYaml(null, { start: true }), "---\n");
  });
  await t.step("one value in two places is written twice", () => {
    const shared = ["x"];
    assert.equal(stringifyYaml({ a: shared, b: shared }), "a:\n- x\nb:\n- x\n");
  });
});

Deno.test("stringifyYaml() refuses what would not come back", async (t) => {
  const cycle: YamlValue[] = [];
  cycle.push(cycle);
  const cases: [string, YamlValue, ErrorCode][] = [
    ["infinity", { a: Infinity }, "invalid"],
    ["not a number", [NaN], "invalid"],
    ["half a surrogate pair", "\ud800", "invalid"],
    ["half a surrogate pair in a key", { "\udc00": 1 }, "invalid"],
    ["__proto__", JSON.parse('{"a": {"__proto__": 1}}'), "invalid"],
    ["a cycle", cycle, "too_large"],
  ];
  for (const [name, value, code] of cases) {
    await t.step(name, () => void refusal(() => stringifyYaml(value), code));
  }
});

Deno.test("stringifyYaml() is read back alike by YAML 1.2 and YAML 1.1", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom(..."ynos1_,.:- #'\"\n\r\t[{|>~e+0xb<=!") }),
  ).filter((value) => value !== "__proto__");
  const number = fc.oneof(fc.integer(), fc.double({ noDefaultInfinity: true, noNaN: true }))
    .map((value) => value === 0 ? 0 : value);
  const { tree } = fc.letrec<{ tree: YamlValue }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      text,
      number,
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(text, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(tree, fc.boolean(), (value, start) => {
      const written = stringifyYaml(value, { start });
      assert.deepEqual(parseYaml(written), value);
      const inMap = stringifyYaml({ value });
      assert.deepEqual(load(inMap, { schema: YAML11_SCHEMA }), { value });
      assert.doesNotMatch(written.slice(start ? 4 : 0), /^(?:---|\.\.\.)\r?$/m);
    }),
    { numRuns: 1000 },
  );
});

function refusal(run: () => unknown, code: ErrorCode): KairosError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof KairosError, String(error));
    assert.equal(error.code, code);
    return error;
  }
  throw new assert.AssertionError({ message: "nothing was refused" });
}
