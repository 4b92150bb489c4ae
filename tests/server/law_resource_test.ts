import assert from "node:assert/strict";
import { KairosError } from "../../core/errors.ts";
import { openInstance } from "../../core/instance.ts";
import { canonicalHref, readContents } from "../../server/mcp/resources.ts";
import { resourcePage } from "../../server/mcp/resource_list.ts";
import { withLawIfReadable } from "../../server/mcp/law_text.ts";
import { callTool } from "../../server/mcp/tools/mod.ts";
import { evolve, withLaw } from "../evolution/law.ts";
import { ACTOR } from "../support/instance.ts";

const URI = "l0://kairos.ts";
const { signal } = new AbortController();

Deno.test("l0://kairos.ts is the decided law at every door, whatever the working copy says", async (t) => {
  await withLaw(async ({ instance, root, evolution }) => {
    await Deno.writeTextFile(`${root}/skills/kairos.md`, "# Constitution");
    await Deno.writeTextFile(`${root}/skills/kairos.ts`, "// an edit nobody decided\n");
    const { source } = await evolution.inForce();
    await t.step("resources/read", async () => {
      assert.deepEqual(await readContents(instance, URI, signal), {
        uri: URI,
        mimeType: "text/typescript",
        text: source,
      });
      assert.equal(await canonicalHref(instance, URI), URI);
    });
    await t.step("resources/list", async () => {
      const { resources } = resourcePage(await withLawIfReadable(instance));
      assert.deepEqual(resources.map(({ uri }) => uri), ["l0://kairos.md", URI]);
      assert.equal(resources[1]?.size, new TextEncoder().encode(source).length);
    });
    await t.step("the tools", async () => {
      const list = await callTool(instance, ACTOR, "resource_list", { layer: "l0" });
      assert.match(JSON.stringify(list.structured), /l0:\/\/kairos\.ts/);
      const read = await callTool(instance, ACTOR, "resource_read", { uri: URI });
      assert.equal((read.structured as { text: string }).text, source);
      assert.doesNotMatch(read.text, /nobody decided/);
    });
    await t.step("after a decision", async () => {
      await Deno.writeTextFile(`${root}/skills/kairos.ts`, source);
      await evolve(evolution, "audit_rules", { content: "Look after seven days.\n" });
      const { text } = await readContents(instance, URI, signal) as { text: string };
      assert.match(text, /seven days/);
    });
    await t.step("not where config/safety.yml blocks its name", async () => {
      await Deno.mkdir(`${root}/config`, { recursive: true });
      await Deno.writeTextFile(`${root}/config/safety.yml`, 'blocklist: ["*.ts"]\n');
      const strict = await openInstance(root, { mode: "read" });
      await assert.rejects(() => readContents(strict, URI, signal));
      const { resources } = resourcePage(await withLawIfReadable(strict));
      assert.deepEqual(resources.map(({ uri }) => uri), ["l0://kairos.md"]);
    });
  });
});

Deno.test("lists show everything else where the law cannot be read", async () => {
  await withLaw(async ({ root }) => {
    await Deno.writeTextFile(`${root}/skills/kairos.md`, "# Constitution");
    const pins = () => {
      throw new KairosError("io", "Cannot read the pins");
    };
    const instance = await openInstance(root, { mode: "read", pins });
    const { resources } = resourcePage(await withLawIfReadable(instance));
    assert.deepEqual(resources.map(({ uri }) => uri), ["l0://kairos.md"]);
    await assert.rejects(() => readContents(instance, URI, signal), /pins/);
  });
});
