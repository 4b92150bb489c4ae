import assert from "node:assert/strict";
import { openInstance } from "../../core/instance.ts";
import { lendingSet } from "../skillset/lending.ts";
import { ACTOR, document } from "../support/instance.ts";
import { until } from "../support/until.ts";
import { withFollowing } from "./following.ts";

Deno.test("follow() tells what SkillSets bring along and take away", async () => {
  await withFollowing(async ({ instance, root, told, following }) => {
    // Another process does what a person types meanwhile.
    const other = await openInstance(root, { mode: "write" });
    const sets = await other.skillsets();
    const names = async () =>
      (await instance.search({ query: "kingfisher" })).hits.map(({ uri, origin }) =>
        `${uri} ${origin?.skillset ?? "own"}`
      );
    const comesTo = (expected: readonly string[]) =>
      until(async () => {
        const found = await names();
        return found.length === expected.length && expected.every((one) => found.includes(one));
      }, expected.join());
    const more = { "knowledge/river_birds/assets/a.txt": "a" };
    await sets.install(lendingSet("birds", { river_birds: "A kingfisher" }, {}, more), ACTOR);
    await until(() => told.has("created knowledge://river_birds"), "the entry to be told");
    await until(() => told.has("created knowledge://river_birds/assets/a.txt"), "its file");
    await comesTo(["knowledge://river_birds birds"]);
    assert.equal(following.isReliable, true);
    await other.knowledge.create(
      { name: "river_birds", content: document("river_birds", "My own kingfisher") },
      ACTOR,
    );
    await until(() => told.has("updated knowledge://river_birds"), "the own one to be told");
    await comesTo(["knowledge://river_birds own"]);
    await other.knowledge.delete("river_birds", ACTOR);
    await comesTo(["knowledge://river_birds birds"]);
    await sets.disable("birds", ACTOR);
    await until(() => told.has("removed knowledge://river_birds"), "the entry to be gone");
    await comesTo([]);
    assert.equal((await instance.search({ query: "kingfisher" })).total, 0);
  });
});
