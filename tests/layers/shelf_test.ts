import assert from "node:assert/strict";
import fc from "fast-check";
import { Disk } from "../../core/disk/mod.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { fileMemo } from "../../core/layers/file_memo.ts";
import { contextNames, knowledgeNames, sessionNames } from "../../core/layers/resource_names.ts";
import { listResources } from "../../core/layers/list_resources.ts";
import { readLibrary } from "../../core/layers/library.ts";
import { Shelf } from "../../core/layers/shelf.ts";
import { View } from "../../core/layers/view.ts";
import { resourcePage } from "../../server/mcp/resource_list.ts";
import { count } from "../counts.ts";
import { SettledDisk } from "../disk/settled_disk.ts";
import { withFolder } from "../support/instance.ts";
import { until } from "../support/until.ts";
import { linking, moving, type Outside, removing, writing } from "../support/outside.ts";

const open = (root: string) => openInstance(root, { mode: "write", disk: new SettledDisk() });

/** Everything readers are told of the entries. */
function told(instance: Instance): unknown {
  const { knowledge, context } = instance;
  return {
    knowledge: knowledge.list(),
    archived: knowledge.list({ archived: true }),
    entries: knowledge.list().map(({ name }) => tried(() => knowledge.get(name))),
    sessions: context.sessions().map(({ id, contexts }) => ({ id, contexts })),
    contexts: context.sessions().map(({ id }) => context.list(id)),
    names: [knowledgeNames(instance), sessionNames(instance), contextNames(instance)],
    resources: [...listResources(instance)],
    page: resourcePage(instance),
  };
}

function tried(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

const FOLDERS = [
  "knowledge/a",
  "knowledge/b",
  "knowledge/.archived/a",
  "context/s/a",
  "context/t/b",
];
const INSIDE = ["a.md", "b.md", "scripts/run.sh", "scripts/deep/er.sh", "assets/a.md", "tls.pem"];
/** All of one length, so that no size ever tells. */
const BODIES = ["one", "two", "---", "\xff\xfe"].map((text) => text.padEnd(4))
  .map((text) => `---\ndescription: ${text}\ntags: [${text}]\n---\n${text}`);

const folder = fc.constantFrom(...FOLDERS);
const file = fc.tuple(folder, fc.constantFrom(...INSIDE)).map((parts) => parts.join("/"));

const edits: fc.Arbitrary<Outside> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(file, fc.constantFrom(...BODIES)).map(writing) },
  { weight: 1, arbitrary: fc.oneof(file, folder).map(removing) },
  { weight: 1, arbitrary: fc.tuple(folder, folder).map(moving) },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.oneof(file, folder, fc.constantFrom("context/s", "knowledge/a/scripts")),
      fc.constantFrom("outside", "knowledge/b", "outside/a.md", "nowhere"),
    ).map(linking),
  },
);

Deno.test("Shelf never shows an entry as it was before an edit from outside", async () => {
  const rounds = fc.array(fc.array(edits, { minLength: 1, maxLength: 3 }), {
    minLength: 2,
    maxLength: 8,
  });
  const property = fc.asyncProperty(rounds, (all) =>
    withFolder(async (root) => {
      Deno.mkdirSync(`${root}/outside`);
      Deno.writeTextFileSync(`${root}/outside/a.md`, "SECRET");
      for (const path of FOLDERS) writing([`${path}/${path.at(-1)}.md`, BODIES[0]!])(root);
      const instance = await open(root);
      for (const edits of all) {
        assert.deepEqual(told(instance), told(await open(root)));
        for (const edit of edits) edit(root);
        assert.deepEqual(told(instance), told(await open(root)));
      }
    }));
  await fc.assert(property, { numRuns: Math.ceil(count("fuzzRuns") / 10) });
});

Deno.test("Shelf notices that a path has come to lead outside, be it to the very same files", async (t) => {
  const movedOut = (path: string): Outside => (root) => {
    Deno.renameSync(`${root}/${path}`, `${root}/outside/moved`);
    Deno.symlinkSync(`${root}/outside/moved`, `${root}/${path}`);
  };
  const cases: Record<string, { readonly before?: Outside; readonly after: Outside }> = {
    "an entry": { after: movedOut("knowledge/a") },
    "a sub-folder": { after: movedOut("knowledge/a/scripts") },
    "a document": { after: movedOut("knowledge/a/a.md") },
    "a session": { after: movedOut("context/s") },
    "a link on the way of a session": {
      before: (root) => {
        Deno.symlinkSync(`${root}/context`, `${root}/hop`);
        Deno.symlinkSync(`${root}/hop/t`, `${root}/context/q`);
      },
      after: (root) => {
        Deno.renameSync(`${root}/context/t`, `${root}/outside/t`);
        Deno.removeSync(`${root}/hop`);
        Deno.symlinkSync(`${root}/outside`, `${root}/hop`);
      },
    },
    "a link on the way of a sub-folder": {
      before: (root) => {
        writing(["knowledge/b/deep/run.sh", BODIES[0]!])(root);
        Deno.symlinkSync(`${root}/knowledge/b`, `${root}/hop`);
        Deno.symlinkSync(`${root}/hop/deep`, `${root}/knowledge/a/assets`);
      },
      after: (root) => {
        Deno.renameSync(`${root}/knowledge/b/deep`, `${root}/outside/deep`);
        Deno.removeSync(`${root}/hop`);
        Deno.symlinkSync(`${root}/outside`, `${root}/hop`);
      },
    },
  };
  for (const [name, { before, after }] of Object.entries(cases)) {
    await t.step(name, () =>
      withFolder(async (root) => {
        Deno.mkdirSync(`${root}/outside`);
        for (const path of FOLDERS) writing([`${path}/${path.at(-1)}.md`, BODIES[0]!])(root);
        writing(["knowledge/a/scripts/run.sh", BODIES[0]!])(root);
        before?.(root);
        const instance = await open(root);
        const first = told(instance);
        assert.deepEqual(told(instance), first);
        after(root);
        assert.deepEqual(told(instance), told(await open(root)));
        assert.notDeepEqual(told(instance), first);
      }));
  }
});

Deno.test("Shelf reads no entry again that did not change", async () => {
  await withFolder(async (root) => {
    let reads = 0;
    class CountingDisk extends SettledDisk {
      override read(path: string, maxBytes: number): Uint8Array | null {
        if (path.endsWith(".md")) reads++;
        return super.read(path, maxBytes);
      }
    }
    for (const path of FOLDERS) writing([`${path}/${path.at(-1)}.md`, BODIES[0]!])(root);
    const instance = await openInstance(root, { mode: "write", disk: new CountingDisk() });
    told(instance);
    assert.ok(reads > 0);
    reads = 0;
    told(instance);
    assert.equal(reads, 0);
    writing(["knowledge/a/a.md", BODIES[1]!])(root);
    assert.equal(instance.knowledge.list()[0]?.description, "two");
    assert.equal(reads, 1);
  });
});

Deno.test("Shelf looks at the files beside a document when a change is told, and at the document always", async () => {
  await withFolder((root) => {
    writing(["knowledge/a/a.md", BODIES[0]!])(root);
    writing(["knowledge/a/assets/one.md", ""])(root);
    let still: number | null = 1;
    let looks: string[] = [];
    const disk = new class extends SettledDisk {
      override statLink(path: string) {
        looks.push(path);
        return super.statLink(path);
      }
      override stat(path: string) {
        looks.push(path);
        return super.stat(path);
      }
    }();
    const shelf = new Shelf({ maxBytes: 10_000 }, () => still);
    const read = () => {
      looks = [];
      return shelf.entry(new View(disk, root), "knowledge", "knowledge/a", "a");
    };
    const paths = () => read().files.map(({ path }) => path);
    read();
    assert.deepEqual(paths(), ["assets/one.md"]);
    assert.deepEqual(looks, [`${root}/knowledge/a/a.md`]);

    writing(["knowledge/a/assets/two.md", ""])(root);
    assert.deepEqual(paths(), ["assets/one.md"]);
    still = 2;
    assert.deepEqual(paths(), ["assets/one.md", "assets/two.md"]);
    writing(["knowledge/a/scripts/run.sh", ""])(root);
    still = null;
    assert.equal(paths().length, 3);
    assert.ok(looks.length > 3, "nobody tells of changes");

    still = 3;
    read();
    writing(["knowledge/a/a.md", BODIES[1]!])(root);
    assert.equal(read().description, "two");
    Deno.mkdirSync(`${root}/outside`);
    Deno.writeTextFileSync(`${root}/outside/a.md`, "SECRET");
    read();
    linking(["knowledge/a", "outside"])(root);
    const { text, problem } = read();
    assert.equal(text, "");
    assert.match(problem!.message, /leads outside/);
  });
});

Deno.test("Shelf hears of files beside a document from who follows the files", async () => {
  await withFolder(async (root) => {
    writing(["knowledge/a/a.md", BODIES[0]!])(root);
    const instance = await open(root);
    const following = await instance.follow({ onChanges: () => {} });
    try {
      await following.ready;
      await until(() => instance.touched.stillness() !== null, "nothing changes for a while");
      const has = () => readLibrary(instance, "a").has.scripts;
      assert.deepEqual([has(), has()], [false, false]);
      writing(["knowledge/a/scripts/run.sh", ""])(root);
      await until(has, "the file is found", 2000);
    } finally {
      await following.stop();
    }
  });
});

Deno.test("fileMemo() keeps nothing that may change without being seen to", async () => {
  await withFolder((root) => {
    const memo = fileMemo<string>({ most: 1e6, weigh: () => 1 });
    const read = (view: View) =>
      memo.get(view, "key", (files) => {
        files.stat("file");
        return new TextDecoder().decode(files.read("file", 100)!);
      });
    for (const text of ["one", "two", "six"]) {
      Deno.writeTextFileSync(`${root}/file`, text);
      Deno.utimeSync(`${root}/file`, 1000, 1000);
      assert.equal(read(new View(new Disk(), root)), text);
      assert.equal(memo.weight(), 0);
    }
    const settled = new View(new SettledDisk(), root);
    assert.equal(read(settled), "six");
    assert.ok(memo.weight() > 0);
  });
});

Deno.test("fileMemo() stays within its bound", async () => {
  await withFolder((root) => {
    Deno.writeTextFileSync(`${root}/file`, "text");
    const memo = fileMemo<number>({ most: 2000, weigh: (value) => value });
    const view = new View(new SettledDisk(), root);
    const get = (key: string, value: number) =>
      memo.get(view, key, (files) => files.stat("file") === null ? 0 : value);
    for (let at = 0; at < 100; at++) {
      assert.equal(get(`key ${at}`, 100), 100);
      assert.ok(memo.weight() <= 2000);
    }
    const before = memo.weight();
    assert.equal(get("too large", 3000), 3000);
    assert.equal(get("never", Infinity), Infinity);
    assert.equal(memo.weight(), before);
  });
});
