import assert from "node:assert/strict";
import { type DataDirOptions, findDataDir } from "../../core/config/data_dir.ts";
import { Disk } from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";

/** Makes files (and folders, with `/` at the end) in a new folder. */
async function withFiles(paths: string[], use: (folder: string) => void): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    for (const path of paths) {
      const at = `${folder}/${path}`;
      Deno.mkdirSync(at.replace(/\/[^/]*$/, ""), { recursive: true });
      if (!path.endsWith("/")) Deno.writeTextFileSync(at, "");
    }
    use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function refusal(options: DataDirOptions): KairosError {
  try {
    return assert.fail(`found ${findDataDir(new Disk(), options)}`);
  } catch (error) {
    if (error instanceof KairosError) return error;
    throw error;
  }
}

const FILES = [
  "named/skills/config.yml",
  "env/storage/blockchain.json",
  "here/.kairos/knowledge/",
  "here/a/b/",
];

Deno.test("findDataDir() prefers the named one, then the environment, then the nearest", async (t) => {
  await withFiles(FILES, (folder) => {
    const cases: [string, Omit<DataDirOptions, "cwd">, string, string][] = [
      ["named", { explicit: `${folder}/named`, env: `${folder}/env` }, "here", "named"],
      ["named from where the call was made", { explicit: "../../named" }, "here/a", "named"],
      ["environment", { env: `${folder}/env` }, "here", "env"],
      ["environment from where the call was made", { env: "env" }, "", "env"],
      ["empty environment", { env: "" }, "here", "here/.kairos"],
      ["here", {}, "here", "here/.kairos"],
      ["two above", {}, "here/a/b", "here/.kairos"],
      ["in a folder that does not exist", {}, "here/a/gone", "here/.kairos"],
    ];
    for (const [name, options, cwd, expected] of cases) {
      const found = findDataDir(new Disk(), { ...options, cwd: `${folder}/${cwd}` });
      assert.equal(found, `${folder}/${expected}`, name);
    }
  });
  await t.step(
    "the nearest of several",
    () =>
      withFiles(["a/.kairos/knowledge/", "a/b/.kairos/knowledge/"], (folder) => {
        assert.equal(findDataDir(new Disk(), { cwd: `${folder}/a/b` }), `${folder}/a/b/.kairos`);
      }),
  );
  await t.step(
    "no file of that name",
    () =>
      withFiles([".kairos/knowledge/", "a/.kairos"], (folder) => {
        assert.equal(findDataDir(new Disk(), { cwd: `${folder}/a` }), `${folder}/.kairos`);
      }),
  );
});

Deno.test("findDataDir() says why there is none", async (t) => {
  const cases: [string, string[], Omit<DataDirOptions, "cwd">, string][] = [
    ["a name that leads nowhere", [], { explicit: "gone" }, "there is no such folder"],
    ["a name of a file", ["f"], { explicit: "f" }, "it is no folder"],
    ["a named folder without an instance", ["d/x"], { explicit: "d" }, "it holds neither settings"],
    ["the environment", [], { env: "gone" }, "named by KAIROS_DATA_DIR: there is no such folder"],
    ["a found folder without an instance", [".kairos/x"], {}, "it holds neither settings"],
    [
      "folders where files must be",
      [".kairos/skills/config.yml/"],
      {},
      "it holds neither settings",
    ],
  ];
  for (const [name, files, options, part] of cases) {
    await t.step(name, () =>
      withFiles(files, (folder) => {
        const error = refusal({ ...options, cwd: folder });
        assert.equal(error.code, "no_instance");
        assert.ok(error.message.includes(part), error.message);
        assert.match(error.hint ?? "", /`kairos init`/);
      }));
  }
  await t.step("nothing at all", () => {
    const error = refusal({ cwd: "/" });
    assert.equal(error.code, "no_instance");
    assert.match(error.message, /there is no "\.kairos" in "\/" or above/);
    assert.match(error.hint ?? "", /`kairos init`/);
  });
  await t.step("an empty name", () => {
    assert.equal(refusal({ explicit: "", cwd: "/" }).code, "usage");
  });
});

Deno.test("findDataDir() finds folders with unusual names", async (t) => {
  for (const name of ["with spaces", `"quotes'`, "line\nbreak", "日本語の記録"]) {
    await t.step({
      name: JSON.stringify(name),
      ignore: Deno.build.os === "windows",
      fn: () =>
        withFiles([`${name}/.kairos/knowledge/`], (folder) => {
          const expected = `${folder}/${name}/.kairos`;
          assert.equal(findDataDir(new Disk(), { cwd: `${folder}/${name}` }), expected);
          assert.equal(findDataDir(new Disk(), { explicit: expected, cwd: "/" }), expected);
        }),
    });
  }
});
