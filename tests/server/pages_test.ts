import assert from "node:assert/strict";
import fc from "fast-check";
import { Disk, type FileFacts, parentOf } from "../../core/disk/mod.ts";
import { type Instance, openInstance } from "../../core/instance.ts";
import { resourcePage } from "../../server/mcp/resource_list.ts";
import { callTool } from "../../server/mcp/tools/mod.ts";
import { count } from "../counts.ts";
import { SettledDisk } from "../disk/settled_disk.ts";
import { lendingSet } from "../skillset/lending.ts";
import { ACTOR, withFolder } from "../support/instance.ts";

/** A disk whose files changed an hour before they did, so that they are settled; it tells each look. */
class LookingDisk extends Disk {
  readonly paths: string[] = [];
  override stat(path: string): FileFacts | null {
    return aged(super.stat(this.#seen(path)));
  }
  override statLink(path: string): FileFacts | null {
    return aged(super.statLink(this.#seen(path)));
  }
  override realPath(path: string): string | null {
    return super.realPath(this.#seen(path));
  }
  override list(path: string): ReturnType<Disk["list"]> {
    return super.list(this.#seen(path));
  }
  override read(path: string, maxBytes: number): Uint8Array | null {
    return super.read(this.#seen(path), maxBytes);
  }
  #seen(path: string): string {
    this.paths.push(path);
    return path;
  }
}

function aged(facts: FileFacts | null): FileFacts | null {
  return facts === null ? null : { ...facts, changed: facts.changed - 3_600_000 };
}

interface KnowledgePage {
  readonly entries: readonly { readonly name: string; readonly description: string | null }[];
  readonly total: number;
  readonly next_cursor: string | null;
}

async function call<T>(instance: Instance, name: string, args: unknown): Promise<T> {
  const { structured, isError, text } = await callTool(instance, ACTOR, name, args);
  assert.equal(isError, false, text);
  return structured as T;
}

const ENTRIES = 10_000;

Deno.test("a page of a list looks at its own entries alone, however many there are", async (t) => {
  await withFolder(async (folder) => {
    const root = `${folder}/.kairos`;
    const own = Array.from({ length: ENTRIES }, (_, at) => `e${String(at).padStart(5, "0")}`);
    for (const name of own) {
      Deno.mkdirSync(`${root}/knowledge/${name}`, { recursive: true });
      Deno.writeTextFileSync(`${root}/knowledge/${name}/${name}.md`, `# ${name}`);
    }
    for (let at = 0; at < 600; at++) {
      const home = `${root}/context/s${at % 2}/n${at}`;
      Deno.mkdirSync(home, { recursive: true });
      Deno.writeTextFileSync(`${home}/n${at}.md`, "note");
    }
    const disk = new LookingDisk();
    const instance = await openInstance(root, { mode: "write", disk });
    const sets = await instance.skillsets();
    await sets.install(lendingSet("pack", { e05000x: "lent", zz: "lent" }), ACTOR);
    /** Which entries a list looks at once it has been made before, and how often it looks. */
    const looks = async (list: () => unknown) => {
      await list();
      disk.paths.length = 0;
      await list();
      const entry = /^\/(?:knowledge|context\/[^/]+)\/([^/]+)/;
      const inside = disk.paths.map((path) => path.slice(root.length));
      const entries = new Set(inside.flatMap((path) => entry.exec(path)?.[1] ?? []));
      return { entries, times: disk.paths.length };
    };
    for (const from of [0, 4900, 9900]) {
      await t.step(`knowledge_list from ${from}`, async () => {
        const args = { limit: 100, cursor: `p${from.toString(36)}` };
        const page = await call<KnowledgePage>(instance, "knowledge_list", args);
        const names = page.entries.map(({ name }) => name);
        assert.equal(names.length, 100);
        assert.equal(page.total, ENTRIES + 2);
        const { entries, times } = await looks(() => call(instance, "knowledge_list", args));
        assert.deepEqual([...entries].filter((name) => !names.includes(name)), []);
        assert.ok(times <= 100 * 3 + 20, `${times} looks`);
      });
    }
    const cursors: (string | undefined)[] = [undefined];
    for (let page = resourcePage(instance); page.nextCursor !== undefined;) {
      cursors.push(page.nextCursor);
      page = resourcePage(instance, page.nextCursor);
    }
    assert.equal(cursors.length, Math.ceil((ENTRIES + 2 + 600) / 500));
    for (const at of [0, 10, cursors.length - 2, cursors.length - 1]) {
      await t.step(`resources/list, page ${at}`, async () => {
        const { resources } = resourcePage(instance, cursors[at]);
        const shown = new Set(resources.map(({ uri }) => uri.slice(uri.lastIndexOf("/") + 1)));
        const { entries, times } = await looks(() => resourcePage(instance, cursors[at]));
        // What the last of the page before has more, and whether there is another page.
        assert.ok([...entries].filter((name) => !shown.has(name)).length <= 2);
        assert.ok(times <= resources.length * 6 + 30, `${times} looks`);
      });
    }
    await t.step("and finds at once what somebody adds", async () => {
      Deno.mkdirSync(`${root}/knowledge/e00000a`);
      Deno.writeTextFileSync(`${root}/knowledge/e00000a/e00000a.md`, "# New");
      const page = await call<KnowledgePage>(instance, "knowledge_list", { limit: 3 });
      assert.equal(page.total, ENTRIES + 3);
      assert.deepEqual(page.entries.map(({ name }) => name), ["e00000", "e00000a", "e00001"]);
      const { resources } = resourcePage(instance);
      assert.equal(resources[1]?.uri, "knowledge://e00000a");
    });
  });
});

const HOMES = ["knowledge", "context/s", "context/s!", "skillsets/pack/knowledge"];
const NAMES = ["a", "a b", "a!", "a-b", "ab", "B", "日本", "é"];
const INSIDE = ["scripts/x", "scripts/x!", "scripts/x/y", "assets/z", "z md/z"];

/** What somebody writes or, without a text, takes away. */
interface Edit {
  readonly path: string;
  readonly text: string | null;
}

const document = fc.tuple(fc.constantFrom(...HOMES), fc.constantFrom(...NAMES))
  .map(([home, name]) => `${home}/${name}/${name}.md`);
const inside = fc.tuple(document, fc.constantFrom(...INSIDE))
  .map(([path, file]) => `${parentOf(path)}/${file}`);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ path: fc.oneof(document, inside), text: fc.constantFrom("one", "two") }),
  fc.record({ path: fc.oneof(document, document.map(parentOf), inside), text: fc.constant(null) }),
);

/** Edits come in any order, so that some of them cannot be made; then nothing has changed. */
function make(root: string, { path, text }: Edit): void {
  const at = `${root}/${path}`;
  try {
    if (text === null) return Deno.removeSync(at, { recursive: true });
    Deno.mkdirSync(parentOf(at), { recursive: true });
    Deno.writeTextFileSync(at, `---\ndescription: ${text}\n---\n`);
  } catch {
    // A folder stands in the way, or nothing is there.
  }
}

Deno.test("pages name once what is there all the time, and nothing as it was before", async () => {
  const limit = fc.integer({ min: 1, max: 4 });
  const edits = fc.array(edit, { maxLength: 3 });
  const property = fc.asyncProperty(
    fc.array(edit, { minLength: 10, maxLength: 40 }),
    fc.array(edits, { maxLength: 12 }),
    limit,
    (first, later, limit) =>
      withFolder(async (root) => {
        Deno.mkdirSync(`${root}/skillsets/pack`, { recursive: true });
        const manifest = { name: "pack", version: "1", knowledge_dirs: ["knowledge"] };
        Deno.writeTextFileSync(`${root}/skillsets/pack/skillset.json`, JSON.stringify(manifest));
        for (const one of first) make(root, one);
        const open = () => openInstance(root, { mode: "write", disk: new SettledDisk() });
        const instance = await open();
        const all = async () => {
          const fresh = await open();
          const { resources } = await call<Resources>(fresh, "resource_list", { limit: 1000 });
          const { entries } = await call<KnowledgePage>(fresh, "knowledge_list", {});
          return { resources: resources.map(({ uri }) => uri), entries };
        };
        let always = (await all()).resources;
        const named: string[] = [];
        let cursor: string | undefined;
        for (let at = 0;; at++) {
          const now = await all();
          always = always.filter((uri) => now.resources.includes(uri));
          const page = await call<Resources>(instance, "resource_list", { limit, cursor });
          assert.deepEqual(page.resources.filter(({ uri }) => !now.resources.includes(uri)), []);
          named.push(...page.resources.map(({ uri }) => uri));
          const from = at % 8;
          const args = { limit, cursor: `p${from}` };
          const entries = await call<KnowledgePage>(instance, "knowledge_list", args);
          assert.deepEqual(entries.entries, now.entries.slice(from, from + limit));
          assert.equal(entries.total, now.entries.length);
          for (const word of ["one", "a"]) {
            const { total } = await call<KnowledgePage>(instance, "knowledge_list", {
              search: word,
            });
            const has = ({ name, description }: KnowledgePage["entries"][number]) =>
              `${name} ${description}`.toLowerCase().includes(word);
            assert.equal(total, now.entries.filter(has).length);
          }
          if (page.next_cursor === null) break;
          cursor = page.next_cursor;
          for (const one of later[at] ?? []) make(root, one);
        }
        assert.equal(new Set(named).size, named.length, "each once");
        assert.deepEqual(always.filter((uri) => !named.includes(uri)), []);
      }),
  );
  await fc.assert(property, { numRuns: Math.ceil(count("fuzzRuns") / 20) });
});

interface Resources {
  readonly resources: readonly { readonly uri: string }[];
  readonly next_cursor: string | null;
}

Deno.test("resource_list takes no cursor but its own", async () => {
  await withFolder(async (root) => {
    const instance = await openInstance(root, { mode: "write" });
    for (const cursor of ["", "p1", "l1", "l3/a", "l1/%", "l1/%ff", "x".repeat(5000)]) {
      const { isError, text } = await callTool(instance, ACTOR, "resource_list", { cursor });
      assert.ok(isError && text.includes("it is no cursor"), text);
      assert.throws(() => resourcePage(instance, cursor), { code: -32602 });
    }
    for (const cursor of ["l1/..", "l1/%2e%2e/x", "l2/a", "l0//", `l1/${"a/".repeat(2000)}`]) {
      const { resources } = await call<Resources>(instance, "resource_list", { cursor });
      assert.deepEqual(resources, []);
    }
  });
});
