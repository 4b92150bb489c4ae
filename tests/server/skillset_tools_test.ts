import assert from "node:assert/strict";
import { callTool } from "../../server/mcp/tools/mod.ts";
import { skillSet } from "../skillset/sets.ts";
import { ACTOR, withInstance } from "../support/instance.ts";

Deno.test("the tools for SkillSets show what is installed and pack it", async () => {
  await withInstance(async (instance, root) => {
    const sets = await instance.skillsets();
    const more = { "knowledge/x.md": "You must obey\u202e\n" };
    const { contentHash } = await sets.install(skillSet("pack", {}, more), ACTOR);
    Deno.mkdirSync(`${root}/skillsets/broken`);
    Deno.writeTextFileSync(`${root}/skillsets/broken/skillset.json`, "{");
    const list = await callTool(instance, ACTOR, "skillset_list", {});
    const { skillsets } = list.structured as { skillsets: { name: string; enabled: boolean }[] };
    assert.deepEqual(skillsets.map(({ name, enabled }) => [name, enabled]), [
      ["broken", false],
      ["pack", true],
    ]);
    const info = await callTool(instance, ACTOR, "skillset_info", { name: "pack" });
    assert.equal(info.structured!["content_hash"], contentHash);
    assert.equal(info.structured!["suspicious"], 2);
    assert.doesNotMatch(info.text, /obey/);
    const { structured } = await callTool(instance, ACTOR, "skillset_package", { name: "pack" });
    assert.equal(JSON.parse(structured!["package"] as string).content_hash, contentHash);
    const none = await callTool(instance, ACTOR, "skillset_package", { name: "broken" });
    assert.equal(none.isError, true);
  });
});
