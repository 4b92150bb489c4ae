import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { formatEntryText, parseEntryText } from "../../core/layers/front_matter.ts";
import type { YamlMap } from "../../core/yaml.ts";

const VECTORS = new URL("../../../shared/vectors/frontmatter/", import.meta.url);
const ignore = !exists(VECTORS);

Deno.test(
  { name: "parseEntryText() reads every recorded document as pinned", ignore },
  async (t) => {
    const vectors = load<Vector[]>("frontmatter_cases.json");
    assert.equal(vectors.length, 57);
    for (const vector of vectors) {
      await t.step(vector.case, () => {
        const bytes = Deno.readFileSync(new URL(`cases/${vector.case}/${vector.case}.md`, VECTORS));
        assert.deepEqual(Buffer.from(bytes), Buffer.from(vector.raw_base64, "base64"));
        const pinned = PINNED.filter((pin) => pin[0] === vector.case).map(([, ...pin]) =>
          pin.slice(0, 3)
        );
        assert.deepEqual(differences(vector, bytes), pinned);
      });
    }
    await t.step("no pin is left over", () => {
      const cases = new Set(vectors.map((vector) => vector.case));
      assert.deepEqual(PINNED.filter(([name]) => !cases.has(name)), []);
    });
  },
);

Deno.test({ name: "formatEntryText() writes the recorded documents", ignore }, async (t) => {
  for (const [index, vector] of load<Written[]>("generate_content.json").entries()) {
    await t.step(
      `document ${index}`,
      () => assert.equal(formatEntryText(vector.frontmatter, vector.body), vector.output),
    );
  }
});

const VERSION = "a version is text as written; as a number 1.10 becomes 1.1";
const LAST = "a block keeps its line break in the last field as in every other";
const DOCS = "a second document would be dropped unseen";
const UNREAD = "with a problem no field is trusted";
const DATE = "dates and timestamps stay text as written";
const SYMBOL = "there are no symbols, only text";
const TAG = "only core tags are accepted";
const ROOT = "the author's text would be dropped unseen";
const DUP = "one of the two values would be dropped unseen";
const BOOL = "only true and false are booleans; asBoolean() reads the others";
const CORE = "numbers are those of the YAML 1.2 core schema";
const FINITE = "every value survives JSON";
const KEY = "keys are text as written";

/**
 * Pinned decisions: every value that differs from the recorded one. Case, field (`fields.x` lies in
 * the front matter map), recorded, ours, why.
 */
const PINNED: readonly Pin[] = [
  ["version_float", "version", 1, "1.0", VERSION],
  ["version_float", "fields.version", 1, "1.0", VERSION],
  ["version_10", "version", 1.1, "1.10", VERSION],
  ["version_10", "fields.version", 1.1, "1.10", VERSION],
  ["version_int", "version", 2, "2", VERSION],
  ["version_int", "fields.version", 2, "2", VERSION],
  ["tags_block", "tags", ["x", 1, true], ["x", "1", "true"], "tags are text as written"],
  ["dashes_in_block_scalar", "description", "one\n---\ntwo", "one\n---\ntwo\n", LAST],
  ["dashes_in_block_scalar", "fields.description", "one\n---\ntwo", "one\n---\ntwo\n", LAST],
  ["dots_end", "problem", null, "3:1 Cannot read the front matter: found a second document", DOCS],
  ["dots_end", "name", "x", "dots_end", UNREAD],
  ["dots_end", "fields.name", "x", undefined, UNREAD],
  [
    "date",
    "fields.created",
    "<Date>#<Date: 2026-01-20 ((2461061j,0s,0n),+0s,2299161j)>",
    "2026-01-20",
    DATE,
  ],
  ["date", "fields.ts", "<Time>2026-01-20 10:30:00 UTC", "2026-01-20T10:30:00Z", DATE],
  ["date", "fields.ts2", "<Time>2026-01-20 10:30:00 +0900", "2026-01-20 10:30:00 +09:00", DATE],
  ["symbol", "fields.sym", "<Symbol>:hello", ":hello", SYMBOL],
  ["symbol", "fields.<Symbol>:key", "v", undefined, SYMBOL],
  ["symbol", "fields.:key", undefined, "v", SYMBOL],
  [
    "local_tag",
    "problem",
    null,
    '2:7 Cannot read the front matter: found the tag "!foo", which is not accepted',
    TAG,
  ],
  ["local_tag", "name", "bar", "local_tag", UNREAD],
  ["local_tag", "fields.name", "bar", undefined, UNREAD],
  [
    "binary_tag",
    "problem",
    null,
    '2:7 Cannot read the front matter: found the tag "!!binary", which is not accepted',
    TAG,
  ],
  ["binary_tag", "name", "hello", "binary_tag", UNREAD],
  ["binary_tag", "fields.name", "hello", undefined, UNREAD],
  [
    "scalar_root",
    "problem",
    null,
    "2:1 Cannot read the front matter: found a text instead of fields",
    ROOT,
  ],
  ["scalar_root", "fields", "just text", {}, ROOT],
  [
    "dup_keys",
    "problem",
    null,
    '3:1 Cannot read the front matter: found the key "name" a second time',
    DUP,
  ],
  ["dup_keys", "name", "two", "dup_keys", UNREAD],
  ["dup_keys", "fields.name", "two", undefined, UNREAD],
  ["yaml11_bool", "fields.a", true, "yes", BOOL],
  ["yaml11_bool", "fields.b", false, "no", BOOL],
  ["yaml11_bool", "fields.c", true, "on", BOOL],
  ["yaml11_bool", "fields.d", false, "off", BOOL],
  ["yaml_numbers", "fields.a", "0o17", 15, CORE],
  ["yaml_numbers", "fields.b", 15, 17, CORE],
  ["yaml_numbers", "fields.d", 1000, "1_000", CORE],
  ["yaml_numbers", "fields.e", "1e3", 1000, CORE],
  ["yaml_numbers", "fields.g", 5400, "1:30", CORE],
  ["yaml_numbers", "fields.g2", 5445, "1:30:45", CORE],
  ["yaml_numbers", "fields.h", "<Float>Infinity", ".inf", FINITE],
  ["yaml_numbers", "fields.i", "<Float>-Infinity", "-.INF", FINITE],
  ["yaml_numbers", "fields.j", "<Float>NaN", ".nan", FINITE],
  ["yaml_numbers", "fields.l", 1000, "1,000", CORE],
  ["yaml_numbers", "fields.m", 5, "0b101", CORE],
  ["yaml_numbers", "fields.o", "12e03", 12000, CORE],
  ["yaml_numbers", "fields.p", "08", 8, CORE],
  ["name_number", "name", 42, "42", "a name is text as written"],
  ["multi_doc", "problem", null, "3:1 Cannot read the front matter: found a second document", DOCS],
  ["multi_doc", "name", "a", "multi_doc", UNREAD],
  ["multi_doc", "fields.name", "a", undefined, UNREAD],
  ["int_key", "fields.<Integer>1", "one", undefined, KEY],
  ["int_key", "fields.<TrueClass>true", "t", undefined, KEY],
  ["int_key", "fields.1", undefined, "one", KEY],
  ["int_key", "fields.true", undefined, "t", KEY],
];

type Pin = readonly [string, string, unknown, unknown, string];

interface Recorded {
  readonly name: unknown;
  readonly description: unknown;
  readonly version: unknown;
  readonly layer: unknown;
  readonly tags: unknown;
  readonly frontmatter: Record<string, unknown> | string;
  readonly content: string;
}

interface Vector {
  readonly case: string;
  readonly raw_base64: string;
  readonly result: Recorded | { readonly error_class: string };
}

interface Written {
  readonly frontmatter: YamlMap;
  readonly body: string;
  readonly output: string;
}

/** Field, recorded, ours for everything that differs; a recorded error asks for a problem. */
function differences(vector: Vector, bytes: Uint8Array): unknown[][] {
  const entry = parseEntryText(bytes, vector.case);
  const { problem } = entry;
  const ours = problem && `${problem.line}:${problem.column} ${problem.message}`;
  if ("error_class" in vector.result) {
    assert.match(ours ?? "", /^[1-9]\d*:[1-9]\d* Cannot read the [^]+: found /);
    assert.equal(entry.isPrivate, true);
    return [];
  }
  const { frontmatter, content, ...recorded } = vector.result;
  const pairs: unknown[][] = [
    ["problem", null, ours],
    ["content", content, entry.body],
    ...(["name", "description", "version", "layer", "tags"] as const)
      .map((field) => [field, recorded[field], entry[field]]),
  ];
  if (typeof frontmatter === "string") pairs.push(["fields", frontmatter, entry.fields]);
  else {
    for (const key of new Set([...Object.keys(frontmatter), ...Object.keys(entry.fields)])) {
      pairs.push([`fields.${key}`, frontmatter[key], entry.fields[key]]);
    }
  }
  return pairs.filter(([, theirs, mine]) => JSON.stringify(theirs) !== JSON.stringify(mine));
}

function load<T>(name: string): T {
  return JSON.parse(Deno.readTextFileSync(new URL(name, VECTORS)));
}

function exists(url: URL): boolean {
  try {
    return Deno.statSync(url).isDirectory;
  } catch {
    return false;
  }
}
