import assert from "node:assert/strict";
import fc from "fast-check";
import { checkFreeRecords, RESERVED_PREFIXES, RESERVED_TYPES } from "../../core/record_guard.ts";
import { count } from "../counts.ts";

const REFUSED: Readonly<Record<string, string>> = {
  "a reserved type": '{"type":"knowledge_update","layer":"L1"}',
  "a reserved _type": '{"_type":"state_commit"}',
  "blanks before it": ' \n\t\r{"type":"knowledge_update"}',
  "a byte order mark before it": '\ufeff{"type":"knowledge_update"}',
  "comments before it": '/* a */ // b\n {"type":"knowledge_update"}',
  "an escaped key": '{"\\u0074ype":"knowledge_update"}',
  "an escaped value": '{"type":"knowledge\\u005fupdate"}',
  "another key first": '{"a":{"type":"x"},"type":"skillset_event"}',
  "the same key twice": '{"type":"note","type":"other"}',
  "the same key twice, once escaped": '{"type":"knowledge_update","\\u0074ype":"note"}',
  "any key twice": '{"a":1,"b":2,"a":3}',
  "a reserved beginning": '{"type":"kairos_decision"}',
  "another reserved beginning": '{"type":"ledger_whatever"}',
  "a transition without a type": '{"skill_id":"a","prev_ast_hash":null}',
  "a transition with a type of its own": '{"type":"note","skill_id":"a","prev_ast_hash":"0"}',
  "a transition with escaped keys": '{"skill\\u005fid":"a","prev_ast_hash":"0"}',
  "letters of another width and case": '{"type":"Ｋnowledge_Update"}',
  "hidden characters": '{"type":"knowledge\u200b_update"}',
  "a key in another case beside the real one": '{"type":"knowledge_update","Type":"note"}',
  "no JSON, a needless escape": '{"t\\ype":"knowledge_update"}',
  "no JSON, a comment inside": '{"type"/**/:"knowledge_update"}',
  "no JSON, single quotes": "{'type':'knowledge_update'}",
  "no JSON, a trailing comma": '{"type":"knowledge_update",}',
  "no JSON, a transition": "{'skill_id':'a','prev_ast_hash':'0'}",
  "no JSON, something behind it": '{"type":"knowledge_update"} x',
  "no JSON, not a number": '{"type":"knowledge_update","x":NaN}',
};

const FREE: Readonly<Record<string, string>> = {
  "plain text": "Released 1.2",
  "an empty text": "",
  "an object of somebody else": '{"type":"release","version":"1.2"}',
  "a type inside another object": '{"note":{"type":"knowledge_update"}}',
  "text about a reserved type": "we renamed knowledge_update to {type}",
  "a list": '[{"type":"knowledge_update"}]',
  "a JSON text": '"{\\"type\\":\\"knowledge_update\\"}"',
  "a type that is no text": '{"type":["knowledge_update"]}',
  "one half of a transition": '{"skill_id":"a"}',
  "a value that names a key": '{"a":"type","b":"knowledge_update"}',
  "no JSON and nothing reserved": "{curly} braces",
  "half a character": '{"a":"\ud800"}',
  "a deep nest": `{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
};

Deno.test("checkFreeRecords() refuses what could pass for a record of kairos", async (t) => {
  for (const [name, item] of Object.entries(REFUSED)) {
    await t.step(name, () => {
      assert.throws(() => checkFreeRecords([item]), { code: "refused" });
    });
  }
  await t.step("every reserved type", () => {
    for (const type of [...RESERVED_TYPES, ...RESERVED_PREFIXES]) {
      assert.throws(() => checkFreeRecords([JSON.stringify({ type })]), { code: "refused" });
    }
    assert.deepEqual(RESERVED_TYPES, [
      "knowledge_update",
      "state_commit",
      "formalization_decision",
      "skillset_event",
      "system_upgrade",
      "skill_provenance",
      "skill_transition",
      "ledger_repair",
      "instructions_update",
    ]);
  });
  await t.step("wherever it stands among the items, and says which", () => {
    const items = ["a", "b", '{"type":"state_commit"}'];
    assert.throws(() => checkFreeRecords(items), { message: /^Cannot record item 2: type "state/ });
  });
});

Deno.test("checkFreeRecords() lets everything else through", async (t) => {
  for (const [name, item] of Object.entries(FREE)) {
    await t.step(name, () => checkFreeRecords([item]));
  }
});

/** JSON of an object with its keys and values escaped at random, and blanks around them. */
const SPELLINGS = fc.tuple(
  fc.constantFrom("type", "_type"),
  fc.constantFrom(...RESERVED_TYPES),
  fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
  fc.infiniteStream(fc.boolean()),
  fc.stringMatching(/^[ \n\t\r]{0,4}$/),
).map(([key, type, others, flips, blank]) => {
  const spell = (text: string) =>
    `"${
      [...text].map((char) =>
        flips.next().value ? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}` : char
      ).join("")
    }"`;
  const pairs = Object.entries(others).filter(([name]) => name !== key)
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  pairs.splice(pairs.length >> 1, 0, `${blank}${spell(key)}${blank}:${blank}${spell(type)}`);
  return `${blank}{${pairs.join(",")}${blank}}${blank}`;
});

Deno.test("checkFreeRecords() refuses every spelling of a reserved type", () => {
  const property = fc.property(SPELLINGS, (item) => {
    assert.ok(RESERVED_TYPES.includes((JSON.parse(item).type ?? JSON.parse(item)._type) as string));
    assert.throws(() => checkFreeRecords([item]), { code: "refused" });
  });
  fc.assert(property, { numRuns: count("fuzzRuns") });
});

Deno.test("checkFreeRecords() lets any text through that is no object", () => {
  const text = fc.string({ unit: "binary" }).filter((one) => !one.includes("{"));
  const property = fc.property(fc.array(text), (items) => checkFreeRecords(items));
  fc.assert(property, { numRuns: count("fuzzRuns") });
});
