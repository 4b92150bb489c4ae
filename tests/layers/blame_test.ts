import assert from "node:assert/strict";
import fc from "fast-check";
import type { Instance } from "../../core/instance.ts";
import { type Blame, blame } from "../../core/layers/blame.ts";
import { count } from "../counts.ts";
import { ACTOR, withInstance } from "../support/instance.ts";

const write = (instance: Instance, content: string) =>
  instance.knowledge.set({ name: "n", content }, ACTOR);

/** Block and text of each line; `-` for an edit past kairos, `?` where it is uncertain. */
function told({ lines }: Blame): string[] {
  return lines.map(({ text, version, isUncertain }) =>
    `${version.record?.block ?? "-"}${isUncertain ? "?" : ""} ${text}`
  );
}

const lose = (root: string, hash: string | null) =>
  Deno.remove(`${root}/storage/objects/${hash!.slice(0, 2)}/${hash}`);

Deno.test("blame() names the version that brought each line", async (t) => {
  await withInstance(async (instance, root) => {
    await write(instance, "one\ntwo\n");
    const second = await write(instance, "one\n設計\ntwo\n");
    await write(instance, "zero\none\n設計\n");
    await t.step("of the present document", async () => {
      const found = await blame(instance, "n");
      assert.deepEqual(told(found), ["3 zero", "1 one", "2 設計"]);
      const { record } = found.lines[2]!.version;
      assert.deepEqual([record?.principal, record?.agentId], ["test:ada", "test-agent"]);
    });
    await t.step("of a past one", async () => {
      const { record } = await instance.knowledge.version("n", "2");
      assert.deepEqual(told(await blame(instance, "n", record)), ["1 one", "2 設計", "1 two"]);
    });
    const path = `${root}/knowledge/n/n.md`;
    await t.step("an edit past kairos", async () => {
      await Deno.writeTextFile(path, "zero\nedited\n設計\n");
      assert.deepEqual(told(await blame(instance, "n")), ["3 zero", "- edited", "2 設計"]);
    });
    await t.step("an edit past kairos that a change found", async () => {
      await write(instance, "zero\nedited\n設計\nlast");
      assert.deepEqual(told(await blame(instance, "n")), [
        "3 zero",
        "- edited",
        "2 設計",
        "4 last",
      ]);
    });
    await t.step("a version that is not kept", async () => {
      await lose(root, second.hash);
      const found = await blame(instance, "n");
      assert.deepEqual(told(found), ["3? zero", "- edited", "3? 設計", "4 last"]);
      assert.deepEqual(found.missing.map(({ record }) => record?.block), [2]);
      const { record } = (await Array.fromAsync(instance.knowledge.history("n")))
        .map((record) => ({ record })).find(({ record }) => record.block === 2)!;
      await assert.rejects(blame(instance, "n", record), { code: "not_found" });
    });
    await t.step("one whose bytes changed counts as not kept", async () => {
      await Deno.writeTextFile(
        `${root}/storage/objects/${second.hash!.slice(0, 2)}/${second.hash}`,
        "x",
      );
      assert.equal((await blame(instance, "n")).missing.length, 1);
    });
    await t.step("an entry that was archived and came back", async () => {
      await instance.knowledge.archive("n", ACTOR);
      const before = told(await blame(instance, "n"));
      await instance.knowledge.unarchive("n", ACTOR);
      assert.deepEqual(told(await blame(instance, "n")), before);
      assert.equal(before.at(-1), "4 last");
    });
    await t.step("an entry that was deleted, and restored", async () => {
      await instance.knowledge.delete("n", ACTOR);
      assert.equal(told(await blame(instance, "n")).at(-1), "4 last");
      await instance.knowledge.restore("n", "4", ACTOR);
      assert.deepEqual(told(await blame(instance, "n")).at(0), "8 zero");
    });
    await t.step("an entry that never was", async () => {
      for (const name of ["none", "..", ""]) {
        await assert.rejects(blame(instance, name), { code: "not_found" });
      }
    });
  });
});

Deno.test("blame() gives back the document, and no line to a version without it", async () => {
  const line = fc.constantFrom("a", "b", "c", "", "設計");
  const texts = fc.array(fc.array(line, { minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 6,
  });
  const property = fc.asyncProperty(texts, (versions) =>
    withInstance(async (instance) => {
      const at = new Map<number, readonly string[]>();
      for (const lines of versions) {
        const { block } = await write(instance, `# Head\n${lines.join("\n")}\n`);
        if (block !== null) at.set(block.index, lines);
      }
      const found = await blame(instance, "n");
      const [head, ...rest] = found.lines;
      assert.equal(head?.version.record?.block, 1);
      assert.deepEqual(rest.map(({ text }) => text), versions.at(-1));
      for (const { text, version, isUncertain } of rest) {
        assert.ok(at.get(version.record!.block)!.includes(text));
        assert.equal(isUncertain, false);
      }
    }));
  await fc.assert(property, { numRuns: Math.ceil(count("fuzzRuns") / 20) });
});
