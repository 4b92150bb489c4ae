import assert from "node:assert/strict";
import { readSources, ROOT } from "./repository.ts";

/** Rooms whose exported symbols are documented: the product. */
const DOCUMENTED = /^(main\.tsx?$|(core|server|mmp|cli)\/)/;

/** Longest source file, in lines. */
const LINES = 600;

/** Absolute paths of a machine somebody works on; put together so that this file does not match. */
const MACHINE_PATH = new RegExp(`/(${["work", "farm", "root"].join("|")})/`);

/** Members told by what is around them: an `override` by its base, an index signature by its type. */
const PLAIN = /^\s*(override\s|(readonly\s+)?\[\w+: (string|number|symbol)\])/;

interface Ran {
  readonly code: number;
  readonly text: string;
}

async function run(command: string, args: string[]): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/**
 * Names the exported symbols and public members without a doc comment.
 *
 * `deno doc --lint` wants prose; a comment of tags alone, such as a constructor's parameters, is
 * enough for us.
 */
async function undocumented(paths: readonly string[]): Promise<string[]> {
  const { code, text } = await run(Deno.execPath(), ["doc", "--lint", "--quiet", ...paths]);
  if (code === 0) return [];
  assert.match(text, /Found \d+ documentation lint error/, `deno doc failed:\n${text}`);
  const found: string[] = [];
  for (const match of text.matchAll(/^error\[missing-jsdoc\].*\n\s*--> (.+):(\d+):\d+$/gm)) {
    const [, path, line] = match;
    const lines = (await Deno.readTextFile(path!)).split("\n");
    const here = lines[Number(line) - 1] ?? "";
    const commented = /\*\/\s*$/.test(lines[Number(line) - 2] ?? "");
    if (commented || PLAIN.test(here)) continue;
    found.push(`${path!.replace(ROOT, "")}:${line} ${here.trim()}`);
  }
  return found;
}

Deno.test("documentation covers every exported symbol of the product", async () => {
  const paths = [...(await readSources()).keys()].filter((path) => DOCUMENTED.test(path));
  assert.ok(paths.length > 0, "the walk finds the sources");
  assert.deepEqual(await undocumented(paths), []);
});

Deno.test("undocumented() reports what has no doc comment, and nothing else", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/a.ts`;
    await Deno.writeTextFile(
      path,
      `/** Documented. */
export interface A {
  /** Documented. */
  readonly a: string;
  readonly b: string;
  readonly [key: string]: string;
}
export const c = 1;
/** Documented. */
export class D extends Error {
  override readonly name = "D";
  /** @param d Documented */
  constructor(readonly d: string) {
    super(d);
  }
  private e = 1;
  f(): number {
    return this.e;
  }
  [Symbol.dispose](): void {}
}
`,
    );
    const found = (await undocumented([path])).map((line) => line.replace(/^.*a\.ts:/, ""));
    assert.deepEqual(found.sort(), [
      "17 f(): number {",
      "20 [Symbol.dispose](): void {}",
      "5 readonly b: string;",
      "8 export const c = 1;",
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("source files stay within the length limit", async () => {
  const sizes = [...await readSources({ tests: true })]
    .map(([path, source]) => ({ path, lines: source.split("\n").length - 1 }));
  assert.deepEqual(sizes.filter(({ lines }) => lines > LINES), []);
});

const inGit = await Deno.stat(`${ROOT}.git`).then(() => true, () => false);

Deno.test({
  name: "no file of the repository names a path of somebody's machine",
  ignore: !inGit,
  fn: async () => {
    const listed = await run("git", [
      ...["-c", "safe.directory=*", "ls-files", "-z"],
      ...["--cached", "--others", "--exclude-standard"],
    ]);
    assert.equal(listed.code, 0, listed.text);
    const paths = listed.text.split("\0").filter((path) => path !== "");
    assert.ok(paths.includes("deno.json"), "git lists the files");
    const found: string[] = [];
    for (const path of paths) {
      const bytes = await Deno.readFile(ROOT + path).catch((error: unknown) => {
        // Deleted in the working tree, or a link to a folder
        if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory) {
          return null;
        }
        throw error;
      });
      if (bytes === null || bytes.includes(0)) continue;
      new TextDecoder().decode(bytes).split("\n").forEach((text, at) => {
        if (MACHINE_PATH.test(text)) found.push(`${path}:${at + 1} ${text.trim()}`);
      });
    }
    assert.deepEqual(found, []);
  },
});

Deno.test("MACHINE_PATH matches a path of a machine and no plain word", () => {
  for (const folder of ["work", "farm", "root"]) {
    assert.match(`see /${folder}/main/a.ts`, MACHINE_PATH);
    assert.doesNotMatch(`the ${folder} of /${folder}s/`, MACHINE_PATH);
  }
});
