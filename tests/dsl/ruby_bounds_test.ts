import assert from "node:assert/strict";
import { pick } from "../counts.ts";
import { ROOT } from "../gate/repository.ts";
import { assertBounded, hostileOutcomes } from "./hostile_run.ts";
import { HOSTILE } from "./ruby_bounds.ts";

const PROGRAM = "tests/dsl/ruby_bounds.ts";

/** Runs a program of ours without any permission; a hang ends it and fails. */
async function run(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...args],
    cwd: ROOT,
    stdin: "null",
    signal: AbortSignal.timeout(60_000),
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("parseRubyLaw() ends for any hostile source, without permissions", async (t) => {
  const refused = ["too_large", "invalid"];
  const outcomes = await hostileOutcomes(PROGRAM);
  assert.deepEqual(outcomes.map(({ name }) => name), Object.keys(HOSTILE));
  for (const { name, result } of outcomes) {
    await t.step(name, () => {
      assert.ok(["read", ...refused].includes(result), result);
      if (name.startsWith("10")) assert.ok(refused.includes(result) || name.endsWith("heredocs"));
    });
  }
});

Deno.test("parseRubyLaw() takes less than 200 MB and 2 s of the processor for any source", (t) =>
  assertBounded(t, PROGRAM, pick("hostileSources", Object.keys(HOSTILE))));

Deno.test("parseRubyLaw() works from a bundle without a flag and without a permission", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "--quiet", "--minify", "--code-splitting", "--outdir", `${folder}/out`]
        .concat(
          "core/dsl/ruby/parse.ts",
        ),
      cwd: ROOT,
      stdin: "null",
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    await Deno.writeTextFile(
      `${folder}/out/main.js`,
      `import { parseRubyLaw } from "./parse.js";
       const { law } = await parseRubyLaw("skill(:s) { title 'T' }", { file: "x.rb" });
       console.log(law.skills[0].title);`,
    );
    const closed = ["--no-config", "--no-npm", "--no-remote"];
    assert.equal(await run(...closed, `${folder}/out/main.js`), "T\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
