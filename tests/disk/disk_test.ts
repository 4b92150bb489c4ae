import assert from "node:assert/strict";
import { baseName, Disk, type Effect, type Fault, parentOf } from "../../core/disk/mod.ts";
import { KairosError } from "../../core/errors.ts";
import { bytesOf } from "../chain/samples.ts";
import { inTempFolder } from "./temp_folder.ts";

const unix = Deno.build.os !== "windows";

/** A disk that lists its effects and refuses what `refuse` says. */
function listening(refuse: (effect: Effect) => Fault | undefined = () => undefined) {
  const effects: string[] = [];
  const disk = new Disk({
    onEffect: (effect) => {
      effects.push(`${effect.kind} ${baseName(effect.path)}`);
      return refuse(effect);
    },
  });
  return { disk, effects };
}

const hasCode = (code: string) => (error: unknown) =>
  error instanceof KairosError && error.code === code;

Deno.test("Disk announces every change before it is made, and nothing else", async () => {
  await inTempFolder((folder) => {
    const { disk, effects } = listening();
    disk.makeFolder(`${folder}/a/b`);
    {
      using file = disk.open(`${folder}/a/f`, "create");
      file.writeAt(0, bytesOf("123456"));
      file.truncate(3);
      file.sync();
      assert.equal(new TextDecoder().decode(file.readAt(1, 100)), "23");
      file.scribble("x");
    }
    disk.open(`${folder}/a/f`, "create").close();
    disk.open(`${folder}/a/f`, "write").close();
    disk.rename(`${folder}/a/f`, `${folder}/a/b/g`);
    disk.syncFolder(`${folder}/a`);
    disk.list(`${folder}/a`);
    disk.read(`${folder}/a/b/g`, 100);
    disk.remove(`${folder}/a`);
    disk.remove(`${folder}/a`);
    assert.deepEqual(effects, [
      "mkdir a",
      "mkdir b",
      `syncDir ${baseName(folder)}`,
      "syncDir a",
      "create f",
      "write f",
      "truncate f",
      "sync f",
      "rename f",
      "syncDir a",
      "remove g",
      "remove b",
      "remove a",
    ]);
  });
});

Deno.test("Disk.makeFolders() makes what is missing and syncs each folder above once", async () => {
  await inTempFolder((folder) => {
    const { disk, effects } = listening();
    const paths = ["a/x", "a/y", "a/y/z", "b"].map((path) => `${folder}/${path}`);
    assert.equal(disk.makeFolders(paths), true);
    assert.deepEqual(effects, [
      ...["mkdir a", "mkdir x", "mkdir y", "mkdir z", "mkdir b"],
      ...[`syncDir ${baseName(folder)}`, "syncDir a", "syncDir y"],
    ]);
    assert.equal(disk.makeFolders(paths), false);
    assert.equal(effects.length, 8);
  });
});

Deno.test("Disk does nothing that was refused, and reports it without paths", async (t) => {
  const changes: Record<string, (disk: Disk, folder: string) => void> = {
    "mkdir": (disk, folder) => void disk.makeFolder(`${folder}/new`),
    "create": (disk, folder) => disk.open(`${folder}/new`, "createNew").close(),
    "rename": (disk, folder) => disk.rename(`${folder}/old`, `${folder}/new`),
    "remove": (disk, folder) => disk.remove(`${folder}/old`),
    "truncate": (disk, folder) => disk.open(`${folder}/old`, "write").truncate(0),
    "write": (disk, folder) => disk.open(`${folder}/old`, "write").writeAt(0, bytesOf("new")),
  };
  for (const [kind, change] of Object.entries(changes)) {
    await t.step({
      name: kind,
      sanitizeResources: false,
      fn: () =>
        inTempFolder((folder) => {
          Deno.writeTextFileSync(`${folder}/old`, "old");
          const error = Object.assign(new Error(`${folder}/secret`), { code: "EIO" });
          const { disk } = listening((effect) => effect.kind === kind ? { error } : undefined);
          assert.throws(() => change(disk, folder), (thrown) => {
            assert.ok(thrown instanceof KairosError && thrown.code === "io");
            assert.ok(!thrown.message.includes(folder));
            return true;
          });
          assert.deepEqual(disk.list(folder), [{ name: "old", kind: "file" }]);
          assert.equal(Deno.readTextFileSync(`${folder}/old`), "old");
        }),
    });
  }
});

Deno.test("DiskFile.writeAt() writes the part a fault lets through", async () => {
  await inTempFolder((folder) => {
    const error = Object.assign(new Error("full"), { code: "ENOSPC" });
    const { disk } = listening(({ kind }) => kind === "write" ? { error, written: 2 } : undefined);
    using file = disk.open(`${folder}/f`, "create");
    assert.throws(() => file.writeAt(0, bytesOf("1234")), /no space left on the disk/);
    assert.equal(file.facts().size, 2);
  });
});

Deno.test("Disk.read() gives content, absence or a reason", async () => {
  await inTempFolder((folder) => {
    const disk = new Disk();
    Deno.writeTextFileSync(`${folder}/f`, "12345");
    assert.deepEqual(disk.read(`${folder}/f`, 5), bytesOf("12345"));
    assert.equal(disk.read(`${folder}/missing`, 5), null);
    assert.equal(disk.read(`${folder}/f/below`, 5), null);
    assert.throws(() => disk.read(`${folder}/f`, 4), hasCode("too_large"));
    assert.throws(() => disk.read(folder, 5), hasCode("invalid"));
    if (!unix) return;
    Deno.symlinkSync("/dev/zero", `${folder}/zero`);
    assert.throws(() => disk.read(`${folder}/zero`, 5), hasCode("invalid"));
  });
});

Deno.test("Disk.open() makes what is missing only when told to", async () => {
  await inTempFolder((folder) => {
    const disk = new Disk();
    for (const mode of ["read", "write"] as const) {
      assert.throws(() => disk.open(`${folder}/f`, mode), hasCode("not_found"));
    }
    disk.open(`${folder}/f`, "createNew", 0o600).close();
    if (unix) assert.equal(disk.stat(`${folder}/f`)!.mode, 0o600);
    assert.throws(() => disk.open(`${folder}/f`, "createNew"), hasCode("exists"));
    disk.open(`${folder}/f`, "create").close();
  });
});

Deno.test("Disk removes a link and never what it points to", async () => {
  await inTempFolder((folder) => {
    const disk = new Disk();
    disk.makeFolder(`${folder}/real/sub`);
    Deno.writeTextFileSync(`${folder}/real/f`, "kept");
    disk.makeFolder(`${folder}/tree`);
    Deno.symlinkSync(`${folder}/real`, `${folder}/tree/link`);
    Deno.symlinkSync("nowhere", `${folder}/tree/dangling`);
    assert.equal(disk.linkTarget(`${folder}/tree/dangling`), "nowhere");
    assert.equal(disk.linkTarget(`${folder}/real`), null);
    assert.equal(disk.linkTarget(`${folder}/missing`), null);
    assert.equal(disk.stat(`${folder}/tree/link`)?.kind, "folder");
    assert.equal(disk.statLink(`${folder}/tree/link`)?.kind, "link");
    assert.equal(disk.stat(`${folder}/tree/dangling`), null);
    Deno.symlinkSync("loop", `${folder}/tree/loop`);
    assert.equal(disk.stat(`${folder}/tree/loop`), null);
    disk.remove(`${folder}/tree`);
    assert.equal(disk.statLink(`${folder}/tree`), null);
    assert.equal(Deno.readTextFileSync(`${folder}/real/f`), "kept");
  });
});

Deno.test("Disk.list() sorts by code units and takes a missing folder for an empty one", async () => {
  await inTempFolder((folder) => {
    const disk = new Disk();
    for (const name of ["b", "a", "B", "é", "10", "9"]) {
      Deno.writeTextFileSync(`${folder}/${name}`, "");
    }
    const names = disk.list(folder).map(({ name }) => name);
    assert.deepEqual(names, ["10", "9", "B", "a", "b", "é"]);
    assert.deepEqual(disk.list(`${folder}/missing`), []);
  });
});

Deno.test("parentOf() and baseName() split a path at its last segment", () => {
  const cases = [["/a/b", "/a", "b"], ["/a", "/", "a"], ["a", ".", "a"], ["a/b/c", "a/b", "c"]];
  for (const [path, parent, name] of cases) {
    assert.deepEqual([parentOf(path!), baseName(path!)], [parent, name]);
  }
});
