import assert from "node:assert/strict";
import fc from "fast-check";
import type { Instance } from "../../core/instance.ts";
import { count } from "../counts.ts";
import { ACTOR, document } from "../support/instance.ts";
import { until } from "../support/until.ts";
import { edit, found, searchFresh } from "./folders.ts";
import {
  CountingLooks,
  DeafDisk,
  FloodedDisk,
  LateDisk,
  RefusingDisk,
  type Stage,
  withFollowing,
} from "./following.ts";

const HOUR = 3_600_000;

/** Writes a document that was last changed an hour ago. */
async function editBefore(root: string, path: string, body: string): Promise<void> {
  await edit(root, path, body);
  const before = new Date(Date.now() - HOUR);
  await Deno.utime(`${root}/${path}/${path.slice(path.lastIndexOf("/") + 1)}.md`, before, before);
}

const finds = async (instance: Instance, query: string, uri: string) =>
  found(await instance.search({ query })).includes(uri);

Deno.test("follow() tells what others change, file by file", async (t) => {
  const prepare = async (root: string) => {
    for (const path of ["knowledge/a", "knowledge/b", "context/s/a"]) {
      await editBefore(root, path, "alpha");
    }
    await Deno.mkdir(`${root}/knowledge/b/scripts`);
    const before = new Date(Date.now() - HOUR);
    for (const path of ["knowledge/b/scripts/run.sh", "skills/kairos.md"]) {
      await Deno.writeTextFile(`${root}/${path}`, "# true");
      await Deno.utime(`${root}/${path}`, before, before);
    }
  };
  const cases: [name: string, change: (root: string) => Promise<unknown>, told: string[]][] = [
    ["a new entry", (root) => edit(root, "knowledge/c", "x"), ["created knowledge://c"]],
    ["an edit", (root) => edit(root, "knowledge/a", "longer"), ["updated knowledge://a"]],
    ["a context", (root) => edit(root, "context/s/a", "longer"), ["updated context://s/a"]],
    ["a session", (root) => edit(root, "context/t/a", "x"), ["created context://t/a"]],
    [
      "a file of an entry",
      (root) => Deno.writeTextFile(`${root}/knowledge/b/scripts/run.sh`, "false"),
      ["updated knowledge://b/scripts/run.sh"],
    ],
    [
      "a new file of an entry",
      async (root) => {
        await Deno.mkdir(`${root}/knowledge/a/assets`);
        await Deno.writeTextFile(`${root}/knowledge/a/assets/x`, "x");
      },
      ["created knowledge://a/assets/x"],
    ],
    ["the law", (root) => Deno.writeTextFile(`${root}/skills/kairos.md`, "# La"), [
      "updated l0://kairos.md",
    ]],
    [
      "the law of another implementation",
      (root) => Deno.writeTextFile(`${root}/skills/kairos.rb`, ""),
      [
        "created l0://kairos.rb",
      ],
    ],
    [
      "an entry that goes",
      (root) => Deno.remove(`${root}/knowledge/b`, { recursive: true }),
      ["removed knowledge://b", "removed knowledge://b/scripts/run.sh"],
    ],
    [
      "a session that goes",
      (root) => Deno.remove(`${root}/context/s`, { recursive: true }),
      ["removed context://s/a"],
    ],
    [
      "an entry under a new name",
      (root) => Deno.rename(`${root}/knowledge/a`, `${root}/knowledge/z`),
      ["removed knowledge://a", "created knowledge://z"],
    ],
  ];
  for (const [name, change, expected] of cases) {
    await t.step(name, async () => {
      await withFollowing(async ({ root, told }) => {
        await change(root);
        await until(() => expected.every((one) => told.has(one)), [...told].join());
        assert.deepEqual([...told].filter((one) => !expected.includes(one)), []);
      }, { prepare });
    });
  }
});

Deno.test("follow() tells nothing of what may not be read, nor of what is no resource", async () => {
  const prepare = (root: string) => editBefore(root, "knowledge/seen", "alpha");
  await withFollowing(async ({ root, told, instance }) => {
    await edit(root, "knowledge/.hidden", "x");
    await Deno.mkdir(`${root}/knowledge/.archived`);
    await edit(root, "knowledge/.archived/old", "x");
    await edit(root, "knowledge/a.bak", "x");
    await edit(root, "knowledge/key.pem", "x");
    await Deno.mkdir(`${root}/knowledge/seen/assets`);
    await Deno.writeTextFile(`${root}/knowledge/seen/assets/tls.pem`, "x");
    await Deno.writeTextFile(`${root}/skills/config.yml`, "");
    await Deno.mkdir(`${root}/outside`);
    await Deno.writeTextFile(`${root}/outside/outside.md`, "x");
    await Deno.symlink(`${root}/outside`, `${root}/knowledge/outside`);
    await edit(root, "knowledge/last", "x");
    await edit(root, "knowledge/seen", "longer");
    await until(() => told.has("created knowledge://last"), "the last one");
    await until(() => told.has("updated knowledge://seen"), "beside the blocked file");
    assert.deepEqual([...told].sort(), ["created knowledge://last", "updated knowledge://seen"]);
    const archived = await instance.search({ query: "old", archived: true });
    assert.deepEqual(found(archived), ["old"]);
  }, { prepare });
});

Deno.test("follow() tells own writes as it tells those of others", async () => {
  await withFollowing(async ({ instance, told }) => {
    const { knowledge, context } = instance;
    await knowledge.create({ name: "a", content: document("a", "alpha") }, ACTOR);
    const { session } = await context.save({ name: "n", content: "alpha" }, ACTOR);
    await until(() => told.has("created knowledge://a"), "a new entry");
    await until(() => told.has(`created context://${session}/n`), "a context");
    await knowledge.update({ name: "a", content: document("a", "beta") }, ACTOR);
    await until(() => told.has("updated knowledge://a"), "an update");
    await knowledge.archive("a", ACTOR);
    await until(() => told.has("removed knowledge://a"), "an archived entry");
    assert.equal(told.size, 4, [...told].join());
  });
});

Deno.test("follow() tells a burst of changes at few times", async () => {
  await withFollowing(async ({ root, told, times }) => {
    for (let at = 0; at < 1000; at++) await edit(root, `knowledge/n${at}`, "alpha");
    await until(() => told.size === 1000, "all of them");
    assert.ok(times() <= 10, `${times()} times`);
  }, { quiet: 100 });
});

Deno.test("follow() tells what was changed before everything was looked at", async () => {
  const since = Date.now() - 1000;
  const prepare = async (root: string) => {
    await editBefore(root, "knowledge/old", "alpha");
    await edit(root, "knowledge/new", "alpha");
  };
  await withFollowing(({ told }) => {
    assert.deepEqual([...told], ["created knowledge://new"]);
    return Promise.resolve();
  }, { prepare, since });
});

Deno.test("search() finds at once what this process wrote, while changes are followed", async () => {
  await withFollowing(async ({ instance, following }) => {
    assert.equal(following.isReliable, true);
    assert.equal((await instance.search({ query: "alpha" })).total, 0);
    for (let at = 0; at < 20; at++) {
      const name = `n${at}`;
      await instance.knowledge.create({ name, content: document(name, "alpha") }, ACTOR);
      assert.equal((await instance.search({ query: "alpha" })).total, at + 1);
    }
    const { session } = await instance.context.save({ name: "n", content: "gamma" }, ACTOR);
    assert.equal(await finds(instance, "gamma", `context://${session}/n`), true);
    await instance.knowledge.archive("n0", ACTOR);
    assert.equal((await instance.search({ query: "alpha" })).total, 19);
  });
});

Deno.test("search() looks at hits alone while changes are followed", async () => {
  const disk = new CountingLooks();
  const prepare = async (root: string) => {
    for (let at = 0; at < 300; at++) await editBefore(root, `knowledge/n${at}`, `alpha w${at}`);
  };
  await withFollowing(async ({ instance, root }) => {
    await instance.search({ query: "alpha" });
    const looksOf = async (query: string) => {
      const before = disk.looks;
      await instance.search({ query });
      return disk.looks - before;
    };
    const none = await looksOf("nothing");
    const one = await looksOf("w299");
    assert.ok(none < 10 && one < 20, `${none} and ${one} looks`);
    for (let at = 0; at < 50; at++) await edit(root, `knowledge/n${at}`, "gamma");
    await until(async () => (await instance.search({ query: "gamma" })).total === 50, "all");
    await until(async () => await looksOf("nothing") < 10, "they are not looked at again");
  }, { disk, prepare });
});

Deno.test("search() looks at everything once the index is another", async () => {
  await withFollowing(async ({ instance, root }) => {
    assert.equal(await finds(instance, "alpha", "knowledge://a"), true);
    await Deno.remove(`${root}/storage/index.db`);
    assert.equal(await finds(instance, "alpha", "knowledge://a"), true);
    await Deno.writeTextFile(`${root}/storage/index.db`, "no database ".repeat(99));
    assert.equal(await finds(instance, "alpha", "knowledge://a"), true);
  }, { prepare: (root) => editBefore(root, "knowledge/a", "alpha") });
});

Deno.test("search() looks at everything once changes are followed again", async () => {
  await withFollowing(async ({ instance, root, following }) => {
    assert.equal(await finds(instance, "alpha", "knowledge://a"), false);
    await following.stop();
    await edit(root, "knowledge/a", "alpha");
    const again = await instance.follow({ onChanges: () => {} });
    await again.ready;
    assert.equal(await finds(instance, "alpha", "knowledge://a"), true);
    await again.stop();
  });
});

/** What must be found and told whatever became of the rooms. */
async function checkAlive({ instance, root, told, following }: Stage): Promise<void> {
  await until(() => following.isReliable, "everything is watched");
  await edit(root, "knowledge/alive", "omega");
  await until(() => told.has("created knowledge://alive"), "it is told");
  await until(() => finds(instance, "omega", "knowledge://alive"), "it is found");
}

Deno.test("follow() outlives what becomes of a room", async (t) => {
  const prepare = (root: string) => editBefore(root, "knowledge/a", "alpha");
  const cases: Record<string, (root: string) => Promise<void>> = {
    "removed and made anew": async (root) => {
      await Deno.remove(`${root}/knowledge`, { recursive: true });
      await Deno.mkdir(`${root}/knowledge`);
    },
    "moved away, another in its place": async (root) => {
      await Deno.rename(`${root}/knowledge`, `${root}/gone`);
      await Deno.mkdir(`${root}/knowledge`);
    },
    "replaced by a link": async (root) => {
      await Deno.remove(`${root}/knowledge`, { recursive: true });
      await Deno.mkdir(`${root}/elsewhere`);
      await Deno.symlink(`${root}/elsewhere`, `${root}/knowledge`);
    },
  };
  for (const [name, change] of Object.entries(cases)) {
    await t.step(name, async () => {
      await withFollowing(async (stage) => {
        const { root, told, instance } = stage;
        assert.equal(await finds(instance, "alpha", "knowledge://a"), true);
        await change(root);
        await until(() => told.has("removed knowledge://a"), "it has gone");
        assert.equal(await finds(instance, "alpha", "knowledge://a"), false);
        await checkAlive(stage);
      }, { prepare });
    });
  }
  await t.step("missing for a while", async () => {
    await withFollowing(async (stage) => {
      await Deno.remove(`${stage.root}/knowledge`, { recursive: true });
      await until(() => stage.told.has("removed knowledge://a"), "it has gone");
      assert.equal(await finds(stage.instance, "alpha", "knowledge://a"), false);
      await checkAlive(stage);
    }, { prepare });
  });
});

Deno.test("follow() looks at nothing while nothing happens, in rooms that are missing either", async () => {
  const disk = new CountingLooks();
  await withFollowing(async ({ root, told, following }) => {
    for (const room of ["knowledge", "context"]) await Deno.remove(`${root}/${room}`);
    await until(() => following.isReliable, "the data directory tells when they are there");
    await Deno.writeTextFile(`${root}/skills/kairos.md`, "# Law");
    await until(() => told.size > 0, "it goes on");
    const before = disk.looks;
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(disk.looks, before);
  }, { disk, quiet: 5 });
});

Deno.test("follow() watches a room behind a link", async () => {
  const prepare = async (root: string) => {
    await Deno.mkdir(`${root}/elsewhere`);
    await Deno.remove(`${root}/knowledge`);
    await Deno.symlink(`${root}/elsewhere`, `${root}/knowledge`);
    await editBefore(root, "knowledge/a", "alpha");
  };
  await withFollowing(async (stage) => {
    const { root, told, following } = stage;
    assert.equal(following.isReliable, true);
    await edit(root, "elsewhere/a", "beta beta");
    await until(() => told.has("updated knowledge://a"), "an edit at its real place");
    await checkAlive(stage);
  }, { prepare });
});

Deno.test("follow() looks by itself where nothing can be watched", async () => {
  await withFollowing(async ({ instance, root, told, following }) => {
    assert.equal(following.isReliable, false);
    await edit(root, "knowledge/a", "alpha");
    assert.equal(await finds(instance, "alpha", "knowledge://a"), true);
    await until(() => told.has("created knowledge://a"), "the next look tells it");
    await edit(root, "knowledge/a", "gamma");
    assert.equal(await finds(instance, "gamma", "knowledge://a"), true);
    await until(() => told.has("updated knowledge://a"), "an edit");
  }, { disk: new RefusingDisk(), interval: 50 });
});

Deno.test("follow() watches every room before a flood in the data directory keeps it from it", async () => {
  await withFollowing(async ({ root, told, following }) => {
    assert.equal(following.isReliable, true);
    await edit(root, "context/s/a", "alpha");
    await until(() => told.has("created context://s/a"), "an edit in the last room");
  }, { disk: new FloodedDisk(), interval: HOUR });
});

Deno.test("follow() relies no more on a system that does not tell", async () => {
  await withFollowing(async ({ instance, root, told, following }) => {
    assert.equal(following.isReliable, true);
    await instance.search({ query: "alpha" });
    await edit(root, "knowledge/a", "alpha");
    await until(() => told.has("created knowledge://a"), "the next look tells it");
    assert.equal(await finds(instance, "alpha", "knowledge://a"), true, "and finds it");
    await until(() => !following.isReliable, "it was not told");
    await edit(root, "knowledge/b", "alpha");
    assert.equal(await finds(instance, "alpha", "knowledge://b"), true);
  }, { disk: new DeafDisk(), interval: 50, patience: 500 });
});

Deno.test("follow() goes on relying on a system that tells", async () => {
  await withFollowing(async ({ root, told, following }) => {
    for (let at = 0; at < 4; at++) {
      // The look that finds it waits to be told; only then comes the next one.
      await edit(root, `knowledge/n${at}`, "x");
      await until(() => told.has(`created knowledge://n${at}`), "a look finds it");
    }
    assert.equal(following.isReliable, true);
  }, { interval: 20, patience: 800, disk: new LateDisk() });
});

const PLACES = ["knowledge/a", "knowledge/b", "context/s/a", "context/t/c"];
const TEXTS = ["alpha one", "alpha two", "beta three", "alpha beta four"];
const QUERIES = ["alpha", "beta", "alpha beta", "one"];

Deno.test("search() never shows stale text, whatever others edit while it is followed", async () => {
  const edits = fc.record({
    path: fc.constantFrom(...PLACES),
    text: fc.option(fc.constantFrom(...TEXTS)),
    query: fc.constantFrom(...QUERIES),
  });
  const property = fc.asyncProperty(
    fc.array(edits, { maxLength: 30 }),
    (steps) =>
      withFollowing(async ({ instance, root }) => {
        for (const { path, text, query } of steps) {
          if (text !== null) await edit(root, path, text);
          else await Deno.remove(`${root}/${path}`, { recursive: true }).catch(() => {});
          for (const hit of (await instance.search({ query })).hits) {
            const at = hit.uri!.replace("knowledge://", "knowledge/").replace(
              "context://",
              "context/",
            );
            const now = await Deno.readTextFile(`${root}/${at}/${hit.name}.md`);
            assert.ok(hit.snippet !== null && now.includes(hit.snippet.text), hit.snippet?.text);
          }
        }
        for (const query of QUERIES) {
          const fresh = found(await searchFresh(instance, { query }));
          await until(
            async () =>
              JSON.stringify(found(await instance.search({ query }))) === JSON.stringify(fresh),
            `the answer of a fresh index to ${query}`,
          );
        }
      }),
  );
  await fc.assert(property, { numRuns: Math.ceil(count("fuzzRuns") / 20) });
});
