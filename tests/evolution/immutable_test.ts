import assert from "node:assert/strict";
import type { JsonObject, Law } from "../../core/dsl/ast.ts";
import { printLaw } from "../../core/dsl/print.ts";
import type { Evolution } from "../../core/evolution/evolution.ts";
import { restoreState } from "../../core/state/restore.ts";
import { fails } from "./attacks.ts";
import { ASKED, AT_TERMINAL, contentInForce, PERSON, testLaw, withLaw } from "./law.ts";

const REFUSED = fails(/"Skill not immutable" failed: Immutable, .*: core_safety$/);

/** The law of tests with a list of immutable skills and a core of that content. */
function lawWith(immutable_skills: readonly string[], content: string): Law {
  const { skills } = testLaw({ ...ASKED, immutable_skills } as JsonObject);
  return { skills: skills.map((one) => one.id === "core_safety" ? { ...one, content } : one) };
}

async function adopt(evolution: Evolution, law: Law): Promise<void> {
  const { proposal: { id } } = await evolution.adopt("by hand", PERSON, printLaw(law));
  await evolution.decide(id, "approve", AT_TERMINAL, PERSON);
  await evolution.apply(id, PERSON);
}

Deno.test("no kind of change touches an immutable skill; the way leads over the list", async () => {
  const [had, next] = ["Do no harm.\n", "Do none at all.\n"];
  await withLaw(async ({ evolution, instance }) => {
    const [first] = evolution.versions();
    const state = await instance.state();
    const { hash } = await state.commit("the first law", PERSON);
    await assert.rejects(adopt(evolution, lawWith(["core_safety"], next)), REFUSED);
    await assert.rejects(adopt(evolution, lawWith([], next)), REFUSED, "not in one step");
    const gone = testLaw().skills.filter(({ id }) => id !== "core_safety");
    await assert.rejects(adopt(evolution, { skills: gone }), REFUSED, "nor by leaving it out");

    await adopt(evolution, lawWith([], had));
    await adopt(evolution, lawWith([], next));
    await adopt(evolution, lawWith(["core_safety"], next));
    assert.equal(await contentInForce(evolution, "core_safety"), next);
    await assert.rejects(evolution.rollback(first!.name, "back", PERSON), REFUSED);
    const { proposals, failed } = await restoreState(instance, state, hash, PERSON);
    assert.deepEqual([proposals, failed.length], [[], 1]);
    assert.match(failed[0]!.problem, /"Skill not immutable" failed/);
    assert.deepEqual((await evolution.audit()).findings, []);
  }, { law: lawWith(["core_safety"], had) });
});
