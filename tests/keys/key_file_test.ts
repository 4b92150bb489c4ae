import assert from "node:assert/strict";
import { Disk } from "../../core/disk/mod.ts";
import {
  createKeyFile,
  listKeyFiles,
  readKeyFile,
  replaceKeyFile,
} from "../../core/keys/key_file.ts";
import { OpenKey, sealKey } from "../../core/keys/sealed_key.ts";
import { inTempFolder } from "../disk/temp_folder.ts";

const SECRET = new TextEncoder().encode("four words of it");
const KEY = OpenKey.generate("Ada");
const SEALED = await sealKey(KEY, { passphrase: SECRET, recovery: SECRET });
const POSIX = Deno.build.os !== "windows";

Deno.test("createKeyFile() makes a file for its owner only, in a folder for its owner only", async () => {
  await inTempFolder(async (folder) => {
    const path = `${folder}/keys/道 1/ada.json`;
    createKeyFile(new Disk(), path, SEALED);
    assert.deepEqual(readKeyFile(new Disk(), path), SEALED);
    if (POSIX) {
      assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
      assert.equal((await Deno.stat(`${folder}/keys`)).mode! & 0o777, 0o700);
    }
    assert.deepEqual(new Disk().list(`${folder}/keys/道 1`).map(({ name }) => name), ["ada.json"]);
  });
});

Deno.test("createKeyFile() never overwrites, whatever is there", async () => {
  await inTempFolder(async (folder) => {
    const disk = new Disk();
    await Deno.writeTextFile(`${folder}/file.json`, "mine");
    await Deno.mkdir(`${folder}/folder.json`);
    await Deno.symlink(`${folder}/nowhere`, `${folder}/link.json`);
    for (const name of ["file", "folder", "link"]) {
      assert.throws(() => createKeyFile(disk, `${folder}/${name}.json`, SEALED), {
        code: "exists",
      });
    }
    assert.equal(await Deno.readTextFile(`${folder}/file.json`), "mine");
    assert.equal(disk.stat(`${folder}/nowhere`), null);
  });
});

Deno.test("createKeyFile() survives a disk that fails at any point: a whole key or none", async () => {
  for (let failing = 0;; failing++) {
    const isDone = await inTempFolder((folder) => {
      let left = failing;
      const disk = new Disk({
        onEffect: () =>
          left-- === 0 ? { error: new Deno.errors.PermissionDenied("no") } : undefined,
      });
      const path = `${folder}/ada.json`;
      try {
        createKeyFile(disk, path, SEALED);
        return true;
      } catch {
        // The last effect makes durable what is in place already.
        const facts = new Disk().statLink(path);
        if (facts !== null) assert.deepEqual(readKeyFile(new Disk(), path), SEALED);
        return false;
      }
    });
    if (isDone) break;
    assert.ok(failing < 50);
  }
});

Deno.test("replaceKeyFile() puts the new key in place of the old in one step", async () => {
  await inTempFolder((folder) => {
    const path = `${folder}/ada.json`;
    createKeyFile(new Disk(), path, SEALED);
    const swapped = { ...SEALED, passphrase: SEALED.recovery };
    replaceKeyFile(new Disk(), path, swapped);
    assert.deepEqual(readKeyFile(new Disk(), path), swapped);
    if (POSIX) assert.equal(new Disk().stat(path)!.mode & 0o777, 0o600);
  });
});

Deno.test({
  name: "readKeyFile() refuses links, folders and files that others may use",
  ignore: !POSIX,
  fn: () =>
    inTempFolder(async (folder) => {
      const disk = new Disk();
      const path = `${folder}/ada.json`;
      createKeyFile(disk, path, SEALED);
      for (const mode of [0o644, 0o640, 0o604, 0o660, 0o610, 0o601, 0o777]) {
        await Deno.chmod(path, mode);
        assert.throws(() => readKeyFile(disk, path), { code: "refused" }, mode.toString(8));
      }
      await Deno.chmod(path, 0o600);
      await Deno.symlink(path, `${folder}/link.json`);
      await Deno.mkdir(`${folder}/folder.json`);
      for (const name of ["link", "folder"]) {
        assert.throws(() => readKeyFile(disk, `${folder}/${name}.json`), { code: "refused" });
      }
      assert.throws(() => readKeyFile(disk, `${folder}/none.json`), { code: "not_found" });
      await Deno.writeFile(path, new Uint8Array(17_000));
      assert.throws(() => readKeyFile(disk, path), { code: "refused" });
    }),
});

Deno.test("listKeyFiles() finds the keys and says why another file is none", async () => {
  await inTempFolder(async (folder) => {
    const disk = new Disk();
    assert.deepEqual(listKeyFiles(disk, `${folder}/none`), []);
    createKeyFile(disk, `${folder}/b.json`, SEALED);
    await Deno.writeTextFile(`${folder}/a.json`, "{}", { mode: 0o600 });
    await Deno.writeTextFile(`${folder}/notes.txt`, "x");
    const found = listKeyFiles(disk, folder);
    assert.deepEqual(found.map(({ path, key }) => [path, key?.id ?? null]), [
      [`${folder}/a.json`, null],
      [`${folder}/b.json`, KEY.id],
    ]);
    assert.match(found[0]!.problem!, /another version/);
  });
});
