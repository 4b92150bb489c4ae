import assert from "node:assert/strict";
import type { Instance } from "../../core/instance.ts";
import { openInstance } from "../../core/instance.ts";
import { complete } from "../../server/mcp/completion.ts";
import { mcpFactory } from "../../server/mcp/factory.ts";
import { resourcePage } from "../../server/mcp/resource_list.ts";
import { readContents, RESOURCE_TEMPLATES } from "../../server/mcp/resources.ts";
import { ACTOR, document, withInstance } from "../support/instance.ts";

const FILES: Readonly<Record<string, string | Uint8Array>> = {
  "skills/kairos.md": "# Constitution",
  "knowledge/notes/notes.md": document("notes", "One."),
  "knowledge/notes/scripts/run it.sh": "echo hi",
  "knowledge/notes/scripts/100%25.sh": "echo 25",
  "knowledge/notes/assets/raw.bin": new Uint8Array([0, 1, 255]),
  "knowledge/notes/assets/logo.svg": "<svg/>",
  "knowledge/notes/assets/tls.pem": "SECRET",
  "knowledge/notes/assets/.env": "SECRET",
  "knowledge/notes/assets/wide\u202e.txt": "hidden in its name",
  "knowledge/日本 語/日本 語.md": "# 日本",
  "knowledge/broken/broken.md": "---\nname: [\n---\n",
  "context/s1/plan/plan.md": document("plan", "First."),
  "context/s1/plan/references/a.json": "{}",
  "outside/secret.md": "SECRET",
};

const { signal } = new AbortController();

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
    await test(instance, root);
  });
}

Deno.test("resourcePage() tells what each resource is, and can be read from as it is", async (t) => {
  await withFiles(async (instance, root) => {
    const { resources, nextCursor } = resourcePage(instance);
    const row = (uri: string) => resources.find((one) => one.uri === uri);
    await t.step("the law", () => {
      assert.deepEqual(row("l0://kairos.md"), {
        uri: "l0://kairos.md",
        name: "kairos.md",
        title: "kairos.md",
        description: "Law of this instance (L0)",
        mimeType: "text/markdown",
        size: 14,
      });
    });
    await t.step("an entry, described by itself", () => {
      const { title, description, mimeType } = row("knowledge://notes")!;
      assert.deepEqual([title, description, mimeType], ["notes", "About notes", "text/markdown"]);
    });
    await t.step("an entry that does not say, or cannot be read", () => {
      assert.equal(row("knowledge://broken")?.description, "Knowledge (L1)");
      const japanese = row("knowledge://%E6%97%A5%E6%9C%AC%20%E8%AA%9E");
      assert.deepEqual([japanese?.title, japanese?.description], ["日本 語", "Knowledge (L1)"]);
    });
    await t.step("a file of an entry", () => {
      assert.deepEqual(row("knowledge://notes/scripts/run%20it.sh"), {
        uri: "knowledge://notes/scripts/run%20it.sh",
        name: "notes/scripts/run it.sh",
        title: "notes/scripts/run it.sh",
        description: "Script of knowledge (L1)",
        mimeType: "application/x-sh",
        size: 7,
      });
    });
    await t.step("a note of a session and its file", () => {
      assert.equal(row("context://s1/plan")?.description, "About plan");
      assert.equal(row("context://s1/plan/references/a.json")?.mimeType, "application/json");
    });
    await t.step("nothing that is blocked or hides something in its name", () => {
      assert.equal(nextCursor, undefined);
      assert.ok(!resources.some(({ uri }) => /tls|env|outside|wide/.test(uri)));
    });
    await t.step("every address is a URL written the only way", () => {
      for (const { uri } of resources) assert.equal(new URL(uri).href, uri);
    });
    await t.step("every address can be read", async () => {
      for (const { uri, mimeType, size } of resources) {
        const found = await readContents(instance, uri, signal);
        const length = "text" in found
          ? new TextEncoder().encode(found.text).length
          : atob(found.blob).length;
        assert.deepEqual([found.uri, found.mimeType, length], [uri, mimeType, size]);
      }
    });
    await t.step("what was added meanwhile", async () => {
      await Deno.mkdir(`${root}/knowledge/later`);
      await Deno.writeTextFile(`${root}/knowledge/later/later.md`, "x");
      assert.ok(resourcePage(instance).resources.some(({ uri }) => uri === "knowledge://later"));
    });
  });
});

Deno.test("resourcePage() pages through more than fit on one", async () => {
  await withInstance(async (instance, root) => {
    await Deno.mkdir(`${root}/knowledge/many/assets`, { recursive: true });
    await Deno.writeTextFile(`${root}/knowledge/many/many.md`, "x");
    for (let at = 0; at < 1010; at++) {
      await Deno.writeTextFile(`${root}/knowledge/many/assets/${at}.txt`, "");
    }
    const seen: string[] = [];
    const sizes: number[] = [];
    let cursor: string | undefined;
    do {
      const page = resourcePage(instance, cursor);
      sizes.push(page.resources.length);
      seen.push(...page.resources.map(({ uri }) => uri));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    assert.deepEqual(sizes, [500, 500, 11]);
    assert.equal(new Set(seen).size, 1011);
    assert.throws(() => resourcePage(instance, "garbage"), { code: -32602 });
  });
});

Deno.test("readContents() gives text as text and the rest as base64", async (t) => {
  await withFiles(async (instance) => {
    const cases: readonly [uri: string, expected: Record<string, string>][] = [
      ["l0://kairos.md", { mimeType: "text/markdown", text: "# Constitution" }],
      ["knowledge://日本 語", {
        uri: "knowledge://%E6%97%A5%E6%9C%AC%20%E8%AA%9E",
        mimeType: "text/markdown",
        text: "# 日本",
      }],
      ["knowledge://notes/scripts/100%2525.sh", { mimeType: "application/x-sh", text: "echo 25" }],
      ["knowledge://notes/assets/raw.bin", {
        mimeType: "application/octet-stream",
        blob: "AAH/",
      }],
      ["knowledge://notes/assets/logo.svg", { mimeType: "image/svg+xml", blob: btoa("<svg/>") }],
    ];
    for (const [uri, expected] of cases) {
      await t.step(uri, async () => {
        assert.deepEqual(await readContents(instance, uri, signal), { uri, ...expected });
      });
    }
    await t.step("a past version", async () => {
      const write = { name: "notes", content: document("notes", "Two.") };
      const { hash } = await instance.knowledge.update(write, ACTOR);
      const found = await readContents(instance, `object://${hash}`, signal);
      assert.deepEqual(found, {
        uri: `object://${hash}`,
        mimeType: "text/markdown",
        text: document("notes", "Two."),
      });
    });
  });
});

Deno.test("readContents() tells what it cannot read, and never a secret", async (t) => {
  const missing = -32602;
  const cases: Readonly<Record<string, string | null>> = {
    "knowledge://nope": null,
    "knowledge://notes/scripts/nope.sh": null,
    "test://nope": null,
    "no address": null,
    "": null,
    "knowledge://%ff": null,
    [`object://${"0".repeat(64)}`]: null,
    "object://../../skills/config.yml": null,
    "knowledge://notes/assets/tls.pem": "refused",
    "knowledge://notes/assets/tls%2Epem": "refused",
    "knowledge://notes/assets/%2Eenv": "refused",
    "knowledge://notes/assets/..%2F..%2F..%2Foutside%2Fsecret.md": "refused",
    "knowledge://notes%2F..%2F..%2Foutside/secret.md": "refused",
    "knowledge://notes/assets/raw.bin%00": "refused",
  };
  await withFiles(async (instance, root) => {
    for (const [uri, code] of Object.entries(cases)) {
      await t.step(uri || "an empty address", async () => {
        await assert.rejects(() => readContents(instance, uri, signal), (error) => {
          const { name: _name, message, ...fields } = error as Error;
          const data = code === null ? { uri } : { uri, code };
          assert.deepEqual({ ...fields }, { code: missing, data });
          assert.ok(!message.includes("SECRET") && !message.includes(root), message);
          return true;
        });
      });
    }
    await t.step("more than config/safety.yml allows", async () => {
      await Deno.mkdir(`${root}/config`);
      await Deno.writeTextFile(`${root}/config/safety.yml`, "limits:\n  max_read_bytes: 2\n");
      const strict = await openInstance(root, { mode: "read" });
      const uri = "knowledge://notes/assets/raw.bin";
      await assert.rejects(() => readContents(strict, uri, signal), {
        code: missing,
        data: { uri, code: "too_large" },
      });
    });
    await t.step("damage is our fault, not the caller's", async () => {
      const write = { name: "kept", content: "x" };
      const { hash } = await instance.knowledge.create(write, ACTOR);
      await Deno.writeTextFile(`${root}/storage/objects/${hash!.slice(0, 2)}/${hash}`, "other");
      await assert.rejects(() => readContents(instance, `object://${hash}`, signal), {
        code: -32603,
      });
    });
  });
});

Deno.test("complete() offers names, those that begin so first", async (t) => {
  const values = (instance: Instance, uri: string, name: string, value: string, session?: string) =>
    complete(instance, {
      ref: { type: "ref/resource", uri },
      argument: { name, value },
      ...(session === undefined ? {} : { context: { arguments: { session } } }),
    }).values;
  await withFiles(async (instance, root) => {
    const [entry, , note] = RESOURCE_TEMPLATES.map(({ uriTemplate }) => uriTemplate);
    await t.step("of entries", () => {
      assert.deepEqual(values(instance, entry!, "name", ""), ["broken", "notes", "日本 語"]);
      assert.deepEqual(values(instance, entry!, "name", "O"), ["broken", "notes"]);
      assert.deepEqual(values(instance, entry!, "name", "語"), ["日本 語"]);
    });
    await t.step("of sessions and their notes", async () => {
      await Deno.mkdir(`${root}/context/s2/other`, { recursive: true });
      assert.deepEqual(values(instance, note!, "session", "s"), ["s2", "s1"]);
      assert.deepEqual(values(instance, note!, "name", ""), ["other", "plan"]);
      assert.deepEqual(values(instance, note!, "name", "", "s1"), ["plan"]);
    });
    await t.step("of what has none", () => {
      assert.deepEqual(values(instance, entry!, "path", ""), []);
      assert.deepEqual(values(instance, "object://{sha256}", "sha256", ""), []);
      assert.deepEqual(values(instance, "test://{name}", "name", ""), []);
    });
    await t.step("of prompts", () => {
      const prompt = (name: string, argument: string) =>
        complete(instance, {
          ref: { type: "ref/prompt", name },
          argument: { name: argument, value: "" },
        }).values;
      assert.deepEqual(prompt("close_session", "session"), ["s2", "s1"]);
      assert.deepEqual(prompt("review_changes", "name"), ["broken", "notes", "日本 語"]);
      assert.deepEqual(prompt("start_session", "task"), []);
      assert.deepEqual(prompt("nope", "name"), []);
    });
    await t.step("no more than the protocol lets out", async () => {
      for (let at = 0; at < 120; at++) await Deno.mkdir(`${root}/knowledge/entry${at}`);
      const { values, total, hasMore } = complete(instance, {
        ref: { type: "ref/resource", uri: entry! },
        argument: { name: "name", value: "entry" },
      });
      assert.deepEqual([values.length, total, hasMore], [100, 120, true]);
    });
  });
});

Deno.test("mcpFactory() tells which answers are for one client alone", async () => {
  const { createMcpHandler } = await import("@modelcontextprotocol/server");
  await withFiles(async (instance) => {
    const handler = createMcpHandler(mcpFactory(instance, { actor: ACTOR, version: "1.2.3" }));
    const ask = async (method: string, params: Record<string, unknown> = {}) => {
      const _meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { name: "modern", version: "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
      };
      const name = params.uri ?? params.name;
      const response = await handler.fetch(
        new Request("http://localhost/mcp", {
          method: "POST",
          headers: {
            "content-type": "application/json",
            accept: "application/json, text/event-stream",
            "mcp-protocol-version": "2026-07-28",
            "mcp-method": method,
            ...(name === undefined ? {} : { "mcp-name": String(name) }),
          },
          body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } }),
        }),
      );
      const text = await response.text();
      const { result } = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);
      assert.notEqual(result, undefined, text);
      return [result.cacheScope, typeof result.ttlMs];
    };
    try {
      assert.deepEqual(await ask("resources/list"), ["private", "number"]);
      assert.deepEqual(await ask("resources/read", { uri: "l0://kairos.md" }), [
        "private",
        "number",
      ]);
      assert.deepEqual(await ask("resources/templates/list"), ["public", "number"]);
      assert.deepEqual(await ask("prompts/list"), ["public", "number"]);
    } finally {
      await handler.close();
    }
  });
});
