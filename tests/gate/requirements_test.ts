import assert from "node:assert/strict";
import { type Requirement, REQUIREMENTS } from "../requirements.ts";
import { checkRequirements, headingSlugs } from "./check_requirements.ts";
import { ROOT } from "./repository.ts";

const readRepository = (path: string): Promise<string | null> =>
  Deno.readTextFile(ROOT + path).catch((error: unknown) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  });

Deno.test("REQUIREMENTS point to tests and headings that exist", async () => {
  assert.deepEqual(await checkRequirements(REQUIREMENTS, readRepository), []);
});

const FILES: Readonly<Record<string, string>> = {
  "tests/chain/block_test.ts": `
    // Deno.test("only a comment", () => {});
    const text = 'Deno.test("only a string")';
    Deno.test("hash() covers every field", async (t) => {
      await t.step("the index", () => {});
      for (const field of ["a"]) await t.step(\`changes with \${field}\`, () => {});
    });
    Deno.test({ name: "hash() in an object", ignore: true, fn() {} });`,
  "templates/knowledge/kairos_formats/references/chain.md":
    "# Chain\n\n```sh\n# not a heading\n```\n\n## Block hash: `v1`\n\n## Notes\n\n## Notes\n",
};

const GOOD: Requirement = {
  id: "chain-hash",
  sentence: "The hash covers every field",
  format: "chain.md#block-hash-v1",
  test: "tests/chain/block_test.ts: hash() covers every field",
};

Deno.test("checkRequirements() reports every fault of a row", async (t) => {
  const read = (path: string) => Promise.resolve(FILES[path] ?? null);
  const file = "tests/chain/block_test.ts: " as const;
  const cases: Record<string, { rows: Requirement[]; faults: string[] }> = {
    "a good row": { rows: [GOOD], faults: [] },
    "no format": { rows: [{ ...GOOD, format: null }], faults: [] },
    "a step": { rows: [{ ...GOOD, test: `${file}the index` }], faults: [] },
    "a step from a table": { rows: [{ ...GOOD, test: `${file}changes with a` }], faults: [] },
    "a test in an object": { rows: [{ ...GOOD, test: `${file}hash() in an object` }], faults: [] },
    "the beginning of a name": { rows: [{ ...GOOD, test: `${file}hash() covers` }], faults: [] },
    "an id used twice": { rows: [GOOD, GOOD], faults: ["the id is used twice"] },
    "an id in capitals": {
      rows: [{ ...GOOD, id: "Chain" }],
      faults: ["the id is not lower-case-with-hyphens"],
    },
    "a sentence with a period": {
      rows: [{ ...GOOD, sentence: "It is." }],
      faults: ["the sentence ends in a period or is none"],
    },
    "a missing test file": {
      rows: [{ ...GOOD, test: "tests/gone_test.ts: x" }],
      faults: ["tests/gone_test.ts does not exist"],
    },
    "a missing test": {
      rows: [{ ...GOOD, test: `${file}hash() is fast` }],
      faults: ['tests/chain/block_test.ts has no test or step "hash() is fast"'],
    },
    "a test in a comment": {
      rows: [{ ...GOOD, test: `${file}only a comment` }],
      faults: ['tests/chain/block_test.ts has no test or step "only a comment"'],
    },
    "a test in a string": {
      rows: [{ ...GOOD, test: `${file}only a string` }],
      faults: ['tests/chain/block_test.ts has no test or step "only a string"'],
    },
    "no test name": {
      rows: [{ ...GOOD, test: file }],
      faults: ['tests/chain/block_test.ts has no test or step ""'],
    },
    "a missing document": {
      rows: [{ ...GOOD, format: "gone.md#x" }],
      faults: [
        "gone.md does not exist in templates/knowledge/kairos_formats/ or " +
        "templates/knowledge/kairos_formats/references/",
      ],
    },
    "a missing heading": {
      rows: [{ ...GOOD, format: "chain.md#not-a-heading" }],
      faults: ["chain.md has no heading #not-a-heading"],
    },
  };
  for (const [name, { rows, faults }] of Object.entries(cases)) {
    await t.step(name, async () => {
      const found = await checkRequirements(rows, read);
      assert.deepEqual(found, faults.map((text) => `${rows[0]!.id}: ${text}`));
    });
  }
});

Deno.test("headingSlugs() writes fragments as links use them", () => {
  const document = FILES["templates/knowledge/kairos_formats/references/chain.md"]!;
  assert.deepEqual(headingSlugs(document), ["chain", "block-hash-v1", "notes", "notes-1"]);
});
