import assert from "node:assert/strict";
import { inFolder, inInstance, kairos, kairosJson, snapshot } from "./harness.ts";

interface Status {
  readonly data_dir: string;
}

async function rootOf(
  cwd: string,
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { value } = await kairosJson<Status>(cwd, ["status", ...argv], { env });
  return value.data_dir;
}

Deno.test("the data directory is the named one, the environment's, or the nearest upwards", async (t) => {
  await inInstance(async (folder, root) => {
    await Deno.mkdir(`${folder}/deep/down`, { recursive: true });
    await kairos(folder, ["init", "other data"]);
    const other = `${folder}/other data`;
    await t.step("here", async () => assert.equal(await rootOf(folder, []), root));
    await t.step("above", async () => assert.equal(await rootOf(`${folder}/deep/down`, []), root));
    await t.step("the environment's", async () => {
      assert.equal(await rootOf(folder, [], { KAIROS_DATA_DIR: "other data" }), other);
    });
    await t.step("an empty variable counts as none", async () => {
      assert.equal(await rootOf(folder, [], { KAIROS_DATA_DIR: "" }), root);
    });
    await t.step("the named one wins", async () => {
      const env = { KAIROS_DATA_DIR: root };
      assert.equal(await rootOf(folder, ["--data-dir=other data"], env), other);
      assert.equal(await rootOf(`${folder}/deep`, ["--data-dir", "../other data"], env), other);
    });
    await t.step("a nearer one wins", async () => {
      await kairos(`${folder}/deep`, ["init"]);
      assert.equal(await rootOf(`${folder}/deep/down`, []), `${folder}/deep/.kairos`);
    });
  });
});

Deno.test("without a data directory every command says how to make one, exit code 2", async (t) => {
  await inFolder(async (folder) => {
    for (const argv of [["status"], ["knowledge", "list"], ["doctor"], ["serve"], []]) {
      await t.step(argv.join(" ") || "(piped)", async () => {
        const { code, out, err } = await kairos(folder, argv);
        assert.equal(code, 2);
        assert.equal(out, "");
        assert.match(err, /Cannot find a data directory[^]*kairos init/);
      });
    }
    await t.step("a named folder that is none", async () => {
      const { code, err } = await kairos(folder, ["status", "--data-dir", "."]);
      assert.equal(code, 2);
      assert.match(err, /Cannot use .* as a data directory/);
    });
  });
});

Deno.test("init makes a data directory and never touches what is there", async (t) => {
  await inFolder(async (folder) => {
    await t.step("new", async () => {
      const { code, value } = await kairosJson<{ data_dir: string; created: string[] }>(folder, [
        "init",
      ]);
      assert.equal(code, 0);
      assert.equal(value.data_dir, `${folder}/.kairos`);
      assert.ok(value.created.includes("skills/config.yml"));
      assert.ok((await Deno.stat(`${folder}/.kairos/knowledge/getting_started`)).isDirectory);
    });
    await t.step("again", async () => {
      await Deno.writeTextFile(`${folder}/.kairos/skills/kairos.md`, "# ours\n");
      const { code, out, err } = await kairos(folder, ["init"]);
      assert.equal(code, 0);
      assert.match(out, /nothing changed/);
      assert.match(err, /Next: kairos start, or kairos status/);
      assert.equal(await Deno.readTextFile(`${folder}/.kairos/skills/kairos.md`), "# ours\n");
    });
    await t.step("named in three ways", async () => {
      await kairos(folder, ["init", "a"]);
      await kairos(folder, ["init", "--data-dir", "b"]);
      await kairos(folder, ["init"], { env: { KAIROS_DATA_DIR: "c" } });
      for (const name of ["a", "b", "c"]) {
        assert.ok((await Deno.stat(`${folder}/${name}/skills/config.yml`)).isFile);
      }
    });
    await t.step("two names", async () => {
      const { code } = await kairos(folder, ["init", "x", "--data-dir", "y"]);
      assert.equal(code, 2);
      await assert.rejects(Deno.stat(`${folder}/x`));
    });
    await t.step("in the way", async () => {
      await Deno.writeTextFile(`${folder}/file`, "");
      const { code, err } = await kairos(folder, ["init", "file"]);
      assert.equal(code, 1);
      assert.match(err, /Cannot make the folder/);
    });
  });
});

Deno.test("start makes nothing where something else lies", async (t) => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/.kairos`);
    await Deno.writeTextFile(`${folder}/.kairos/letter.txt`, "mine");
    await Deno.writeTextFile(`${folder}/file`, "mine");
    const before = await snapshot(folder);
    for (
      const argv of [["start"], ["start", "--data-dir", ".kairos"], ["start", "--data-dir=file"]]
    ) {
      await t.step(argv.join(" "), async () => {
        const { code } = await kairos(folder, argv);
        assert.notEqual(code, 0);
        assert.deepEqual(await snapshot(folder), before);
      });
    }
  });
});

Deno.test("serve takes an address for HTTP only", async () => {
  await inInstance(async (folder) => {
    for (const argv of [["serve", "--port", "1"], ["serve", "--host", "::1"], ["--port=99999"]]) {
      const { code, err } = await kairos(folder, argv);
      assert.equal(code, 2, err);
    }
    const { code, err } = await kairos(folder, ["--http", "--host", "0.0.0.0", "--port", "0"]);
    assert.equal(code, 5, err);
  });
});
