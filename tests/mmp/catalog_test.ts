import assert from "node:assert/strict";
import type { Instance } from "../../core/instance.ts";
import { Catalog, GLANCE } from "../../mmp/catalog/catalog.ts";
import { skillSet } from "../skillset/sets.ts";
import { ACTOR, withInstance } from "../support/instance.ts";
import { entryText } from "./meet.ts";

const FRONT_MATTER = new URL(
  "../../../shared/vectors/misc/knowledge_frontmatter.json",
  import.meta.url,
);

interface Recorded {
  readonly documents: Readonly<Record<string, string>>;
  readonly public_by_default_false: readonly Told[];
  readonly public_by_default_true: readonly Told[];
}

interface Told {
  readonly id: string;
  readonly name: string;
  readonly public: boolean;
  readonly summary: string;
  readonly content_hash: string;
}

function load(): Recorded | null {
  try {
    return JSON.parse(Deno.readTextFileSync(FRONT_MATTER));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

const recorded = load();

/** Writes an entry by hand, as an editor does. */
async function write(root: string, name: string, text: string): Promise<void> {
  await Deno.mkdir(`${root}/knowledge/${name}`, { recursive: true });
  await Deno.writeTextFile(`${root}/knowledge/${name}/${name}.md`, text);
}

/** A catalog whose time the test makes pass. */
async function catalogOf(instance: Instance) {
  let now = 0;
  const catalog = await Catalog.open(instance, { elapsed: () => now, glance: 0 });
  const names = (byDefault = false) => catalog.offers(byDefault).skills.map(({ name }) => name);
  return { catalog, names, pass: (milliseconds: number) => now += milliseconds };
}

/** What cannot be read is private here, whatever it would have said. */
const UNREADABLE = ["alias", "bom", "broken", "fm_only_open", "list"];
/** Dates and symbols are texts here, so that these can be read and count as they say. */
const READABLE: Readonly<Record<string, boolean>> = { date: false, date_pub: true, symbol: true };

Deno.test({
  name: "Catalog offers what is recorded as public, and nothing that cannot be read",
  ignore: recorded === null,
  async fn(t) {
    await withInstance(async (instance, root) => {
      for (const [name, text] of Object.entries(recorded!.documents)) {
        // Each lies in an entry of its own here; the id is that of its path.
        await write(root, name, text);
      }
      const { catalog } = await catalogOf(instance);
      for (const byDefault of [false, true]) {
        const rows = byDefault
          ? recorded!.public_by_default_true
          : recorded!.public_by_default_false;
        const offered = new Map(
          catalog.offers(byDefault).skills.map((offer) => [offer.name, offer]),
        );
        for (const row of rows) {
          await t.step(`${row.name}, public by default: ${byDefault}`, () => {
            const expected = UNREADABLE.includes(row.name)
              ? false
              : READABLE[row.name] ?? row.public;
            const offer = offered.get(row.name);
            assert.equal(offer !== undefined, expected);
            assert.equal(catalog.content(row.name, byDefault) !== null, expected);
            if (offer === undefined) return;
            assert.equal(offer.hash, row.content_hash);
            const slips = row.summary.includes(": ");
            if (!slips) assert.equal(offer.summary, row.summary);
          });
        }
      }
    });
  },
});

Deno.test("Catalog tells nothing of what says that it is private, in whatever way", async (t) => {
  const cases: readonly [name: string, lines: string[]][] = [
    ["public: false", ["public: false"]],
    ["public: no", ["public: no"]],
    ["a text", ['public: "true"']],
    ["a number", ["public: 1"]],
    ["nothing", ["public:"]],
    ["twice", ["public: true", "public: false"]],
    ["private too", ["public: true", "private: true"]],
    ["an alias hides it", ["a: &x 1", "b: *x", "public: true"]],
    ["a tag hides it", ["a: !!js/function x", "public: true"]],
    ["a tab", ["\tpublic: true"]],
    ["a second document", ["public: false", "...", "---", "public: true"]],
    ["a merge key", ["<<: {public: true}"]],
  ];
  await withInstance(async (instance, root) => {
    for (const [at, [, lines]] of cases.entries()) {
      await write(root, `e${at}`, `---\n${lines.join("\n")}\n---\n\nSecret\n`);
    }
    const { catalog, names } = await catalogOf(instance);
    for (const [at, [name]] of cases.entries()) {
      await t.step(name, () => {
        for (const byDefault of [false, true]) {
          assert.ok(!names(byDefault).includes(`e${at}`));
          assert.equal(catalog.content(`e${at}`, byDefault), null);
        }
      });
    }
  });
});

Deno.test("Catalog looks at no file for what it does not offer, as for what is not there", async () => {
  await withInstance(async (instance, root) => {
    await write(root, "quiet", entryText(["tags: [x]"]));
    const { catalog } = await catalogOf(instance);
    assert.equal(catalog.content("quiet", true)?.offer.name, "quiet");
    catalog.offers(false);
    const entry = instance.shelf.entry;
    const read: string[] = [];
    instance.shelf.entry = (...args: Parameters<typeof entry>) => {
      read.push(args[3]);
      return entry.apply(instance.shelf, args);
    };
    assert.deepEqual([catalog.content("quiet", false), catalog.content("absent", false)], [
      null,
      null,
    ]);
    assert.deepEqual(read, []);
  });
});

Deno.test("Catalog notices changes of kairos at once, and edits by hand within a second", async () => {
  await withInstance(async (instance, root) => {
    const { catalog, names, pass } = await catalogOf(instance);
    const content = entryText(["public: true", "description: 設計"]);
    await instance.knowledge.create({ name: "design", content }, ACTOR);
    assert.deepEqual(names(), ["design"]);
    assert.equal(catalog.offers(false), catalog.offers(false));
    await instance.knowledge.update({ name: "design", content: entryText(["public: no"]) }, ACTOR);
    assert.deepEqual(names(), []);
    await instance.knowledge.update({ name: "design", content }, ACTOR);
    assert.deepEqual(names(), ["design"]);
    await write(root, "design", entryText(["public: false"]));
    assert.equal(catalog.content("design", false), null, "contents are always those of the files");
    await write(root, "design", entryText(["tags: [x]"]));
    assert.equal(catalog.content("design", false), null, "it does not say any more that it is");
    assert.equal(names().length, 1, "the list is not so fresh");
    pass(1000);
    assert.deepEqual(names(), []);
    await instance.knowledge.delete("design", ACTOR);
    assert.equal(catalog.content("design", false), null);
  });
});

Deno.test("Catalog offers no entry that is blocked, archived, or a link that leads outside", async () => {
  await withInstance(async (instance, root) => {
    const text = entryText(["public: true"]);
    await write(root, "a.key", text);
    await instance.knowledge.create({ name: "old", content: text }, ACTOR);
    await instance.knowledge.archive("old", ACTOR);
    await Deno.mkdir(`${root}/../elsewhere`);
    await Deno.writeTextFile(`${root}/../elsewhere/elsewhere.md`, text);
    await Deno.symlink(`${root}/../elsewhere`, `${root}/knowledge/elsewhere`);
    await write(root, "good", text);
    const { names, catalog } = await catalogOf(instance);
    assert.deepEqual(names(), ["good"]);
    for (const name of ["a.key", "old", "elsewhere"]) {
      assert.equal(catalog.content(name, true), null, name);
    }
  });
});

Deno.test("Catalog offers SkillSets that are shared, in use and may travel, and no other", async () => {
  await withInstance(async (instance, root) => {
    const sets = await instance.skillsets();
    const { catalog, pass } = await catalogOf(instance);
    const names = () => catalog.offers(false).skillsets.map(({ set }) => set.name);
    for (const name of ["shared", "own", "off"]) await sets.install(skillSet(name), ACTOR);
    assert.deepEqual(names(), []);
    await sets.share("shared", ACTOR);
    await sets.share("off", ACTOR);
    await sets.disable("off", ACTOR);
    assert.deepEqual(names(), ["shared"]);
    assert.deepEqual(["own", "off", "none"].map((name) => catalog.skillset(name)), [
      null,
      null,
      null,
    ]);
    const found = catalog.skillset("shared")!;
    const { content_hash, file_list } = JSON.parse(catalog.package(found.set));
    assert.deepEqual([content_hash, file_list], [found.hash, found.files]);
    await Deno.mkdir(`${root}/skillsets/shared/tools`);
    await Deno.writeTextFile(`${root}/skillsets/shared/tools/run.sh`, "#!/bin/sh\n");
    pass(1000);
    assert.deepEqual(names(), []);
    assert.equal(catalog.skillset("shared")?.hash, null);
    assert.throws(() => catalog.package(found.set), { code: "refused" });
  });
});

Deno.test("Catalog hands out no SkillSet with a document that says that it is private", async () => {
  await withInstance(async (instance, root) => {
    const sets = await instance.skillsets();
    const { catalog, pass } = await catalogOf(instance);
    const path = "knowledge/mine/mine.md";
    const more = (fields: string[]) => ({ [path]: entryText(fields) });
    await sets.install(skillSet("a", {}, more(["private: true"])), ACTOR);
    await sets.install(skillSet("b", {}, more(["public: no"])), ACTOR);
    await sets.install(skillSet("c", {}, more(["tags: [x]"])), ACTOR);
    for (const name of ["a", "b", "c"]) await sets.share(name, ACTOR);
    const names = () => catalog.offers(false).skillsets.map(({ set }) => set.name);
    assert.deepEqual(names(), ["c"]);
    assert.deepEqual([catalog.skillset("a")?.hash, catalog.skillset("a")?.files], [null, []]);
    const found = catalog.skillset("c")!;
    await Deno.writeTextFile(`${root}/skillsets/c/${path}`, entryText(["private: yes"]));
    assert.throws(() => catalog.package(found.set), { code: "refused" }, "at once");
    pass(1000);
    assert.deepEqual(names(), []);
  });
});

Deno.test("Catalog takes no definition from knowledge that nobody decided", async () => {
  await withInstance(async (instance) => {
    const define = (name: string, action: string, ...more: string[]) =>
      instance.knowledge.create({
        name,
        content: entryText(
          ["type: protocol_extension", `name: ${name}`, `actions: [${action}]`, ...more],
        ),
      }, ACTOR);
    const { catalog } = await catalogOf(instance);
    await define("debate", "argue");
    await define("foreign", "intrude", "_received: {received_from: x}");
    await define("broken", "a b");
    await define("mine", "whisper", "private: true");
    await catalog.settle();
    const { actions, warnings } = catalog.offers(false).protocol;
    for (const action of ["argue", "intrude", "whisper"]) assert.ok(!actions.includes(action));
    assert.match(warnings.join("\n"), /definition "debate" .*: nobody decided that/);
    assert.doesNotMatch(warnings.join("\n"), /foreign/);
    assert.doesNotMatch(JSON.stringify(catalog.offers(true).protocol), /mine|whisper/);
    assert.match(warnings.join("\n"), /"broken": the action "a b"/);
    assert.deepEqual(catalog.offers(false).skills, [], "what it defines makes it no offer");
  });
});

Deno.test("Catalog looks again when a change is told, and after a second where nobody tells", async () => {
  await withInstance(async (instance, root) => {
    await write(root, "design", entryText(["public: true"]));
    const touched = { era: 1 as number | null, count: 0, stillness: () => null };
    const { names, pass } = await catalogOf({ ...instance, touched });
    assert.deepEqual(names(), ["design"]);
    await write(root, "design", entryText(["public: false"]));
    pass(10_000);
    assert.deepEqual(names(), ["design"], "nothing was told");
    touched.count++;
    assert.deepEqual(names(), []);
    await write(root, "design", entryText(["public: true"]));
    touched.era = null;
    pass(1_000);
    assert.deepEqual(names(), ["design"], "nobody tells any more");
  });
});

Deno.test("Catalog takes a look at the files for good for a moment, and no longer", async () => {
  await withInstance(async (instance, root) => {
    let now = 0;
    const catalog = await Catalog.open(instance, { elapsed: () => now });
    await write(root, "design", entryText(["public: true"]));
    assert.notEqual(catalog.content("design", false), null);
    await write(root, "design", entryText(["public: false"]));
    now = GLANCE - 1;
    assert.notEqual(catalog.content("design", false), null);
    now = GLANCE;
    assert.equal(catalog.content("design", false), null);
  });
});
