import assert from "node:assert/strict";
import { ROOT } from "../gate/repository.ts";

const PROGRAM = `${ROOT}tests/dsl/hostile_parse.ts`;

/** What a law may take at most, the runtime included. */
const PEAK_KB = 200 * 1024;

interface Outcome {
  readonly name: string;
  readonly result: string;
  readonly peak: number;
}

async function read(permissions: string, ...args: string[]): Promise<Outcome[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", permissions, "--no-check", PROGRAM, ...args],
    cwd: ROOT,
    stdin: "null",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
}

/** Sources that look hostile and are laws all the same. */
const LAWS = ["deep type arguments", "deep defaults", "as many comments as there may be"];

Deno.test("parseLaw() ends hostile sources in a clean error, without a permission", async (t) => {
  for (const { name, result } of await read("--no-prompt")) {
    await t.step(name, () => {
      if (LAWS.includes(name)) assert.equal(result, "taken");
      else assert.ok(["invalid", "too_large"].includes(result), result);
    });
  }
});

Deno.test("parseLaw() takes less than 200 MB for what its bounds let in", async (t) => {
  for (const what of ["numbers", "errors", "unknown fields", "members", "objects", "code"]) {
    await t.step(what, async () => {
      const [outcome] = await read("-A", `a full source of ${what}`);
      assert.ok(outcome!.peak < PEAK_KB, `${outcome!.peak} kB`);
    });
  }
});
