import assert from "node:assert/strict";
import fc from "fast-check";
import type { Instance } from "../../core/instance.ts";
import { listResources } from "../../core/layers/list_resources.ts";
import { readResource } from "../../core/layers/read_resource.ts";
import { mediaTypeOf } from "../../core/layers/resource_mime.ts";
import { parseResourceUri } from "../../core/layers/resource_uri.ts";
import { openInstance } from "../../core/instance.ts";
import { KairosError } from "../../core/errors.ts";
import { count } from "../counts.ts";
import { withInstance } from "../support/instance.ts";

const FILES: Readonly<Record<string, string | Uint8Array>> = {
  "skills/kairos.md": "# Constitution",
  "skills/kairos.rb": "skill :x",
  "skills/config.yml": "http:\n  port: 9000\n",
  "skills/.hidden.md": "no",
  "knowledge/notes/notes.md": "# Notes",
  "knowledge/notes/scripts/run.sh": "echo hi",
  "knowledge/notes/scripts/deep/er/x.py": "pass",
  "knowledge/notes/assets/logo.svg": "<svg/>",
  "knowledge/notes/assets/raw.bin": new Uint8Array([0, 1, 2]),
  "knowledge/notes/assets/broken.txt": new Uint8Array([0xff, 0xfe]),
  "knowledge/notes/assets/.env.local": "SECRET",
  "knowledge/notes/assets/tls.pem": "SECRET",
  "knowledge/notes/.env/readme.md": "SECRET",
  "knowledge/notes/key.key/readme.md": "SECRET",
  "knowledge/other/readme.md": "# Other",
  "knowledge/.archived/old/old.md": "old",
  "knowledge/日本 語/日本 語.md": "# 日本",
  "context/s1/note/note.md": "first",
  "context/s2/note/note.md": "second",
  "context/s2/note/references/a.json": "{}",
  "outside/secret.md": "SECRET",
};

/** Runs a test with an instance that holds the files above. */
async function withFiles(
  test: (instance: Instance, root: string) => Promise<void> | void,
): Promise<void> {
  await withInstance(async (instance, root) => {
    for (const [path, content] of Object.entries(FILES)) {
      await Deno.mkdir(`${root}/${path.slice(0, path.lastIndexOf("/"))}`, { recursive: true });
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      await Deno.writeFile(`${root}/${path}`, bytes);
    }
    await Deno.chmod(`${root}/knowledge/notes/scripts/run.sh`, 0o755);
    await test(instance, root);
  });
}

Deno.test("readResource() reads each layer by its address", async (t) => {
  const cases: readonly [uri: string, text: string | null, type: string, path: string][] = [
    ["l0://kairos.md", "# Constitution", "md", "skills/kairos.md"],
    ["l0://kairos.rb", "skill :x", "dsl", "skills/kairos.rb"],
    ["knowledge://notes", "# Notes", "md", "knowledge/notes/notes.md"],
    ["knowledge://other", "# Other", "md", "knowledge/other/readme.md"],
    ["knowledge://日本 語", "# 日本", "md", "knowledge/日本 語/日本 語.md"],
    ["knowledge://notes/scripts/run.sh", "echo hi", "script", "knowledge/notes/scripts/run.sh"],
    [
      "knowledge://notes/scripts/deep/er/x.py",
      "pass",
      "script",
      "knowledge/notes/scripts/deep/er/x.py",
    ],
    ["knowledge://notes/assets/logo.svg", null, "asset", "knowledge/notes/assets/logo.svg"],
    ["knowledge://notes/assets/raw.bin", null, "asset", "knowledge/notes/assets/raw.bin"],
    ["knowledge://notes/assets/broken.txt", null, "asset", "knowledge/notes/assets/broken.txt"],
    ["context://s1/note", "first", "md", "context/s1/note/note.md"],
    ["context://note", "second", "md", "context/s2/note/note.md"],
    ["context://s2/note/references/a.json", "{}", "reference", "context/s2/note/references/a.json"],
  ];
  await withFiles(async (instance) => {
    for (const [uri, text, type, path] of cases) {
      await t.step(uri, () => {
        const found = readResource(instance, uri);
        assert.deepEqual([found.text, found.type, found.path], [text, type, path]);
      });
    }
    await t.step("tells the session that was found", () => {
      assert.equal(readResource(instance, "context://note").uri, "context://s2/note");
    });
    await t.step("tells what may be executed", () => {
      const { executable, size, mime } = readResource(instance, "knowledge://notes/scripts/run.sh");
      assert.deepEqual([executable, size, mime], [true, 7, "application/x-sh"]);
    });
  });
});

Deno.test("readResource() serves nothing outside of its layers and nothing that is blocked", async (t) => {
  const cases: Readonly<Record<string, string>> = {
    "": "invalid",
    "kairos.md": "invalid",
    "file:///etc/passwd": "invalid",
    "KNOWLEDGE://notes": "invalid",
    "l0://": "invalid",
    "l0://config.yml": "not_found",
    "l0://.hidden.md": "refused",
    "l0://versions/x.md": "not_found",
    "l0://../outside/secret.md": "refused",
    "knowledge://nope": "not_found",
    "knowledge://notes/": "invalid",
    "knowledge://notes//x": "invalid",
    "knowledge://notes/scripts": "invalid",
    "knowledge://notes/scripts/nope.sh": "not_found",
    "knowledge://../outside": "refused",
    "knowledge://notes/../other/readme.md": "refused",
    "knowledge://notes/scripts/../../../outside/secret.md": "refused",
    "knowledge://notes/%2e%2e/other/readme.md": "refused",
    "knowledge://notes/scripts/run%2Esh": "refused",
    "knowledge://notes/scripts/run.sh\0.md": "refused",
    "knowledge://notes\\scripts\\run.sh": "refused",
    "knowledge://.archived/old": "refused",
    "knowledge://notes/assets/.env.local": "refused",
    "knowledge://notes/assets/tls.pem": "refused",
    "knowledge://notes/assets/TLS.PEM": "refused",
    "knowledge://notes/.env/readme.md": "refused",
    "knowledge://notes/key.key/readme.md": "refused",
    "context://s1": "not_found",
    "context://s1/..": "refused",
    "context://../knowledge/notes": "refused",
  };
  await withFiles(async (instance) => {
    for (const [uri, code] of Object.entries(cases)) {
      await t.step(uri || "an empty address", () => {
        assert.throws(() => readResource(instance, uri), { code });
      });
    }
    await t.step("an address that is too long or too deep", () => {
      const long = `knowledge://${"x".repeat(5000)}`;
      assert.throws(() => readResource(instance, long), { code: "invalid" });
      const deep = `knowledge://${"a/".repeat(40)}a`;
      assert.throws(() => readResource(instance, deep), { code: "invalid" });
    });
  });
});

Deno.test("readResource() judges links by where they lead", async (t) => {
  await withFiles(async (instance, root) => {
    const at = `${root}/knowledge/notes/scripts`;
    await Deno.symlink(`${root}/outside/secret.md`, `${at}/out.md`);
    await Deno.symlink(`${root}/outside`, `${at}/folder`);
    await Deno.symlink("../assets/tls.pem", `${at}/innocent.txt`);
    await Deno.symlink("../assets/logo.svg", `${at}/logo.svg`);
    await Deno.symlink("../../other/readme.md", `${at}/other.md`);
    await Deno.symlink("loop.md", `${at}/loop.md`);
    await Deno.symlink(`${root}/outside`, `${root}/knowledge/linked`);
    const refused = ["out.md", "folder/secret.md", "innocent.txt"];
    for (const name of refused) {
      await t.step(`refuses ${name}`, () => {
        const uri = `knowledge://notes/scripts/${name}`;
        assert.throws(() => readResource(instance, uri), { code: "refused" });
      });
    }
    await t.step("refuses an entry that is a link to the outside", () => {
      assert.throws(() => readResource(instance, "knowledge://linked"), { code: "refused" });
      assert.throws(() => readResource(instance, "knowledge://linked/secret.md"), {
        code: "refused",
      });
    });
    await t.step("does not hang on a loop", () => {
      const uri = "knowledge://notes/scripts/loop.md";
      assert.throws(() => readResource(instance, uri), (error) => error instanceof KairosError);
    });
    await t.step("follows a link that stays inside", () => {
      const inside = readResource(instance, "knowledge://notes/scripts/other.md");
      assert.equal(inside.text, "# Other");
    });
    await Deno.remove(`${at}/loop.md`);
    await t.step("lists none of what it would refuse", () => {
      const uris = [...listResources(instance)].map(({ uri }) => uri);
      assert.ok(uris.includes("knowledge://notes/scripts/other.md"));
      for (const name of refused) {
        assert.ok(!uris.includes(`knowledge://notes/scripts/${name}`), name);
      }
      assert.ok(!uris.some((uri) => uri.includes("linked")), "the linked entry");
    });
  });
});

Deno.test("readResource() keeps to the limit of config/safety.yml", async () => {
  await withFiles(async (_instance, root) => {
    await Deno.mkdir(`${root}/config`);
    const rules = 'limits:\n  max_read_bytes: 7\nblocklist:\n- "other*"\n';
    await Deno.writeTextFile(`${root}/config/safety.yml`, rules);
    const instance = await openInstance(root, { mode: "read" });
    assert.equal(readResource(instance, "knowledge://notes").text, "# Notes");
    await Deno.writeTextFile(`${root}/knowledge/notes/notes.md`, "12345678");
    assert.throws(() => readResource(instance, "knowledge://notes"), {
      code: "too_large",
      hint: /limits\.max_read_bytes in config\/safety\.yml/,
    });
    assert.throws(() => readResource(instance, "knowledge://other"), { code: "refused" });
  });
});

Deno.test("listResources() lists every layer in order, and nothing that is blocked", async (t) => {
  await withFiles(async (instance, root) => {
    await t.step("all of it", () => {
      assert.deepEqual([...listResources(instance)].map(({ uri }) => uri), [
        "l0://kairos.md",
        "l0://kairos.rb",
        "knowledge://notes",
        "knowledge://notes/assets/broken.txt",
        "knowledge://notes/assets/logo.svg",
        "knowledge://notes/assets/raw.bin",
        "knowledge://notes/scripts/deep/er/x.py",
        "knowledge://notes/scripts/run.sh",
        "knowledge://other",
        "knowledge://日本 語",
        "context://s1/note",
        "context://s2/note",
        "context://s2/note/references/a.json",
      ]);
    });
    await t.step("by layer, type and text", () => {
      const uris = (filter: Parameters<typeof listResources>[1]) =>
        [...listResources(instance, filter)].map(({ uri }) => uri);
      assert.deepEqual(uris({ layer: "l0" }), ["l0://kairos.md", "l0://kairos.rb"]);
      assert.deepEqual(uris({ type: "references" }), ["context://s2/note/references/a.json"]);
      assert.deepEqual(uris({ filter: "RUN.sh" }), ["knowledge://notes/scripts/run.sh"]);
      assert.equal(uris({ layer: "l1", type: "md" }).length, 3);
      assert.equal(uris({ layer: "l0", type: "md" }).length, 2);
    });
    await t.step("every address it lists can be read", () => {
      for (const { uri, size, type } of listResources(instance)) {
        const { bytes, ...found } = readResource(instance, uri);
        assert.deepEqual([found.uri, bytes.length, found.type], [uri, size, type]);
      }
    });
    await t.step("no deeper than config/safety.yml allows", async () => {
      await Deno.mkdir(`${root}/config`);
      await Deno.writeTextFile(`${root}/config/safety.yml`, "limits:\n  max_tree_depth: 1\n");
      const strict = await openInstance(root, { mode: "read" });
      const uris = [...listResources(strict)].map(({ uri }) => uri);
      assert.ok(uris.includes("knowledge://notes/scripts/run.sh"));
      assert.ok(!uris.includes("knowledge://notes/scripts/deep/er/x.py"));
    });
  });
});

Deno.test("readResource() never serves a secret, whatever the address", async () => {
  await withFiles((instance) => {
    const part = fc.constantFrom(
      "notes",
      "..",
      ".",
      "",
      "outside",
      "secret.md",
      ".env",
      ".env.local",
      "assets",
      "scripts",
      "%2e%2e",
      "tls.pem",
      "\0",
      "readme.md",
      "key.key",
      "s1",
      "note",
    );
    const scheme = fc.constantFrom("l0://", "knowledge://", "context://", "");
    const property = fc.property(scheme, fc.array(part, { maxLength: 6 }), (start, parts) => {
      try {
        const { bytes } = readResource(instance, start + parts.join("/"));
        assert.ok(!new TextDecoder().decode(bytes).includes("SECRET"));
      } catch (error) {
        assert.ok(error instanceof KairosError && error.code !== "internal", String(error));
      }
    });
    fc.assert(property, { numRuns: count("fuzzRuns") });
  });
});

Deno.test("parseResourceUri() takes names as they are written", () => {
  assert.deepEqual(parseResourceUri("knowledge://100%/a b?c#d").segments, ["100%", "a b?c#d"]);
});

Deno.test("mediaTypeOf() shows no picture as text and knows nothing by a prototype's name", () => {
  assert.equal(mediaTypeOf("a.constructor").mime, "application/octet-stream");
  assert.equal(mediaTypeOf("a.svg").isText, false);
  assert.deepEqual(mediaTypeOf("A.MD"), {
    mime: "text/markdown",
    isText: true,
    language: "markdown",
  });
});
