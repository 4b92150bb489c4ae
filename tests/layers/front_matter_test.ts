import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type EntryText,
  formatEntryText,
  parseEntryText,
  splitFrontMatter,
} from "../../core/layers/front_matter.ts";
import type { YamlMap, YamlValue } from "../../core/yaml.ts";
import { asBoolean } from "../../core/yaml_boolean.ts";

const FENCE_PATTERN = /^---\r?\n([^]+?)\r?\n---\r?\n([^]*)$/;

Deno.test("splitFrontMatter() takes only exact fences", async (t) => {
  const cases: [string, string | null, string][] = [
    ["---\na: 1\n---\nbody\n", "a: 1", "body\n"],
    ["---\r\na: 1\r\n---\r\nbody", "a: 1", "body"],
    ["---\na: 1\r\nb: 2\r\n---\n", "a: 1\r\nb: 2", ""],
    ["---\n\r\n---\nx", "\r", "x"],
    ["---\n \n---\nx", " ", "x"],
    ["---\na\n---\nb\n---\nc", "a", "b\n---\nc"],
    ["---\n\n---\na\n---\nb", "\n---\na", "b"],
    ["---\na: |\n  b\n  ---\n  c\n---\nd", "a: |\n  b\n  ---\n  c", "d"],
    ["---\na\n---x\n--- \n---\r\nb", "a\n---x\n--- ", "b"],
    ["---\n---\nb", null, ""],
    ["---\n\n---\nb", null, ""],
    ["\uFEFF---\na\n---\nb", null, ""],
    ["\n---\na\n---\nb", null, ""],
    [" ---\na\n---\nb", null, ""],
    ["--- \na\n---\nb", null, ""],
    ["---js\na\n---\nb", null, ""],
    ["----\na\n----\nb", null, ""],
    ["---\na\n--- \nb", null, ""],
    ["---\na\n---", null, ""],
    ["---\na", null, ""],
    ["---\ra\r---\rb", null, ""],
    ["", null, ""],
  ];
  for (const [text, yaml, body] of cases) {
    await t.step(JSON.stringify(text), () => {
      const expected = yaml === null
        ? { yaml, body: text, yamlLine: 0 }
        : { yaml, body, yamlLine: 2 };
      assert.deepEqual(splitFrontMatter(text), expected);
    });
  }
});

Deno.test("splitFrontMatter() agrees with the pattern of the format on any text", () => {
  const piece = fc.constantFrom("---", "-", "\n", "\r\n", "\r", " ", "a", "---\n", "\n---\n");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = "---\n" + pieces.join("");
      const match = FENCE_PATTERN.exec(text);
      const { yaml, body } = splitFrontMatter(text);
      assert.deepEqual([yaml, body], match === null ? [null, text] : [match[1], match[2]]);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("splitFrontMatter() reads ten megabytes of near fences", () => {
  for (const piece of ["\n---x", "\r\n--- ", "\n", "-", "\r", " "]) {
    const text = "---\n" + piece.repeat(10 * 1024 * 1024 / piece.length);
    assert.equal(splitFrontMatter(text).yaml, null);
    const closed = splitFrontMatter(text + "\n---\nb");
    assert.equal(closed.body, "b");
  }
});

Deno.test("parseEntryText() reads fields as text where text is meant", async (t) => {
  const cases: [string, Partial<EntryText>][] = [
    ["name: 007", { name: "007", fields: { name: 7 } }],
    ["name: ~", { name: "folder" }],
    ["name: ''", { name: "folder" }],
    ["name: [a]", { name: "folder", problem: null }],
    ["version: 1.10", { version: "1.10", fields: { version: "1.10" } }],
    ["version: 1e3", { version: "1e3" }],
    ["version: 2026-01-01", { version: "2026-01-01" }],
    ["version: {a: 1}", { version: null, fields: { version: { a: 1 } } }],
    ["version:", { version: null, fields: { version: null } }],
    ["description: 1.50", { description: "1.50" }],
    ["description: [a]", { description: null }],
    ["description: yes", { description: "yes" }],
    ["layer: L1", { layer: "L1" }],
    ["tags: [a, 1.0, true, ~, [b], 2026-01-01]", { tags: ["a", "1.0", "true", "2026-01-01"] }],
    ["tags: 'a, b,, c ,'", { tags: ["a", "b", "c"] }],
    ["tags: '\u00a0a'", { tags: ["\u00a0a"] }],
    ["tags: 5", { tags: [] }],
    ["tags: {a: b}", { tags: [] }],
    ["constructor: 1", { fields: { constructor: 1 } as unknown as YamlMap, tags: [] }],
    ["x: {deep: [1, {y: 2}]}", { fields: { x: { deep: [1, { y: 2 }] } } }],
    ["# nothing", { fields: {}, problem: null, isPrivate: false, name: "folder" }],
  ];
  for (const [yaml, expected] of cases) {
    await t.step(JSON.stringify(yaml), () => {
      const entry = read(`---\n${yaml}\n---\nbody\n`);
      assert.deepEqual({ ...entry, ...expected }, entry);
      assert.equal(entry.body, "body");
    });
  }
});

Deno.test("parseEntryText() strips ASCII whitespace from the body and nothing else", () => {
  const space = "\t\n\v\f\r ";
  assert.equal(read(`---\na: 1\n---\n${space}\u00a0x\uFEFF${space}`).body, "\u00a0x\uFEFF");
  assert.equal(read(`${space}x\0`).body, "x\0");
  assert.equal(read("x" + " ".repeat(1024 * 1024) + "x").body.length, 1024 * 1024 + 2);
});

Deno.test("parseEntryText() tells what is wrong, and where in the document", async (t) => {
  const deep = (depth: number) => "a: " + "[".repeat(depth) + "]".repeat(depth);
  const cases: [string, string, number, number][] = [
    ["a: 1\nb: &x 1", "an anchor (&), which is not accepted", 3, 4],
    ["a: 1\r\na: 2", 'the key "a" a second time', 3, 1],
    ["__proto__: {x: 1}", 'the key "__proto__", which is not accepted', 2, 1],
    ["a: !!js/function x", 'the tag "!!js/function", which is not accepted', 2, 4],
    ["a: 1\n--- \nb: 2", "a second document", 3, 1],
    ["# c\n  - a", "a list instead of fields", 3, 1],
    ["# c\n\ntext", "a text instead of fields", 4, 1],
    ["42", "a text instead of fields", 2, 1],
    ["a:\n\tb: 1", "a tab used for indentation instead of spaces", 3, 1],
    ["a: \0", "a NUL character", 2, 4],
    [deep(32), "lists or maps more than 32 levels deep", 2, 35],
    ["a: " + "[".repeat(1e4), "lists or maps more than 32 levels deep", 2, 37],
    ["a: " + "x".repeat(64 * 1024 - 2), "more than 65536 bytes", 2, 1],
    ["a: '" + "x".repeat(10 * 1024 * 1024), "more than 65536 bytes", 2, 1],
  ];
  for (const [yaml, found, line, column] of cases) {
    await t.step(JSON.stringify(yaml.slice(0, 40)), () => {
      const entry = read(`---\n${yaml}\n---\nbody\n`);
      const message = `Cannot read the front matter: found ${found}`;
      assert.deepEqual(entry, {
        name: "folder",
        description: null,
        version: null,
        layer: null,
        tags: [],
        isPrivate: true,
        fields: {},
        body: "body",
        problem: { message, line, column },
      });
    });
  }
  await t.step("just within the bounds", () => {
    assert.equal(read(`---\n${deep(31)}\n---\n`).problem, null);
    assert.equal(read(`---\na: ${"x".repeat(64 * 1024 - 3)}\n---\n`).problem, null);
  });
});

Deno.test("parseEntryText() finds the first byte that is not UTF-8", async (t) => {
  const cases: [string, number[], number, number, string][] = [
    ["in the body", [0xff], 4, 4, "ff"],
    ["a sequence cut at the end", [0xe6, 0x97], 4, 4, "e6"],
    ["an encoded surrogate", [0xed, 0xa0, 0x80], 4, 4, "ed"],
    ["an overlong form", [0xc0, 0xaf], 4, 4, "c0"],
    ["after a real replacement character", [0xef, 0xbf, 0xbd, 0x80], 4, 5, "80"],
  ];
  for (const [name, bytes, line, column, byte] of cases) {
    await t.step(name, () => {
      const head = new TextEncoder().encode("---\nname: n\n---\n日🚀 ");
      const { problem, isPrivate, ...entry } = parseEntryText(
        Uint8Array.from([...head, ...bytes]),
        "folder",
      );
      const message = `Cannot read the text as UTF-8: found the byte 0x${byte}`;
      assert.deepEqual(problem, { message, line, column });
      assert.equal(isPrivate, true);
      assert.equal(entry.name, "n");
      assert.match(entry.body, /^日🚀 \ufffd/);
    });
  }
  await t.step("replacement characters that were written are none", () => {
    assert.equal(read("\uFEFF\ufffd日\ufffd").problem, null);
  });
});

Deno.test("parseEntryText() marks private what says so or cannot be understood", async (t) => {
  const cases: [string, boolean][] = [
    ["# Body", false],
    ["---\nname: n\n---\n", false],
    ["---\nprivate: yes\n---\n", true],
    ["---\nprivate: True\n---\n", true],
    ["---\nprivate: ON\n---\n", true],
    ["---\nprivate: perhaps\n---\n", true],
    ["---\nprivate:\n---\n", true],
    ["---\nprivate: 0\n---\n", true],
    ["---\nprivate: 'false'\n---\n", true],
    ["---\nprivate: false\n---\n", false],
    ["---\nprivate: No\n---\n", false],
    ["---\npublic: yes\n---\n", false],
    ["---\npublic: true\n---\n", false],
    ["---\npublic: no\n---\n", true],
    ["---\npublic: 'true'\n---\n", true],
    ["---\npublic: true\nprivate: true\n---\n", true],
    ["---\npublic: [\n---\n", true],
    ["---\n- public\n---\n", true],
    ["\uFEFF---\npublic: false\n---\n", true],
    ["\n---\npublic: false\n---\n", true],
    ["---  \npublic: false\n---\n", true],
    ["---\rpublic: false\r---\r", true],
    ["---\npublic: false\n", true],
    ["---\npublic: false\n---", true],
    ["----\nx\n----\n", false],
    ["text\n---\npublic: false\n---\n", false],
  ];
  for (const [text, isPrivate] of cases) {
    await t.step(JSON.stringify(text), () => assert.equal(read(text).isPrivate, isPrivate));
  }
});

Deno.test("parseEntryText() never throws, whatever the bytes", () => {
  const token = fc.constantFrom(
    ..."--- a: - : [ ] { } # ' \" | > & * ! % @ ~ << \\ __proto__ name: version: tags: private:"
      .split(" "),
    ...["\n", "\r\n", "\n---\n", " ", "  ", "\t", "\0", "\uFEFF", "\ufffd", "1.10", "🚀"],
  );
  const fenced = fc.array(token, { maxLength: 20 })
    .map((tokens) => new TextEncoder().encode(`---\n${tokens.join("")}\n---\nbody`));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), fenced), (bytes) => {
      const entry = parseEntryText(bytes, "folder");
      assert.deepEqual(JSON.parse(JSON.stringify(entry)), entry);
      if (entry.problem !== null) {
        assert.ok(entry.isPrivate && entry.problem.line >= 1 && entry.problem.column >= 1);
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("formatEntryText() is read back alike", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom(..."---\n\r :#'\"|~1.&*") }),
  ).filter((value) => value !== "__proto__");
  const { tree } = fc.letrec<{ tree: YamlValue }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(text, tie("tree"), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  const fields = fc.dictionary(text, tree, { maxKeys: 4, noNullPrototype: true });
  fc.assert(
    fc.property(fields, text, (map, body) => {
      const written = formatEntryText(map, body);
      const entry = read(written);
      assert.equal(entry.problem, null);
      assert.deepEqual(entry.fields, map);
      assert.ok(written.endsWith(`---\n\n${body}`));
      assert.equal(formatEntryText(entry.fields, entry.body), formatEntryText(map, entry.body));
      assert.equal(read(formatEntryText(map, entry.body)).body, entry.body);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("formatEntryText() keeps a version as it was written", () => {
  const { fields, body } = read("---\nversion: 1.10\nprivate: yes\n---\n\nx\n");
  assert.equal(formatEntryText(fields, body), "---\nversion: '1.10'\nprivate: 'yes'\n---\n\nx");
});

Deno.test("asBoolean() reads the booleans of YAML 1.1", async (t) => {
  const cases: [YamlValue | undefined, boolean | null][] = [
    [true, true],
    [false, false],
    ["yes", true],
    ["YES", true],
    ["on", true],
    ["No", false],
    ["oFF", false],
    ["true", null],
    ["false", null],
    ["y", null],
    [" yes", null],
    ["", null],
    [1, null],
    [null, null],
    [undefined, null],
    [["yes"], null],
    [{ yes: true }, null],
  ];
  for (const [value, expected] of cases) {
    await t.step(String(JSON.stringify(value)), () => assert.equal(asBoolean(value), expected));
  }
});

function read(text: string): EntryText {
  return parseEntryText(new TextEncoder().encode(text), "folder");
}
