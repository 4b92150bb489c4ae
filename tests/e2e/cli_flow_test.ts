import assert from "node:assert/strict";
import { whole } from "../counts.ts";
import { inEmptyFolder, program, type Start } from "./cli_program.ts";

const DOCUMENT = '---\nname: 設計 メモ\ndescription: How we build\nversion: "1.0"\n---\n# One\n';

/** What the README shows, from the second command on. */
async function flow(t: Deno.TestContext, folder: string, start: Start = {}): Promise<void> {
  const run = async (...argv: string[]) => {
    const { code, out, err } = await program(folder, argv, start);
    assert.equal(code, 0, `${argv.join(" ")}\n${out}\n${err}`);
    assert.doesNotMatch(err, /warn|error|deno/i);
    return out;
  };
  const name = "設計 メモ";
  await t.step("publish and change", async () => {
    await Deno.writeTextFile(`${folder}/メモ 1.md`, DOCUMENT);
    await run("knowledge", "set", name, "メモ 1.md", "--reason", "最初");
    await Deno.writeTextFile(`${folder}/メモ 1.md`, DOCUMENT.replace("One", "Two"));
    await run("knowledge", "set", name, "メモ 1.md");
    assert.match(await run("knowledge", "list"), /設計 メモ/);
    assert.match(await run("knowledge", "history", name), /最初/);
    assert.match(await run("knowledge", "diff", name), /\n-# One\n\+# Two\n/);
  });
  await t.step("go back", async () => {
    await run("knowledge", "restore", name, "2");
    assert.equal(await run("knowledge", "show", name), DOCUMENT);
    await run("knowledge", "archive", name);
    await run("knowledge", "unarchive", name);
    await run("knowledge", "delete", name, "--yes");
    await run("knowledge", "restore", name, "2");
    assert.equal(await run("knowledge", "show", name), DOCUMENT);
  });
  await t.step("context", async () => {
    await run("context", "save", "plan", "メモ 1.md", "--session", "仕事");
    assert.match(await run("context", "list"), /仕事/);
    await run("context", "delete", "仕事", "plan", "--yes");
  });
  await t.step("look", async () => {
    assert.match(await run("status"), /Chain +10 blocks/);
    assert.match(await run("chain", "log", "--limit", "5"), /knowledge_update/);
    assert.match(await run("chain", "verify"), /Chain: valid/);
    assert.doesNotMatch(await run("doctor"), /warn|FAIL/);
    assert.match(await run("objects", "gc"), /Removed 0 objects/);
    assert.match(await run("call", "knowledge_list"), /設計 メモ/);
  });
}

Deno.test({
  name: "the README's commands work in an empty folder with blanks and Japanese in its path",
  ignore: !whole(),
  async fn(t) {
    await inEmptyFolder(async (folder) => {
      const { code, err } = await program(folder, ["init"]);
      assert.equal(code, 0, err);
      await flow(t, folder);
    });
  },
});

const SHARED_MEMORY = "/dev/shm";
const hasOtherDisk = await Deno.stat(SHARED_MEMORY).then(
  ({ isDirectory }) => isDirectory,
  () => false,
);

Deno.test({
  name: "the README's commands work with every room linked to another file system",
  ignore: !hasOtherDisk || !whole(),
  async fn(t) {
    await inEmptyFolder(async (folder) => {
      await inEmptyFolder(async (other) => {
        assert.equal((await program(folder, ["init"])).code, 0);
        const here = await Deno.stat(folder);
        assert.notEqual((await Deno.stat(other)).dev, here.dev, "another file system");
        for (const room of ["knowledge", "context", "skills", "storage"]) {
          await moveAndLink(`${folder}/.kairos/${room}`, `${other}/${room}`);
        }
        // Deno opens nothing below /dev without all permissions.
        await flow(t, folder, { unrestricted: true });
        assert.ok((await Deno.lstat(`${folder}/.kairos/storage`)).isSymlink);
        assert.ok((await Deno.stat(`${other}/storage/blockchain.json`)).isFile);
      }, SHARED_MEMORY);
    });
  },
});

async function moveAndLink(from: string, to: string): Promise<void> {
  await copy(from, to);
  await Deno.remove(from, { recursive: true });
  await Deno.symlink(to, from);
}

async function copy(from: string, to: string): Promise<void> {
  const { mode } = await Deno.stat(from);
  await Deno.mkdir(to, { mode: (mode ?? 0o755) & 0o777 });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copy(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}
