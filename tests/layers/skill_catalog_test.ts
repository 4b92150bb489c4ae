import assert from "node:assert/strict";
import fc from "fast-check";
import { skillEntry } from "@modelcontextprotocol/server/ext/skills";
import type { Instance } from "../../core/instance.ts";
import { skillDocument, skillName } from "../../core/layers/agent_skill.ts";
import { formatEntryText, parseEntryText } from "../../core/layers/front_matter.ts";
import { count } from "../counts.ts";
import { document, withInstance } from "../support/instance.ts";

const { signal } = new AbortController();

async function write(root: string, files: Readonly<Record<string, string | Uint8Array>>) {
  for (const [path, content] of Object.entries(files)) {
    const at = `${root}/knowledge/${path}`;
    await Deno.mkdir(at.slice(0, at.lastIndexOf("/")), { recursive: true });
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(at, bytes);
  }
}

/** All skills, page by page. */
async function allSkills(instance: Instance) {
  const catalog = await instance.skills();
  const skills = [];
  let after: string | null = null;
  do {
    const page = await catalog.page(after, signal);
    skills.push(...page.skills);
    after = page.next;
  } while (after !== null);
  return skills;
}

const FRONT = (fields: string) => `---\n${fields}\n---\n\n# Text\n`;

Deno.test("skillName() maps names and gives none where no skill may be called so", () => {
  const cases: [entry: string, name: string | null][] = [
    ["release_notes", "release-notes"],
    ["a-b_c1", "a-b-c1"],
    ["設計", null],
    ["Upper", null],
    ["a__b", null],
    ["_a", null],
    ["a.b", null],
    ["a b", null],
    ["x".repeat(64), "x".repeat(64)],
    ["x".repeat(65), null],
  ];
  for (const [entry, name] of cases) assert.equal(skillName(entry), name, entry);
});

Deno.test("SkillCatalog makes entries the SDK makes of the same files", async () => {
  await withInstance(async (instance, root) => {
    await write(root, {
      "how_to/how_to.md": FRONT("name: How to\ndescription: 命名の規則\nversion: 1.10\ntags: [a]"),
      "how_to/scripts/run it.sh": "echo hi\n",
      "how_to/references/深い/q&a.md": "# Q&A\n",
      "how_to/assets/raw.bin": new Uint8Array([0, 1, 255]),
      "how_to/assets/tls.pem": "SECRET",
      "how_to/assets/.env": "SECRET",
    });
    const catalog = await instance.skills();
    const [skill, ...others] = await allSkills(instance);
    assert.equal(others.length, 0);
    assert.deepEqual(catalog.get("how-to"), skill);
    const files: Record<string, Uint8Array> = {};
    for (const { path } of skill!.files) files[path] = catalog.read("how-to", path).bytes;
    const paths = ["SKILL.md", "assets/raw.bin", "references/深い/q&a.md", "scripts/run it.sh"];
    assert.deepEqual(Object.keys(files), paths);
    const entry = await skillEntry("how-to", files);
    assert.deepEqual(entry.frontmatter, skill!.fields);
    assert.deepEqual(skill!.fields, {
      name: "how-to",
      description: "命名の規則",
      version: "1.10",
      tags: ["a"],
    });
    assert.ok(entry.resources !== "dynamic");
    assert.deepEqual(
      entry.resources.map(({ digest, size }) => [digest, size]).sort(),
      skill!.files.map(({ digest, size }) => [`sha256:${digest}`, size]).sort(),
    );
    assert.throws(() => catalog.read("how-to", "assets/tls.pem"), { code: "not_found" });
    assert.deepEqual(catalog.children("how-to", ""), [
      { path: "SKILL.md", size: files["SKILL.md"]!.length },
      { path: "assets", size: null },
      { path: "references", size: null },
      { path: "scripts", size: null },
    ]);
    assert.deepEqual(catalog.children("how-to", "references/深い"), [
      { path: "references/深い/q&a.md", size: 6 },
    ]);
    for (const path of ["SKILL.md", "scripts/run it.sh", "nope"]) {
      assert.throws(() => catalog.children("how-to", path), { code: "not_found" });
    }
  });
});

Deno.test("skillDocument() writes front matter that every reader reads alike", async () => {
  // Our own writer refuses this name.
  const key = fc.string().filter((name) => name !== "__proto__");
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.string({ unit: "binary" }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(key, tie("value"), { maxKeys: 3 }),
    ),
  })).value;
  const fields = fc.dictionary(key, value, { maxKeys: 5 });
  await fc.assert(
    fc.asyncProperty(fields, fc.string({ minLength: 1, unit: "binary" }), async (some, about) => {
      const { compatibility: _c, metadata: _m, ...rest } = some;
      const written = { ...rest, name: "x", description: about } as never;
      const text = formatEntryText(written, "# Body\n---\nMore\n");
      const bytes = new TextEncoder().encode(text);
      const made = skillDocument(parseEntryText(bytes, "a_b"), text, "a-b");
      fc.pre(about.trim() !== "");
      assert.ok(typeof made !== "string", String(made));
      const { frontmatter } = await skillEntry("a-b", { "SKILL.md": made.text });
      assert.deepEqual(frontmatter, made.fields);
      assert.ok(made.text.endsWith("---\n\n# Body\n---\nMore\n"));
      const again = parseEntryText(new TextEncoder().encode(made.text), "a-b");
      assert.equal(again.problem, null);
      assert.equal(again.description, made.fields.description);
    }),
    { numRuns: count("fuzzRuns") },
  );
});

Deno.test("SkillCatalog skips what breaks a limit and says why", async () => {
  await withInstance(async (instance, root) => {
    const many = Object.fromEntries(
      Array.from({ length: 512 }, (_, at) => [`many/assets/${at}.txt`, "x"]),
    );
    await write(root, {
      "fine/fine.md": document("fine", "Fine."),
      "hidden/hidden.md": FRONT("description: Private\nprivate: true"),
      "a_b/a_b.md": document("a_b", "One."),
      "a-b/a-b.md": document("a-b", "Other."),
      "設計/設計.md": document("設計", "Plan."),
      "silent/silent.md": "# No front matter\n",
      "blank/blank.md": FRONT('description: " "'),
      "wordy/wordy.md": FRONT(`description: ${"言".repeat(1025)}`),
      "wide/wide.md": FRONT(`description: ${"😀".repeat(1024)}`),
      "broken/broken.md": "---\nname: [\n---\n",
      "meta/meta.md": FRONT("description: d\nmetadata: {a: 1}"),
      "reserved/reserved.md": FRONT("description: d\nmetadata: {io.modelcontextprotocol/x: y}"),
      "compat/compat.md": FRONT("description: d\ncompatibility: 7"),
      "large/large.md": document("large", "Large."),
      "large/assets/big.bin": new Uint8Array(100_001),
      "empty/scripts/run.sh": "",
      "many/many.md": document("many", "Many."),
      ...many,
    });
    const served = (await allSkills(instance)).map(({ name }) => name);
    assert.deepEqual(served, ["a-b", "fine", "hidden", "wide"]);
    const catalog = await instance.skills();
    const reasons = new Map(catalog.skipped().map(({ entry, reason }) => [entry, reason]));
    const expected: Readonly<Record<string, RegExp>> = {
      a_b: /^"a-b" is served as "a-b" already$/,
      blank: /^it has no description$/,
      broken: /^Cannot read the front matter/,
      compat: /^its field compatibility is no text of 1 to 500 characters$/,
      empty: /not found$/,
      large: /^"assets\/big.bin" has 100001 bytes, more than limits.max_read_bytes 100000/,
      many: /^it has 513 files, more than 512$/,
      meta: /^its field metadata does not map texts to texts$/,
      reserved: /^its field metadata holds "io.modelcontextprotocol\/x", which is reserved$/,
      silent: /^it has no description$/,
      wordy: /^its description has 1025 characters, more than 1024$/,
      設計: /^its name does not come to small letters/,
    };
    assert.deepEqual([...reasons.keys()], Object.keys(expected));
    for (const [entry, reason] of Object.entries(expected)) {
      assert.match(reasons.get(entry)!, reason, entry);
    }
    for (const name of ["silent", "many", "nope"]) {
      assert.throws(() => catalog.get(name), { code: "not_found" });
    }
  });
});

Deno.test("SkillCatalog gives every skill once, in pages, and digests of what is there now", async () => {
  await withInstance(async (instance, root) => {
    const names = Array.from({ length: 120 }, (_, at) => `entry_${String(at).padStart(3, "0")}`);
    await write(root, Object.fromEntries(names.map((name) => [`${name}/${name}.md`, ABOUT])));
    const catalog = await instance.skills();
    const first = await catalog.page(null, signal);
    assert.equal(first.next, "entry-049");
    const skills = await allSkills(instance);
    assert.deepEqual(skills.map(({ name }) => name), names.map((name) => skillName(name)));

    await write(root, { "entry_000/scripts/a.sh": "one" });
    const before = catalog.get("entry-000").files[1]!.digest;
    await write(root, { "entry_000/scripts/a.sh": "two" });
    assert.notEqual(catalog.get("entry-000").files[1]!.digest, before);
    await write(root, { "new_one/new_one.md": ABOUT });
    assert.equal(catalog.get("new-one").name, "new-one");

    const stopped = AbortSignal.abort(new Error("nobody waits"));
    await assert.rejects(() => catalog.page(null, stopped), /nobody waits/);
  });
});

const ABOUT = "---\ndescription: d\n---\n\nText\n";
