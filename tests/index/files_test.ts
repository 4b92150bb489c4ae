import assert from "node:assert/strict";
import type { Instance } from "../../core/instance.ts";
import { withInstance } from "../support/instance.ts";
import { until } from "../support/until.ts";
import { edit, found, makeStorage } from "./folders.ts";
import { withFollowing } from "./following.ts";

const ENTRY = "knowledge/seals";

/** Writes a file beside a document. */
async function beside(root: string, path: string, content: string | Uint8Array): Promise<void> {
  const at = `${root}/${path}`;
  await Deno.mkdir(at.slice(0, at.lastIndexOf("/")), { recursive: true });
  if (typeof content === "string") await Deno.writeTextFile(at, content);
  else await Deno.writeFile(at, content);
}

/** Makes everything below a folder look as if it had been left alone for an hour. */
async function age(path: string): Promise<void> {
  const before = new Date(Date.now() - 3_600_000);
  for (const { name, isDirectory } of Deno.readDirSync(path)) {
    if (isDirectory) await age(`${path}/${name}`);
    await Deno.utime(`${path}/${name}`, before, before);
  }
}

const files = async (instance: Instance, query: string) =>
  (await instance.search({ query, archived: true })).hits
    .map(({ name, file }) => `${name} ${file}`);

Deno.test("search() finds words in references/ and scripts/, and says in which file", async (t) => {
  await withInstance(async (instance, root) => {
    await edit(root, ENTRY, "How a seal is made");
    await beside(root, `${ENTRY}/references/keys.md`, "# Keys\n\nSealed with scrypt, 鍵の導出\n");
    await beside(root, `${ENTRY}/references/deep/more.md`, "Paraffin is no seal");
    await beside(root, `${ENTRY}/scripts/make.sh`, "#!/bin/sh\nopenssl genpkey\n");
    await edit(root, "context/s/plan", "A plan");
    await beside(root, "context/s/plan/references/x.csv", "ginkgo,2\n");
    await edit(root, "knowledge/.archived/old", "Old");
    await beside(root, "knowledge/.archived/old/references/x.md", "sycamore");
    const cases: [query: string, expected: string[]][] = [
      ["scrypt", ["seals references/keys.md"]],
      ["導出", ["seals references/keys.md"]],
      ["鍵", ["seals references/keys.md"]],
      ["paraffin", ["seals references/deep/more.md"]],
      ["genpkey", ["seals scripts/make.sh"]],
      ["ginkgo", ["plan references/x.csv"]],
      ["sycamore", ["old references/x.md"]],
      ["made", ["seals null"]],
      // One word in the document, one beside it.
      ["made scrypt", ["seals null"]],
    ];
    for (const [query, expected] of cases) {
      await t.step(query, async () => assert.deepEqual(await files(instance, query), expected));
    }
    const { hits: [hit] } = await instance.search({ query: "scrypt" });
    const { text, matches: [[start, end] = [0, 0]] } = hit!.snippet!;
    assert.deepEqual([text, text.slice(start, end)], ["Sealed with scrypt, 鍵の導出", "scrypt"]);
    assert.equal(hit!.uri, "knowledge://seals");
  });
});

Deno.test("search() puts a mention in the document before one in a file beside it", async () => {
  await withInstance(async (instance, root) => {
    await edit(root, "knowledge/a", "other words");
    await beside(root, "knowledge/a/references/x.md", "deploy");
    await edit(root, "knowledge/b", `${"word ".repeat(30)} deploy`);
    for (const name of ["x", "y", "z"]) await edit(root, `knowledge/${name}`, "nothing of it");
    const answer = await instance.search({ query: "deploy" });
    assert.deepEqual(found(answer), ["knowledge://b", "knowledge://a"]);
  });
});

Deno.test("search() leaves out files that are blocked, too large, no text or elsewhere", async (t) => {
  await withInstance(async (instance, root) => {
    await edit(root, ENTRY, "How a seal is made");
    const cases: Record<string, string | Uint8Array> = {
      "references/tls.pem": "treasure",
      "references/.hidden.md": "treasure",
      "references/large.md": `treasure ${"x".repeat(200_000)}`,
      "references/bytes.md": new Uint8Array([...new TextEncoder().encode("treasure "), 0xff]),
      "references/picture.png": "treasure",
      "assets/table.md": "treasure",
      "other/table.md": "treasure",
    };
    for (const [path, content] of Object.entries(cases)) {
      await t.step(path, async () => {
        await beside(root, `${ENTRY}/${path}`, content);
        assert.deepEqual(await files(instance, "treasure"), []);
        await Deno.remove(`${root}/${ENTRY}/${path}`);
      });
    }
    await t.step("behind a link that leads outside", async () => {
      await beside(root, "../outside/linked.md", "treasure");
      await Deno.symlink(`${root}/../outside`, `${root}/${ENTRY}/references/linked`);
      assert.deepEqual(await files(instance, "treasure"), []);
    });
    await t.step("beyond what one entry may have", async () => {
      for (let at = 0; at < 9; at++) {
        await beside(root, `${ENTRY}/references/f${at}.md`, `word${at} ${"y".repeat(100_000)}`);
      }
      assert.deepEqual(await files(instance, "word4"), [`seals references/f4.md`]);
      assert.deepEqual(await files(instance, "word8"), []);
    });
  });
});

Deno.test("search() notices every change beside a document", async (t) => {
  const file = `${ENTRY}/references/keys.md`;
  const cases: Record<string, (root: string) => Promise<unknown>> = {
    "an edit": (root) => Deno.writeTextFile(`${root}/${file}`, "sealed with argon"),
    "an edit of the same size": (root) => Deno.writeTextFile(`${root}/${file}`, "argons"),
    "a file that goes": async (root) => {
      await Deno.remove(`${root}/${file}`);
      await beside(root, `${ENTRY}/scripts/x.sh`, "argons");
    },
    "a file in a folder that was empty": async (root) => {
      await Deno.remove(`${root}/${file}`);
      await beside(root, `${ENTRY}/references/empty/x.md`, "argon");
    },
    "a folder under another name": async (root) => {
      await Deno.rename(`${root}/${ENTRY}/references`, `${root}/${ENTRY}/assets`);
      await beside(root, `${ENTRY}/scripts/deep/x.sh`, "argon");
    },
  };
  for (const [name, change] of Object.entries(cases)) {
    await t.step(name, async () => {
      await withInstance(async (instance, root) => {
        await makeStorage(root);
        await edit(root, ENTRY, "How a seal is made");
        await beside(root, file, "scrypt");
        await Deno.mkdir(`${root}/${ENTRY}/references/empty`);
        await age(`${root}/knowledge`);
        assert.deepEqual(await files(instance, "scrypt"), ["seals references/keys.md"]);
        await change(root);
        assert.deepEqual(await files(instance, "scrypt"), []);
        assert.equal((await files(instance, "argon")).length, 1);
      });
    });
  }
});

Deno.test("search() of a server finds what is written beside a document", async () => {
  const prepare = async (root: string) => {
    await edit(root, ENTRY, "How a seal is made");
    await beside(root, `${ENTRY}/references/keys.md`, "scrypt");
  };
  await withFollowing(async ({ instance, root }) => {
    assert.deepEqual(await files(instance, "scrypt"), ["seals references/keys.md"]);
    await Deno.writeTextFile(`${root}/${ENTRY}/references/keys.md`, "argon");
    // Whatever is told and when: no hit shows what is not there.
    assert.deepEqual(await files(instance, "scrypt"), []);
    await until(async () => (await files(instance, "argon")).length === 1, "the new text");
  }, { prepare });
});
