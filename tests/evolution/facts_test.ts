import assert from "node:assert/strict";
import { Disk } from "../../core/disk/mod.ts";
import { bindingsOf } from "../../core/dsl/formal/bindings.ts";
import { drift } from "../../core/dsl/formal/drift.ts";
import { verifyDefinition } from "../../core/dsl/formal/verify_definition.ts";
import { lawFacts } from "../../core/evolution/facts.ts";
import { initInstance } from "../../core/init.ts";
import { openInstance } from "../../core/instance.ts";
import { leaveMarker } from "../../core/ledger/marker.ts";
import { withFolder } from "../support/instance.ts";

/** The tools the law of the templates speaks of. */
const NAMED = [
  "skills_evolve",
  "skills_rollback",
  "context_save",
  "knowledge_update",
  "capability_status",
  "chain_status",
  "skills_dsl_list",
  "chain_verify",
  "chain_history",
  "skills_audit",
];

const withTemplates = (test: (root: string) => Promise<void>) =>
  withFolder(async (folder) => {
    const root = `${folder}/.kairos`;
    await initInstance(new Disk(), root, { version: "1.0.0", clock: Date.now });
    await test(root);
  });

Deno.test("lawFacts() bear out every statement of the law of the templates", async (t) => {
  await withTemplates(async (root) => {
    const instance = await openInstance(root, { mode: "read" });
    const { law } = await (await instance.evolution()).inForce();
    const facts = await lawFacts(instance);
    assert.equal(law.skills.length, 8);
    for (const skill of law.skills) {
      await t.step(skill.id, () => {
        const known = { facts, skills: law.skills, tools: NAMED };
        const report = verifyDefinition(skill, bindingsOf(known, { subject: skill }));
        const open = report.results.filter(({ outcome, type }) =>
          outcome !== "satisfied" && type !== "SemanticReasoning"
        );
        assert.deepEqual(open, []);
        assert.equal(report.all_deterministic_passed, true);
        const { summary, by_words } = drift(skill);
        assert.deepEqual([summary.coverage_ratio, by_words.summary.coverage_ratio], [1, 1]);
        assert.deepEqual([summary.total, by_words.summary.total], [0, 0]);
      });
    }
  });
});

Deno.test("lawFacts() say what the instance obeys, and when it cannot be relied on", async () => {
  await withTemplates(async (root) => {
    await Deno.writeTextFile(`${root}/skills/config.yml`, "max_evolutions_per_session: 2\n");
    await Deno.writeTextFile(`${root}/skills/law.json`, "{}");
    const instance = await openInstance(root, { mode: "read" });
    leaveMarker(new Disk(), root, "2026-01-20T10:30:00Z", []);
    const { law, chain, layers, config } = await lawFacts(instance);
    assert.equal(law?.in_force, false);
    assert.equal(chain?.intact, false);
    assert.deepEqual(law?.limits, { evolutions_per_session: 2 });
    assert.deepEqual(layers?.L0, { skills: 8 });
    assert.equal(config?.max_evolutions_per_session, 2);
  });
});
