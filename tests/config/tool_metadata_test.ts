import assert from "node:assert/strict";
import {
  readToolMetadata,
  type ToolMetadata,
  writeToolMetadata,
} from "../../core/config/tool_metadata.ts";
import { Disk } from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";

const METADATA: ToolMetadata = {
  category: "chain",
  usecaseTags: ["audit", "yes"],
  examples: [{ title: "Look", code: "{\n}" }],
  relatedTools: ["chain_verify"],
};

function withRoot(text: string | null, use: (root: string, disk: Disk) => void): void {
  const root = Deno.makeTempDirSync();
  try {
    if (text !== null) {
      Deno.mkdirSync(`${root}/config`);
      Deno.writeTextFileSync(`${root}/config/tool_metadata.yml`, text);
    }
    use(root, new Disk());
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

Deno.test("readToolMetadata() reads entries with all fields and with none", () => {
  const text = `chain_history:
  category: chain
  usecase_tags: [audit, 1]
  examples:
  - {title: Look, code: '{}'}
  related_tools: [chain_verify]
  unknown: x
hello_world: {}
`;
  withRoot(text, (root, disk) => {
    const { tools, problems } = readToolMetadata(disk, root);
    assert.deepEqual(problems, []);
    assert.deepEqual(Object.fromEntries(tools), {
      chain_history: {
        category: "chain",
        usecaseTags: ["audit", "1"],
        examples: [{ title: "Look", code: "{}" }],
        relatedTools: ["chain_verify"],
      },
      hello_world: { category: null, usecaseTags: [], examples: [], relatedTools: [] },
    });
  });
});

Deno.test("readToolMetadata() reports each bad entry and keeps the others", async (t) => {
  const cases: [string, string][] = [
    ["bad: text", "a group of fields"],
    ["bad: {category: [a]}", "category"],
    [`bad: {category: ${"a".repeat(129)}}`, "category"],
    ["bad: {usecase_tags: a}", "usecase_tags"],
    ["bad: {usecase_tags: [[a]]}", "usecase_tags"],
    [`bad: {usecase_tags: [${"a,".repeat(65)}]}`, "usecase_tags"],
    ["bad: {examples: [{title: a}]}", "examples"],
    [`bad: {examples: [{title: a, code: ${"a".repeat(4001)}}]}`, "examples"],
    ["bad: {related_tools: [{}]}", "related_tools"],
    [`${"b".repeat(129)}: {}`, "the name"],
  ];
  for (const [line, part] of cases) {
    await t.step(line.slice(0, 40), () => {
      withRoot(`${line}\ngood: {}\n`, (root, disk) => {
        const { tools, problems } = readToolMetadata(disk, root);
        assert.deepEqual([...tools.keys()], ["good"]);
        assert.equal(problems.length, 1);
        assert.ok(problems[0]!.includes(part), problems[0]);
      });
    });
  }
  await t.step("a file that cannot be read", () => {
    withRoot("a: [\n", (root, disk) => {
      const { tools, problems } = readToolMetadata(disk, root);
      assert.equal(tools.size, 0);
      assert.match(
        problems[0] ?? "",
        /^Cannot read "config\/tool_metadata\.yml": found .+ at line/,
      );
    });
  });
  await t.step("more tools than the bound", () => {
    const text = Array.from({ length: 513 }, (_, at) => `t${at}: {}\n`).join("");
    withRoot(text, (root, disk) => {
      const { tools, problems } = readToolMetadata(disk, root);
      assert.deepEqual([tools.size, problems.length], [512, 1]);
    });
  });
});

Deno.test("writeToolMetadata() writes what is read back", () => {
  withRoot(null, (root, disk) => {
    writeToolMetadata(disk, root, "chain_history", METADATA);
    const { tools, problems } = readToolMetadata(disk, root);
    assert.deepEqual(problems, []);
    assert.deepEqual(tools.get("chain_history"), METADATA);
  });
});

Deno.test("writeToolMetadata() leaves everything else as it was", () => {
  const text = "# head\n\nold: {version: 1.10, x: yes}\nbad: text\nchain_history:\n  own: 1\n";
  withRoot(text, (root, disk) => {
    writeToolMetadata(disk, root, "chain_history", METADATA);
    const written = Deno.readTextFileSync(`${root}/config/tool_metadata.yml`);
    assert.ok(
      written.startsWith("# head\n\nold:\n  version: '1.10'\n  x: 'yes'\nbad: text\n"),
      written,
    );
    assert.match(written, /\n {2}own: '?1'?\n {2}category: chain\n/);
  });
});

Deno.test("writeToolMetadata() changes nothing when it refuses", async (t) => {
  const refuses = (text: string, metadata: ToolMetadata) =>
    withRoot(text, (root, disk) => {
      assert.throws(
        () => writeToolMetadata(disk, root, "a", metadata),
        (error) => error instanceof KairosError && error.code === "invalid",
      );
      assert.equal(Deno.readTextFileSync(`${root}/config/tool_metadata.yml`), text);
    });
  await t.step("metadata over a bound", () => {
    refuses("b: {}\n", { ...METADATA, category: "a".repeat(129) });
  });
  await t.step("a file that cannot be read", () => refuses("b: [\n", METADATA));
});

Deno.test("writeToolMetadata() keeps the old file when the disk fails", () => {
  withRoot("b: {}\n", (root) => {
    const disk = new Disk({
      onEffect: ({ kind }) => kind === "rename" ? { error: new Error("full") } : undefined,
    });
    assert.throws(() => writeToolMetadata(disk, root, "a", METADATA));
    assert.equal(Deno.readTextFileSync(`${root}/config/tool_metadata.yml`), "b: {}\n");
    assert.deepEqual([...Deno.readDirSync(`${root}/config`)].map(({ name }) => name), [
      "tool_metadata.yml",
    ]);
  });
});
