import assert from "node:assert/strict";
import { templateFiles } from "../../core/assets.ts";
import { ROOT } from "../gate/repository.ts";

async function filesBelow(folder: string, below = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${below}`)) {
    if (isDirectory) found.push(...await filesBelow(folder, `${below}${name}/`));
    else found.push(below + name);
  }
  return found;
}

Deno.test("templateFiles() lists every file of templates/ and no other", async () => {
  const listed = templateFiles().map(({ source }) => source);
  assert.deepEqual(listed, (await filesBelow(`${ROOT}templates`)).sort());
});

Deno.test("templateFiles() load as they are on disk", async (t) => {
  for (const { source, load } of templateFiles()) {
    await t.step(source, async () => {
      const text = await load();
      assert.equal(text, await Deno.readTextFile(`${ROOT}templates/${source}`));
      assert.ok(text.length > 0 && text.endsWith("\n") && !text.includes("\r"));
    });
  }
});

Deno.test("templateFiles() lead to places inside a data directory, each once", () => {
  const paths = templateFiles().map(({ path }) => path);
  assert.equal(new Set(paths).size, paths.length);
  for (const path of paths) {
    assert.ok(path.split("/").every((part) => part !== "" && part !== "." && part !== ".."), path);
  }
});

Deno.test("templateFiles() give entries, SkillSets and the law their roles", () => {
  const rooms = new Map([["knowledge", "knowledge"], ["skillsets", "skillset"]]);
  for (const { path, role } of templateFiles()) {
    const other = path === "skills/kairos.ts" ? "law" : "file";
    assert.equal(role, rooms.get(path.split("/")[0]!) ?? other, path);
  }
});

Deno.test("templates load from a bundle without a flag and without a permission", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const run = async (...args: string[]): Promise<string> => {
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args,
        cwd: ROOT,
        stdin: "null",
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      return new TextDecoder().decode(stdout);
    };
    await run(
      "bundle",
      "--quiet",
      "--code-splitting",
      "--outdir",
      `${folder}/out`,
      "core/assets.ts",
    );
    await Deno.writeTextFile(
      `${folder}/out/main.js`,
      `import { templateFiles } from "./assets.js";
       const texts = await Promise.all(templateFiles().map((file) => file.load()));
       console.log(JSON.stringify(texts));`,
    );
    const texts = await Promise.all(templateFiles().map((file) => file.load()));
    const printed = await run("run", "--no-prompt", `${folder}/out/main.js`);
    assert.deepEqual(JSON.parse(printed), texts);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
