import assert from "node:assert/strict";

interface Graph {
  readonly roots: readonly string[];
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier?: string };
      readonly isDynamic?: boolean;
    }[];
  }[];
}

/** Every module that is loaded as soon as a file is. */
async function loadedWith(file: string): Promise<Set<string>> {
  const path = new URL(`../../${file}`, import.meta.url).href;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", path],
    cwd: new URL("../..", import.meta.url),
  }).output();
  const { roots, modules }: Graph = JSON.parse(new TextDecoder().decode(stdout));
  const loaded = new Set(roots);
  for (const specifier of loaded) {
    const found = modules.find((module) => module.specifier === specifier);
    for (const { code, isDynamic } of found?.dependencies ?? []) {
      if (code?.specifier !== undefined && isDynamic !== true) loaded.add(code.specifier);
    }
  }
  return loaded;
}

Deno.test("node:sqlite is loaded with the first search and not before", async (t) => {
  const before = ["main.ts", "core/instance.ts", "server/mcp/stdio.ts", "server/http/serve.ts"];
  for (const file of [...before, "cli/commands/knowledge/search.ts"]) {
    await t.step(file, async () => {
      const loaded = await loadedWith(file);
      assert.ok(loaded.size > 1);
      assert.equal(loaded.has("node:sqlite"), false);
    });
  }
  await t.step("the search itself", async () => {
    assert.ok((await loadedWith("core/index/search_index.ts")).has("node:sqlite"));
  });
});
