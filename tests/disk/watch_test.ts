import assert from "node:assert/strict";
import { Disk, writeAtomic } from "../../core/disk/mod.ts";
import { until } from "../support/until.ts";
import { inTempFolder } from "./temp_folder.ts";

/** A watch and what it told. */
function watching(disk: Disk, folder: string, isDeep = true) {
  const touched = new Set<string>();
  let lost = 0;
  const watch = disk.watch(folder, {
    isDeep,
    onTouched: (path) => void touched.add(path),
    onLost: () => void lost++,
  });
  return { touched, lost: () => lost, [Symbol.dispose]: () => watch[Symbol.dispose]() };
}

Deno.test("Disk.watch() tells what others change", async () => {
  await inTempFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/room/a`, { recursive: true });
    using watch = watching(new Disk(), `${folder}/room`);
    Deno.writeTextFileSync(`${folder}/room/a/a.md`, "a");
    await until(() => watch.touched.has("a/a.md"), "a new file");
    Deno.mkdirSync(`${folder}/room/b/c`, { recursive: true });
    await until(() => watch.touched.has("b"), "a new folder");
    Deno.renameSync(`${folder}/room/a`, `${folder}/room/d`);
    await until(() => watch.touched.has("a") && watch.touched.has("d"), "both names");
    Deno.writeTextFileSync(`${folder}/room/d/e.md`, "e");
    await until(() => watch.touched.has("d/e.md"), "a file in a renamed folder");
    watch.touched.clear();
    Deno.removeSync(`${folder}/room/d/e.md`);
    await until(() => watch.touched.has("d/e.md"), "a removed file");
    assert.equal(watch.lost(), 0);
  });
});

Deno.test("Disk.watch() tells own effects at once, by the folder's name and by its real path", async () => {
  await inTempFolder((folder) => {
    Deno.mkdirSync(`${folder}/real`);
    Deno.symlinkSync(`${folder}/real`, `${folder}/link`);
    const disk = new Disk();
    using deep = watching(disk, `${folder}/link`);
    using flat = watching(disk, folder, false);
    writeAtomic(disk, `${folder}/link/a.md`, new Uint8Array(1));
    writeAtomic(disk, `${folder}/real/b.md`, new Uint8Array(1));
    assert.ok(deep.touched.has("a.md") && deep.touched.has("b.md"));
    assert.deepEqual([...flat.touched], []);
    disk.remove(`${folder}/real`);
    assert.deepEqual([...flat.touched], ["real"]);
  });
});

Deno.test("Disk.watch() says when it has lost its folder", async (t) => {
  const ways: Record<string, (room: string) => void> = {
    removed: (room) => Deno.removeSync(room, { recursive: true }),
    renamed: (room) => Deno.renameSync(room, `${room}.away`),
  };
  for (const [name, lose] of Object.entries(ways)) {
    await t.step(name, async () => {
      await inTempFolder(async (folder) => {
        Deno.mkdirSync(`${folder}/room`);
        using watch = watching(new Disk(), `${folder}/room`);
        lose(`${folder}/room`);
        await until(() => watch.lost() === 1, "it is lost");
      });
    });
  }
});

Deno.test("Disk.watch() tells of anything when too much happens to be told one by one", async () => {
  await inTempFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/room`);
    using watch = watching(new Disk(), `${folder}/room`);
    for (let at = 0; at < 3000; at++) Deno.writeTextFileSync(`${folder}/room/${at}`, "");
    await until(() => watch.touched.has("") || watch.touched.size === 3000, "nothing is left out");
  });
});

Deno.test("Disk.watch() refuses what it cannot watch", async () => {
  await inTempFolder((folder) => {
    class Refusing extends Disk {
      protected override watchSystem(): Disposable {
        throw new Error("OS file watch limit reached");
      }
    }
    assert.throws(() => watching(new Disk(), `${folder}/missing`), { code: "not_found" });
    assert.throws(() => watching(new Refusing(), folder), { code: "io" });
  });
});
