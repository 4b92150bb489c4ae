import assert from "node:assert/strict";
import { openInstance } from "../../core/instance.ts";
import { listLibrary, readLibrary } from "../../core/layers/library.ts";
import { SettledDisk } from "../disk/settled_disk.ts";
import { ACTOR, document, withFolder } from "../support/instance.ts";
import { lendingSet } from "./lending.ts";

/** A disk that remembers what was read. */
class ReadingDisk extends SettledDisk {
  /** Paths, as they were asked for. */
  readonly paths: string[] = [];
  override read(path: string, maxBytes: number): Uint8Array | null {
    this.paths.push(path.slice(path.indexOf("/.kairos/") + 9));
    return super.read(path, maxBytes);
  }
}

Deno.test("what SkillSets lend is read once, and again only when it is another", async () => {
  await withFolder(async (folder) => {
    const root = `${folder}/.kairos`;
    await Deno.mkdir(root);
    const writer = await openInstance(root, { mode: "write" });
    const sets = await writer.skillsets();
    for (const name of ["a", "b", "c"]) {
      await sets.install(lendingSet(name, { [`${name}_birds`]: "A kingfisher" }), ACTOR);
    }
    await writer.knowledge.create({ name: "mine", content: document("mine", "One") }, ACTOR);
    const disk = new ReadingDisk();
    const instance = await openInstance(root, { mode: "write", disk });
    const reads = (task: () => unknown): string[] => {
      disk.paths.length = 0;
      task();
      return [...disk.paths];
    };
    const all = () => listLibrary(instance);
    assert.equal(reads(all).filter((path) => path.endsWith("skillset.json")).length, 3);
    assert.deepEqual(reads(all), []);
    assert.equal(reads(() => readLibrary(instance, "b_birds")).length, 1);
    assert.deepEqual(reads(() => readLibrary(instance, "b_birds")), []);
    await sets.disable("b", ACTOR);
    assert.deepEqual(all().map(({ name }) => name), ["a_birds", "c_birds", "mine"]);
    assert.deepEqual(reads(all), []);
    const manifest = `${root}/skillsets/a/skillset.json`;
    const text = await Deno.readTextFile(manifest);
    await Deno.writeTextFile(manifest, text.replace("knowledge/a_birds", "knowledge/x_birds"));
    assert.deepEqual(all().map(({ name }) => name), ["c_birds", "mine"]);
    await Deno.mkdir(`${root}/skillsets/a/knowledge/x_birds`);
    await Deno.writeTextFile(`${root}/skillsets/a/knowledge/x_birds/x_birds.md`, "# X");
    assert.deepEqual(all().map(({ name }) => name), ["c_birds", "mine", "x_birds"]);
  });
});
