import assert from "node:assert/strict";
import { ROOT } from "../gate/repository.ts";
import { type Bounds, HOSTILE } from "./ruby_bounds.ts";

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

Deno.test("parseRubyLaw() ends for any hostile source, without permissions, in 200 MB", async (t) => {
  const refused = ["too_large", "invalid"];
  for (const name of Object.keys(HOSTILE)) {
    await t.step(name, async () => {
      const { outcome, rss }: Bounds = JSON.parse(await run("tests/dsl/ruby_bounds.ts", name));
      assert.ok(["read", ...refused].includes(outcome), outcome);
      if (name.startsWith("10")) assert.ok(refused.includes(outcome) || name.endsWith("heredocs"));
      assert.ok(rss < 200e6, `${rss} bytes`);
    });
  }
});

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
