import assert from "node:assert/strict";
import { KairosError } from "../../core/errors.ts";
import { parseManifest } from "../../core/skillset/manifest.ts";

const parse = (text: string) => parseManifest(new TextEncoder().encode(text), "skillset.json");

Deno.test("parseManifest() fills in what is left out and keeps what it does not know", () => {
  const manifest = parse(
    '{"name":"a","version":"1.0","later":{"x":[1]},"depends_on":["b",{"name":"c","version":"~> 1.2"}]}',
  );
  assert.deepEqual(manifest.dependsOn, [
    { name: "b", version: "" },
    { name: "c", version: "~> 1.2" },
  ]);
  assert.equal(manifest.layer, "L1");
  assert.equal(manifest.indexKnowledge, null);
  assert.deepEqual(manifest.asksForCode, []);
  assert.deepEqual(manifest.raw["later"], { x: [1] });
  assert.deepEqual([manifest.minCoreVersion, manifest.author], [null, ""]);
  const said = parse('{"name":"a","version":"1","layer":"L2","index_knowledge":true}');
  assert.deepEqual([said.layer, said.indexKnowledge], ["L2", true]);
});

Deno.test("parseManifest() names every field that asks for code", () => {
  const { asksForCode } = parse(JSON.stringify({
    name: "a",
    version: "1",
    tool_classes: ["Evil"],
    plugin: { hooks: "hooks.json" },
    activation_hook: "Run",
    lifecycle_hooks: {},
  }));
  assert.deepEqual(asksForCode, ["tool_classes", "activation_hook", "plugin"]);
});

const refused: readonly [what: string, text: string, message: RegExp][] = [
  ["nothing", "", /not JSON/],
  ["an array", "[]", /not a JSON object/],
  ["null", "null", /not a JSON object/],
  ["a byte order mark", '\ufeff{"name":"a","version":"1"}', /not JSON/],
  ["no name", '{"version":"1"}', /^Invalid SkillSet: missing required fields$/],
  ["a blank version", '{"name":"a","version":" "}', /^Invalid SkillSet: missing required fields$/],
  ["a number as name", '{"name":7,"version":"1"}', /^Invalid SkillSet name: it must be a text$/],
  ["a bad name", '{"name":"a/b","version":"1"}', /^Invalid SkillSet name 'a\/b': must match/],
  ["a bad version", '{"name":"a","version":"one"}', /^Malformed version number string/],
  ["an unknown layer", '{"name":"a","version":"1","layer":"L9"}', /"layer"/],
  ["a bad dependency", '{"name":"a","version":"1","depends_on":[7]}', /^Invalid depends_on entry/],
  [
    "a bad constraint",
    '{"name":"a","version":"1","depends_on":[{"name":"b","version":"^1"}]}',
    /^Illformed requirement/,
  ],
  ["a name twice", '{"name":"a","version":"1","na\\u006de":"b"}', /"name" stands twice/],
  ["half a character", '{"name":"a","version":"1","x":"\\ud800"}', /half a character/],
  ["depth", `{"name":"a","version":"1","x":${"[".repeat(40)}${"]".repeat(40)}}`, /nested deeper/],
  ["a hundred thousand levels", "[".repeat(100_000), /nested deeper/],
  [
    "a folder outside",
    '{"name":"a","version":"1","knowledge_dirs":["../x"]}',
    /below the SkillSet/,
  ],
  [
    "an absolute folder",
    '{"name":"a","version":"1","config_files":["/etc/x"]}',
    /below the SkillSet/,
  ],
  [
    "a text for a list",
    '{"name":"a","version":"1","provides":"x"}',
    /"provides": it must be a list/,
  ],
  ["a word for a yes", '{"name":"a","version":"1","index_knowledge":"true"}', /true or false/],
  ["a list for a text", '{"name":"a","version":"1","author":["x"]}', /"author": it must be a text/],
  [
    "a dependency without a name",
    '{"name":"a","version":"1","depends_on":[{}]}',
    /^Invalid depends/,
  ],
  [
    "a long list",
    `{"name":"a","version":"1","provides":${JSON.stringify(Array(257).fill("x"))}}`,
    /more than 256 items/,
  ],
  [
    "a long text",
    `{"name":"a","version":"1","description":"${"x".repeat(5000)}"}`,
    /"description"/,
  ],
  ["megabytes", `{"name":"a","version":"1","x":"${"x".repeat(300_000)}"}`, /the limit is/],
];

Deno.test("parseManifest() refuses", async (t) => {
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
