import assert from "node:assert/strict";
import { templateFiles } from "../../core/assets.ts";
import { lawHash, skillHash } from "../../core/dsl/canonical.ts";
import { parseLaw } from "../../core/dsl/parse_typescript.ts";
import { printLaw } from "../../core/dsl/print.ts";

async function template(end: string): Promise<string> {
  return await templateFiles().find(({ source }) => source.endsWith(end))!.load();
}

const FORMAT = await template("references/law.md");
const SAMPLE = /```ts\n([^]*?)```/.exec(FORMAT)![1]!;

Deno.test("law.md shows a law as it is printed, with its hashes", () => {
  const law = parseLaw(SAMPLE, { file: "law.md" });
  assert.equal(printLaw(law), SAMPLE);
  assert.ok(FORMAT.includes(`\`${lawHash(law)}\``));
  assert.ok(FORMAT.includes(`\`${skillHash(law.skills[0]!)}\``));
});

Deno.test("kairos.d.ts lets an editor check a law", async (t) => {
  const header = SAMPLE.split("\n")[0];
  const fields = (text: string) => `${header}\nskill("a", { ${text} });\n`;
  const cases: Record<string, [source: string, error: RegExp | null]> = {
    "the sample": [SAMPLE, null],
    "a tool whose code has typed arguments": [
      fields("tool: { properties: { a: { type: 'string' } }, execute: (args) => `${args.a}` }"),
      null,
    ],
    "code as text": [fields("behavior: { language: 'ruby', text: '1' }"), null],
    "an unknown field": [fields("titel: 'T'"), /'titel' does not exist/],
    "a wrong type": [fields("title: 1"), /'number' is not assignable/],
    "a plan without steps": [fields("definition: [plan('p', {})]"), /'steps' is missing/],
    "a statement made by hand": [
      fields("definition: [{ type: 'Check' }]"),
      /'type' does not exist/,
    ],
  };
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/kairos.d.ts`, await template("skills/kairos.d.ts"));
    await Deno.writeTextFile(`${folder}/deno.json`, '{"compilerOptions": {"strict": true}}');
    for (const [name, [source, error]] of Object.entries(cases)) {
      await t.step(name, async () => {
        await Deno.writeTextFile(`${folder}/kairos.ts`, source);
        const { success, stderr } = await new Deno.Command(Deno.execPath(), {
          args: ["check", "kairos.ts"],
          cwd: folder,
          env: { NO_COLOR: "1" },
          stdin: "null",
        }).output();
        const text = new TextDecoder().decode(stderr);
        assert.equal(success, error === null, text);
        if (error !== null) assert.match(text, error);
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
