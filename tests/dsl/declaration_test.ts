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
    const files = Object.entries(cases).map(([name, [source, error]], at) => ({
      name,
      source,
      error,
      file: `law_${at}.ts`,
    }));
    for (const { file, source } of files) await Deno.writeTextFile(`${folder}/${file}`, source);
    const { stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", ...files.map(({ file }) => file)],
      cwd: folder,
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const said = new TextDecoder().decode(stderr);
    const problems = said.split("\n\n");
    for (const { name, file, error } of files) {
      await t.step(name, () => {
        const own = problems.filter((problem) => problem.includes(`/${file}:`)).join("\n\n");
        if (error === null) assert.equal(own, "", said);
        else assert.match(own, error, said);
      });
    }
    assert.match(said, /Found 4 errors/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
