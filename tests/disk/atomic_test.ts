import assert from "node:assert/strict";
import {
  Disk,
  type Effect,
  writeAllAtomic,
  writeAtomic,
  writeDurable,
} from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";
import { bytesOf } from "../chain/samples.ts";
import { inState, recordEffects, replays } from "../crash/simulator.ts";
import { FailingDisk, FAULTS } from "./failing_disk.ts";
import { inTempFolder } from "./temp_folder.ts";

Deno.test("writeAtomic() leaves the old or the new content after every crash", async () => {
  for (const old of [null, "old content"]) {
    await inTempFolder(async (folder) => {
      if (old !== null) Deno.writeTextFileSync(`${folder}/f`, old);
      const write = (disk: Disk) => writeAtomic(disk, `${folder}/f`, bytesOf("new content"));
      for (const state of replays(await recordEffects(folder, write))) {
        await inState(state, (copy) => {
          const bytes = new Disk().read(`${copy}/f`, 100);
          const found = bytes === null ? null : new TextDecoder().decode(bytes);
          const allowed = state.acknowledged ? ["new content"] : [old, "new content"];
          assert.ok(allowed.includes(found), `${found} after ${state.label}`);
        });
      }
    });
  }
});

Deno.test("writeAtomic() keeps the old content and no stage when an effect fails", async () => {
  const error = Object.assign(new Error("full"), { code: "ENOSPC" });
  for (const kind of ["create", "write", "sync", "rename"] as Effect["kind"][]) {
    await inTempFolder((folder) => {
      Deno.writeTextFileSync(`${folder}/f`, "old");
      const disk = new Disk({
        onEffect: (effect) =>
          effect.kind !== kind ? undefined : { error, ...(kind === "write" ? { written: 1 } : {}) },
      });
      assert.throws(
        () => writeAtomic(disk, `${folder}/f`, bytesOf("new")),
        (thrown) => thrown instanceof KairosError && thrown.code === "io",
      );
      assert.equal(Deno.readTextFileSync(`${folder}/f`), "old");
      assert.deepEqual(disk.list(folder).map(({ name }) => name), ["f"]);
    });
  }
});

Deno.test("writeAllAtomic() leaves each file old or new after every crash, and syncs a folder once", async () => {
  await inTempFolder(async (folder) => {
    const paths = ["a", "b", "in/c"];
    Deno.mkdirSync(`${folder}/in`);
    Deno.writeTextFileSync(`${folder}/b`, "old");
    const old = [null, "old", null];
    const recording = await recordEffects(
      folder,
      (disk) =>
        writeAllAtomic(disk, paths.map((path) => [`${folder}/${path}`, bytesOf(`new ${path}`)])),
    );
    const labels = recording.steps.map(({ label }) => label);
    assert.equal(labels.filter((label) => label.startsWith("syncDir")).length, 2);
    const firstName = labels.findIndex((label) => label.startsWith("rename"));
    assert.ok(labels.slice(firstName).every((label) => !label.startsWith("sync .")), "named last");
    for (const state of replays(recording)) {
      await inState(state, (copy) => {
        for (const [at, path] of paths.entries()) {
          const bytes = new Disk().read(`${copy}/${path}`, 100);
          const found = bytes === null ? null : new TextDecoder().decode(bytes);
          const allowed = state.acknowledged ? [`new ${path}`] : [old[at], `new ${path}`];
          assert.ok(allowed.includes(found), `${path}: ${found} after ${state.label}`);
        }
      });
    }
  });
});

Deno.test("writeAllAtomic() keeps no stage when an effect fails", async () => {
  for (let nth = 1; nth <= 10; nth++) {
    await inTempFolder((folder) => {
      const disk = new FailingDisk(nth, FAULTS["the disk fails"]!);
      const files = ["a", "b"].map((name) => [`${folder}/${name}`, bytesOf(name)] as const);
      try {
        writeAllAtomic(disk, files);
      } catch (error) {
        assert.ok(error instanceof KairosError && error.code === "io", String(error));
      }
      const names = new Disk().list(folder).map(({ name }) => name);
      assert.deepEqual(names.filter((name) => name.startsWith(".")), [], `effect ${nth}`);
    });
  }
});

Deno.test({
  name: "writeAtomic() gives the file the mode it is told",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempFolder((folder) => {
      const disk = new Disk();
      writeAtomic(disk, `${folder}/f`, bytesOf("secret"), { permissions: 0o600 });
      assert.equal(disk.stat(`${folder}/f`)!.mode, 0o600);
    }),
});

Deno.test("writeDurable() refuses a file that is there", async () => {
  await inTempFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/f`, "mine");
    assert.throws(
      () => writeDurable(new Disk(), `${folder}/f`, bytesOf("new")),
      (thrown) => thrown instanceof KairosError && thrown.code === "exists",
    );
    assert.equal(Deno.readTextFileSync(`${folder}/f`), "mine");
  });
});
