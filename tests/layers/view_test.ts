import assert from "node:assert/strict";
import { Disk, type IntentStep } from "../../core/disk/mod.ts";
import { View } from "../../core/layers/view.ts";
import { withFolder } from "../support/instance.ts";

const text = (view: View, path: string) => {
  const bytes = view.read(path, 1000);
  return bytes === null ? null : new TextDecoder().decode(bytes);
};

Deno.test("View shows the files as they are when nothing is pending", async () => {
  await withFolder(async (root) => {
    await Deno.mkdir(`${root}/k/a`, { recursive: true });
    await Deno.writeTextFile(`${root}/k/a/a.md`, "one");
    const view = new View(new Disk(), root);
    assert.equal(text(view, "k/a/a.md"), "one");
    assert.deepEqual(view.list("k").map(({ name }) => name), ["a"]);
    assert.equal(view.stat("k/b"), null);
  });
});

Deno.test("View shows pending renames as made", async (t) => {
  const cases: Record<string, { steps: IntentStep[]; list: string[]; a: string | null }> = {
    "a new entry": {
      steps: [{ from: "k/.stage-1", to: "k/b", base: null }],
      list: [".archived", "a", "b"],
      a: "old",
    },
    "a replaced document": {
      steps: [{ from: "k/a/.stage-2", to: "k/a/a.md", base: "x" }],
      list: [".archived", ".stage-1", "a"],
      a: "new",
    },
    "a deleted entry": {
      steps: [{ from: "k/a", to: "k/.trash-1", base: null }],
      list: [".archived", ".stage-1", ".trash-1"],
      a: null,
    },
    "an archived entry with its note": {
      steps: [
        { from: "k/a/.stage-2", to: "k/a/.note", base: null },
        { from: "k/a", to: "k/.archived/a", base: null },
      ],
      list: [".archived", ".stage-1"],
      a: null,
    },
  };
  for (const [what, { steps, list, a }] of Object.entries(cases)) {
    await t.step(what, () =>
      withFolder(async (root) => {
        await Deno.mkdir(`${root}/k/a`, { recursive: true });
        await Deno.mkdir(`${root}/k/.stage-1`);
        await Deno.mkdir(`${root}/k/.archived`);
        await Deno.writeTextFile(`${root}/k/a/a.md`, "old");
        await Deno.writeTextFile(`${root}/k/a/.stage-2`, "new");
        await Deno.writeTextFile(`${root}/k/.stage-1/b.md`, "b");
        const view = new View(new Disk(), root, steps);
        assert.deepEqual(view.list("k").map(({ name }) => name), list);
        assert.equal(text(view, "k/a/a.md"), a);
        if (what === "a new entry") assert.equal(text(view, "k/b/b.md"), "b");
        if (what === "an archived entry with its note") {
          assert.deepEqual(view.list("k/.archived").map(({ name }) => name), ["a"]);
          assert.deepEqual(view.list("k/.archived/a").map(({ name }) => name), [".note", "a.md"]);
          assert.equal(text(view, "k/.archived/a/a.md"), "old");
          assert.equal(text(view, "k/.archived/a/.note"), "new");
        }
      }));
  }
});

Deno.test("View.isInside() judges from real paths", async () => {
  await withFolder(async (root) => {
    await Deno.mkdir(`${root}/elsewhere/store/a`, { recursive: true });
    await Deno.mkdir(`${root}/elsewhere/secret`);
    await Deno.symlink(`${root}/elsewhere/store`, `${root}/k`);
    await Deno.symlink(`${root}/elsewhere/secret`, `${root}/elsewhere/store/out`);
    await Deno.symlink(`${root}/elsewhere/store/a`, `${root}/elsewhere/store/in`);
    await Deno.mkdir(`${root}/elsewhere/store-sibling`);
    await Deno.symlink(`${root}/elsewhere/store-sibling`, `${root}/elsewhere/store/sibling`);
    const view = new View(new Disk(), root);
    for (
      const [path, inside] of Object.entries({ a: true, in: true, out: false, sibling: false })
    ) {
      assert.equal(view.isInside(`k/${path}`, "k"), inside, path);
    }
  });
});
