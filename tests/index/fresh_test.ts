import assert from "node:assert/strict";
import fc from "fast-check";
import { DatabaseSync } from "node:sqlite";
import type { SearchRequest } from "../../core/index/search_index.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { count } from "../counts.ts";
import { NOON, withFolder, withInstance } from "../support/instance.ts";
import { edit, found, makeStorage, searchFresh } from "./folders.ts";

const INDEX = "storage/index.db";

const QUERIES: readonly SearchRequest[] = [
  { query: "alpha" },
  { query: "beta gamma" },
  { query: "検索" },
  { query: "e", archived: true },
  { query: "tag", tag: "t1", limit: 3 },
];

/** An index that was kept gives the answers of one that was just made. */
async function assertFresh(instance: Instance, message: string): Promise<void> {
  for (const request of QUERIES) {
    const kept = await instance.search(request);
    assert.deepEqual(kept, await searchFresh(instance, request), message);
  }
}

const PLACES = [
  "knowledge/a",
  "knowledge/b",
  "knowledge/.archived/a",
  "context/s/a",
  "context/t/c",
];
const TEXTS = ["alpha beta", "beta alphx", "gamma 検索 tag", "検索 beta gamma", "alpha alpha tag!"];

/** What somebody does to the files while nobody looks. */
type Outside = (root: string) => Promise<void>;

/** Writes a file beside a document, or removes it. */
async function writeBeside(path: string, text: string | null): Promise<void> {
  if (text === null) return await Deno.remove(path);
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text);
}

const ignoreMissing = (error: unknown) => {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
};

const edits = fc.oneof(
  fc.tuple(fc.constantFrom(...PLACES), fc.constantFrom(...TEXTS), fc.nat(2)).map(
    ([path, body, tag]): Outside => (root) => edit(root, path, { tags: `t${tag}`, body }),
  ),
  fc.tuple(
    fc.constantFrom(...PLACES),
    fc.constantFrom("references/more.md", "scripts/deep/run.sh", "assets/not.md"),
    fc.option(fc.constantFrom(...TEXTS)),
  ).map(
    ([path, file, text]): Outside => (root) =>
      writeBeside(`${root}/${path}/${file}`, text).catch(ignoreMissing),
  ),
  fc.constantFrom(...PLACES).map(
    (path): Outside => (root) =>
      Deno.remove(`${root}/${path}`, { recursive: true }).catch(ignoreMissing),
  ),
  fc.tuple(fc.constantFrom(...PLACES), fc.constantFrom(...PLACES)).map(
    ([from, to]): Outside => async (root) => {
      await Deno.remove(`${root}/${to}`, { recursive: true }).catch(ignoreMissing);
      await Deno.mkdir(`${root}/${to}/..`, { recursive: true });
      await Deno.rename(`${root}/${from}`, `${root}/${to}`).catch(ignoreMissing);
    },
  ),
  fc.constantFrom(...PLACES).map((path): Outside => async (root) => {
    await Deno.mkdir(`${root}/${path}/${path.at(-1)}.md`, { recursive: true }).catch(() => {});
  }),
);

const damage = fc.oneof(
  fc.constant<Outside>((root) => Deno.remove(`${root}/${INDEX}`).catch(ignoreMissing)),
  fc.nat(60_000).map((size): Outside => (root) =>
    Deno.truncate(`${root}/${INDEX}`, size).catch(ignoreMissing)
  ),
  fc.constant<Outside>((root) => Deno.writeTextFile(`${root}/${INDEX}`, "no database ".repeat(99))),
  fc.constant<Outside>((root) => {
    using database = opened(`${root}/${INDEX}`);
    database.exec("CREATE TABLE IF NOT EXISTS foreign_table (x); PRAGMA user_version = 99");
    return Promise.resolve();
  }),
);

function opened(path: string): DatabaseSync & Disposable {
  const database = new DatabaseSync(path);
  return Object.assign(database, { [Symbol.dispose]: () => database.close() });
}

Deno.test("search() gives fresh answers after any edit from outside", async () => {
  const steps = fc.array(fc.array(edits, { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 6,
  });
  const property = fc.asyncProperty(steps, (rounds) =>
    withInstance(async (instance, root) => {
      await makeStorage(root);
      for (const round of rounds) {
        for (const change of round) await change(root);
        await assertFresh(instance, "after outside edits");
      }
    }));
  await fc.assert(property, { numRuns: Math.ceil(count("fuzzRuns") / 20) });
});

Deno.test("search() gives fresh answers whatever happened to the index", async () => {
  const steps = fc.array(fc.tuple(edits, fc.option(damage)), { minLength: 1, maxLength: 6 });
  const property = fc.asyncProperty(steps, (rounds) =>
    withInstance(async (instance, root) => {
      await makeStorage(root);
      for (const path of PLACES) await edit(root, path, "alpha beta gamma");
      for (const [change, harm] of rounds) {
        await assertFresh(instance, "before the damage");
        await change(root);
        await harm?.(root);
        await assertFresh(instance, "after the damage");
        assert.equal(await hasIndex(root), true);
      }
    }));
  await fc.assert(property, { numRuns: Math.ceil(count("fuzzRuns") / 20) });
});

/** Whether a sound index is in its place. */
async function hasIndex(root: string): Promise<boolean> {
  const { size, mode } = await Deno.stat(`${root}/${INDEX}`);
  if (Deno.build.os !== "windows") assert.equal((mode ?? 0) & 0o777, 0o600);
  using database = opened(`${root}/${INDEX}`);
  return size > 0 && database.prepare("PRAGMA user_version").get()?.["user_version"] === 2;
}

Deno.test("search() keeps its index and leaves nothing beside it", async () => {
  await withInstance(async (instance, root) => {
    await makeStorage(root);
    await edit(root, "knowledge/a", "alpha");
    assert.deepEqual(found(await instance.search({ query: "alpha" })), ["knowledge://a"]);
    await Array.fromAsync(instance.records.blocks({ type: "knowledge_update" }));
    assert.deepEqual([...Deno.readDirSync(`${root}/storage`)].map(({ name }) => name), [
      "index.db",
    ]);
    assert.equal(await hasIndex(root), true);
  });
});

Deno.test("search() does not take the index of another instance for its own", async () => {
  await withFolder(async (folder) => {
    const open = async (name: string, body: string) => {
      const root = `${folder}/${name}`;
      await makeStorage(root);
      await edit(root, "knowledge/a", body);
      return await openInstance(root, { mode: "write", clock: () => NOON });
    };
    const one = await open("one", "alpha");
    const two = await open("two", "gamma");
    await one.search({ query: "alpha" });
    await Deno.copyFile(`${folder}/one/${INDEX}`, `${folder}/two/${INDEX}`);
    assert.deepEqual(found(await two.search({ query: "alpha" })), []);
    assert.deepEqual(found(await two.search({ query: "gamma" })), ["knowledge://a"]);
    using database = opened(`${folder}/two/${INDEX}`);
    const { instance } = database.prepare("SELECT instance FROM meta").get()!;
    assert.ok(String(instance).startsWith(`${folder}/two\n`));
  });
});

Deno.test("search() notices an edit that leaves size and time as they were", async (t) => {
  const path = "knowledge/a";
  const swap = async (root: string, body: string, time: Date) => {
    await edit(root, path, body);
    await Deno.utime(`${root}/${path}/a.md`, time, time);
  };
  await t.step("soon after the last one", async () => {
    await withInstance(async (instance, root) => {
      await makeStorage(root);
      const now = new Date();
      await swap(root, "alpha", now);
      assert.deepEqual(found(await instance.search({ query: "alpha" })), ["knowledge://a"]);
      await swap(root, "gamma", now);
      assert.deepEqual(found(await instance.search({ query: "gamma" })), ["knowledge://a"]);
    });
  });
  await t.step("before a hit is named, however long ago the last one was", async () => {
    await withInstance(async (instance, root) => {
      await makeStorage(root);
      const before = new Date(Date.now() - 3_600_000);
      await swap(root, "alpha", before);
      assert.deepEqual(found(await instance.search({ query: "alpha" })), ["knowledge://a"]);
      await swap(root, "gamma", before);
      assert.deepEqual(found(await instance.search({ query: "alpha" })), []);
      assert.deepEqual(found(await instance.search({ query: "gamma" })), ["knowledge://a"]);
    });
  });
});

Deno.test("search() reads no document again that did not change", async () => {
  await withInstance(async (instance, root) => {
    await makeStorage(root);
    const before = new Date(Date.now() - 3_600_000);
    for (const name of ["a", "b"]) {
      await edit(root, `knowledge/${name}`, "alpha");
      await Deno.utime(`${root}/knowledge/${name}/${name}.md`, before, before);
    }
    await instance.search({ query: "alpha" });
    // What the index holds of it shows that it was not read.
    using database = opened(`${root}/${INDEX}`);
    database.exec("UPDATE docs SET settled = 1, version = 'x' WHERE name = 'b'");
    assert.deepEqual(found(await instance.search({ query: "nothing" })), []);
    const version = () =>
      database.prepare("SELECT version FROM docs WHERE name = 'b'").get()?.["version"];
    assert.equal(version(), "x");
    await instance.search({ query: "alpha" });
    assert.notEqual(version(), "x");
  });
});

Deno.test("search() never fails because of its index", async (t) => {
  const cases: Record<string, (path: string) => Promise<unknown>> = {
    "a folder in its place": (path) => Deno.mkdir(path),
    "a link in its place": async (path) => {
      await Deno.writeTextFile(`${path}.target`, "");
      await Deno.symlink(`${path}.target`, path);
    },
    "no storage folder": (path) => Deno.remove(path.slice(0, path.lastIndexOf("/"))),
  };
  for (const [name, prepare] of Object.entries(cases)) {
    await t.step(name, async () => {
      await withInstance(async (instance, root) => {
        await makeStorage(root);
        await edit(root, "knowledge/a", "alpha");
        await prepare(`${root}/${INDEX}`);
        for (const _again of [1, 2]) {
          assert.deepEqual(found(await instance.search({ query: "alpha" })), ["knowledge://a"]);
        }
        await edit(root, "knowledge/b", "alpha");
        assert.equal((await instance.search({ query: "alpha" })).total, 2);
        const target = await Deno.stat(`${root}/${INDEX}.target`).catch(() => ({ size: 0 }));
        assert.equal(target.size, 0);
      });
    });
  }
  await t.step("another process holds it", async () => {
    await withInstance(async (instance, root) => {
      await makeStorage(root);
      await edit(root, "knowledge/a", "alpha");
      await instance.search({ query: "alpha" });
      using database = opened(`${root}/${INDEX}`);
      database.exec("BEGIN EXCLUSIVE");
      await edit(root, "knowledge/b", "alpha");
      assert.equal((await instance.search({ query: "alpha" })).total, 2);
      database.exec("ROLLBACK");
      assert.equal((await instance.search({ query: "alpha" })).total, 2);
    });
  });
  await t.step("many at once", async () => {
    await withInstance(async (instance, root) => {
      await makeStorage(root);
      for (let at = 0; at < 150; at++) await edit(root, `knowledge/n${at}`, "alpha");
      const other = await openInstance(root, { mode: "write" });
      const searches = Array.from({ length: 8 }, (_, at) => (at % 2 === 0 ? instance : other))
        .map((one) => one.search({ query: "alpha" }));
      for (const { total } of await Promise.all(searches)) assert.equal(total, 150);
    });
  });
});

Deno.test("search() of an instance opened for reading notices what the writer's index does not", async () => {
  await withFolder(async (root) => {
    await makeStorage(root);
    const before = new Date(Date.now() - 3_600_000);
    const swap = async (body: string) => {
      await edit(root, "knowledge/a", body);
      await Deno.utime(`${root}/knowledge/a/a.md`, before, before);
    };
    await swap("alpha");
    const writer = await openInstance(root, { mode: "write" });
    await writer.search({ query: "alpha" });
    const kept = await Deno.readFile(`${root}/${INDEX}`);
    await swap("gamma");
    const reader = await openInstance(root, { mode: "read" });
    assert.deepEqual(found(await reader.search({ query: "alpha" })), []);
    assert.deepEqual(await Deno.readFile(`${root}/${INDEX}`), kept);
  });
});

Deno.test("search() of an instance opened for reading changes no byte", async () => {
  await withFolder(async (root) => {
    await makeStorage(root);
    await edit(root, "knowledge/a", "alpha");
    const reader = await openInstance(root, { mode: "read" });
    assert.deepEqual(found(await reader.search({ query: "alpha" })), ["knowledge://a"]);
    assert.deepEqual([...Deno.readDirSync(`${root}/storage`)], []);
    const writer = await openInstance(root, { mode: "write" });
    await writer.search({ query: "alpha" });
    const kept = await Deno.readFile(`${root}/${INDEX}`);
    for (const body of ["alpha", "alpha again"]) {
      await edit(root, "knowledge/a", body);
      assert.deepEqual(found(await reader.search({ query: "alpha" })), ["knowledge://a"]);
      await edit(root, "knowledge/b", body);
      assert.equal((await reader.search({ query: "alpha" })).total, 2);
      await Deno.remove(`${root}/knowledge/b`, { recursive: true });
      assert.equal((await reader.search({ query: "alpha" })).total, 1);
    }
    assert.deepEqual(await Deno.readFile(`${root}/${INDEX}`), kept);
  });
});
