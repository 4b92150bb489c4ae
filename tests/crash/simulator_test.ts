import assert from "node:assert/strict";
import { type Disk, writeAtomic, writeDurable } from "../../core/disk/mod.ts";
import { inState, recordEffects, type Replay, replays } from "./simulator.ts";
import { Tree } from "./tree.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** Prepares a folder, records an operation in it, returns every state a crash may leave. */
async function statesOf(
  prepare: (folder: string) => void,
  operate: (disk: Disk, folder: string) => void,
): Promise<Replay[]> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    prepare(folder);
    return [...replays(await recordEffects(folder, (disk) => operate(disk, folder)))];
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** What a path holds in each state: text, `null` when it is missing. */
async function contents(states: Iterable<Replay>, path: string): Promise<Set<string | null>> {
  const found = new Set<string | null>();
  for (const state of states) {
    found.add(
      await inState(state, (folder) => {
        try {
          return Deno.readTextFileSync(`${folder}/${path}`);
        } catch {
          return null;
        }
      }),
    );
  }
  return found;
}

const withFile = (folder: string) => Deno.writeTextFileSync(`${folder}/a`, "old");

Deno.test("replays() shows a staged, synced and renamed file as old or new, and new once acknowledged", async () => {
  const states = await statesOf(
    withFile,
    (disk, folder) => writeAtomic(disk, `${folder}/a`, bytes("new text")),
  );
  assert.deepEqual(await contents(states, "a"), new Set(["old", "new text"]));
  const done = states.filter(({ acknowledged }) => acknowledged);
  assert.deepEqual(await contents(done, "a"), new Set(["new text"]));
});

Deno.test("replays() finds a rename before the sync", async () => {
  const states = await statesOf(withFile, (disk, folder) => {
    {
      using file = disk.open(`${folder}/stage`, "createNew");
      file.writeAt(0, bytes("new text"));
    }
    disk.rename(`${folder}/stage`, `${folder}/a`);
    disk.syncFolder(folder);
  });
  const found = await contents(states, "a");
  for (const planted of ["", "\0".repeat(8), "new ", "\0\0\0\0text"]) {
    assert.ok(found.has(planted), `${JSON.stringify(planted)} was not found`);
  }
});

Deno.test("replays() finds an append without a sync", async () => {
  const states = await statesOf(withFile, (disk, folder) => {
    using file = disk.open(`${folder}/a`, "write");
    file.writeAt(3, bytes(", new"));
  });
  const done = await contents(states.filter(({ acknowledged }) => acknowledged), "a");
  assert.deepEqual(done, new Set(["old, new", "old", "old, ", "old\0\0new", "old\0\0\0\0\0"]));
});

Deno.test("replays() finds a folder sync that is missing", async () => {
  const states = await statesOf(
    () => {},
    (disk, folder) => writeDurable(disk, `${folder}/a`, bytes("new")),
  );
  const done = await contents(states.filter(({ acknowledged }) => acknowledged), "a");
  assert.deepEqual(done, new Set(["new", null]));
});

Deno.test("replays() needs both folders synced for a rename between them", async () => {
  for (const synced of [["from"], ["to"], ["from", "to"]]) {
    const states = await statesOf(
      (folder) => {
        Deno.mkdirSync(`${folder}/from`);
        Deno.mkdirSync(`${folder}/to`);
        Deno.writeTextFileSync(`${folder}/from/a`, "moved");
      },
      (disk, folder) => {
        disk.rename(`${folder}/from/a`, `${folder}/to/a`);
        for (const name of synced) disk.syncFolder(`${folder}/${name}`);
      },
    );
    const done = states.filter(({ acknowledged }) => acknowledged);
    const expected = synced.length === 2 ? ["moved"] : ["moved", null];
    assert.deepEqual(await contents(done, "to/a"), new Set(expected));
    for (const state of states) {
      const places = await Promise.all(["from/a", "to/a"].map((path) => contents([state], path)));
      assert.equal(places.filter((place) => place.has("moved")).length, 1, state.label);
    }
  }
});

Deno.test("replays() keeps the order of writes open and cuts each of them", async () => {
  const states = await statesOf(withFile, (disk, folder) => {
    using file = disk.open(`${folder}/a`, "write");
    file.writeAt(3, bytes("1122"));
    file.writeAt(0, bytes("OLD"));
    file.sync();
  });
  const found = await contents(states, "a");
  for (const text of ["old", "old1122", "OLD1122", "OLD", "Old1122", "OLD11", "OLD\0\0" + "22"]) {
    assert.ok(found.has(text), `${text} was not found`);
  }
  const done = await contents(states.filter(({ acknowledged }) => acknowledged), "a");
  assert.deepEqual(done, new Set(["OLD1122"]));
});

Deno.test("recordEffects() follows folders that are links and folders that are renamed", async () => {
  const states = await statesOf(
    (folder) => {
      Deno.mkdirSync(`${folder}/real/inner`, { recursive: true });
      Deno.mkdirSync(`${folder}/data`);
      Deno.symlinkSync("../real", `${folder}/data/relative`);
      Deno.symlinkSync(`${folder}/real`, `${folder}/data/absolute`);
    },
    (disk, folder) => {
      writeAtomic(disk, `${folder}/data/relative/inner/a`, bytes("1"));
      writeAtomic(disk, `${folder}/data/absolute/inner/b`, bytes("2"));
      disk.rename(`${folder}/data/relative/inner`, `${folder}/data/absolute/outer`);
      disk.syncFolder(`${folder}/real`);
      writeAtomic(disk, `${folder}/data/absolute/outer/c`, bytes("3"));
    },
  );
  const done = states.filter(({ acknowledged }) => acknowledged);
  for (const [name, text] of [["a", "1"], ["b", "2"], ["c", "3"]]) {
    assert.deepEqual(await contents(done, `data/absolute/outer/${name}`), new Set([text]));
    assert.deepEqual(await contents(done, `real/outer/${name}`), new Set([text]));
  }
  assert.deepEqual(
    await contents(states, "data/relative/inner/a"),
    new Set([null, "1"]),
  );
});

Deno.test("recordEffects() refuses what happens outside its folder", async () => {
  const outside = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    await assert.rejects(statesOf(() => {}, (disk) => {
      disk.makeFolder(`${outside}/x`);
    }));
  } finally {
    Deno.removeSync(outside, { recursive: true });
  }
});

Deno.test("inState() writes a tree back as it was read", async () => {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    Deno.mkdirSync(`${folder}/in/ner`, { recursive: true });
    Deno.writeFileSync(`${folder}/in/file`, Uint8Array.of(0, 255), { mode: 0o600 });
    Deno.symlinkSync("in/file", `${folder}/link`);
    const tree = Tree.snapshot(folder);
    await inState({ tree }, (copy) => {
      assert.equal(Tree.snapshot(copy).fingerprint(), tree.fingerprint());
      if (Deno.build.os !== "windows") {
        assert.equal(Deno.statSync(`${copy}/in/file`).mode! & 0o777, 0o600);
      }
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
