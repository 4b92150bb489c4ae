import assert from "node:assert/strict";
import { callTool } from "../../server/mcp/tools/mod.ts";
import { AT_TERMINAL, contentInForce, PERSON, withLaw } from "../evolution/law.ts";
import { ACTOR, document } from "../support/instance.ts";

const NOTE = "---\nname: plan\ndescription: 試した手順\ntags: [a]\n---\n\n# 手順\n\nIt works.\n";

Deno.test("skills_promote carries a note to knowledge with a relation to it, and records it", async () => {
  await withLaw(async ({ instance }) => {
    const call = (args: unknown) => callTool(instance, ACTOR, "skills_promote", args);
    await instance.context.save({ session: "s1", name: "plan", content: NOTE }, ACTOR);
    const step = { source_name: "plan", from_layer: "L2", session_id: "s1", target_name: "手順" };
    const looked = await call({ command: "analyze", ...step, personas: ["skeptic"] });
    assert.match(looked.text, /Target 手順 is new\.[^]*Ask first:\n[^]*\n- skeptic$/);
    const done = await call({ command: "promote", ...step, reason: "three times" });
    assert.match(done.text, /^SUCCESS: Created knowledge 手順 from note plan, block #\d+$/);
    const { fields, body } = instance.knowledge.get("手順");
    assert.deepEqual(fields["relations"], [{ type: "informed_by", target: "v1:s1/plan" }]);
    assert.deepEqual([fields["name"], fields["description"]], ["手順", "試した手順"]);
    assert.equal(body.trim(), "# 手順\n\nIt works.");
    const [committed, promoted] = [...instance.store.ledger.newest()].map(({ data }) => data[0]!);
    assert.equal(JSON.parse(promoted!).reason, "Promotion: three times");
    assert.match(JSON.parse(committed!).reason, /^Auto-commit \(promotion\)/);
    const again = await call({ command: "promote", ...step });
    assert.match(again.text, /^No changes detected/);
  });
});

Deno.test("skills_promote makes knowledge law by a decided proposal only", async () => {
  await withLaw(async ({ instance, evolution }) => {
    const call = (args: unknown) => callTool(instance, ACTOR, "skills_promote", args);
    const step = { command: "promote", source_name: "rule", from_layer: "L1", reason: "proved" };
    const rule = document("rule", "Look twice.");
    await instance.knowledge.create({ name: "rule", content: rule }, ACTOR);
    const to = { ...step, target_name: "audit_rules" };
    const { text, structured } = await call(to);
    assert.match(text, /^PENDING: It waits for a person/);
    const { id, kind } = structured!.proposal as { id: string; kind: string };
    assert.equal(kind, "promotion");
    assert.equal(await contentInForce(evolution, "audit_rules"), "Look after 180 days.\n");
    await evolution.decide(id, "approve", AT_TERMINAL, PERSON);
    await evolution.apply(id, PERSON);
    assert.equal(await contentInForce(evolution, "audit_rules"), "Look twice.\n");

    const foreign = rule.replace("---\n\n", "origin: peer:bob\n---\n\n");
    await instance.knowledge.update({ name: "rule", content: foreign }, ACTOR);
    const refused = await call({ ...to, target_name: "chain_awareness" });
    assert.match(refused.text, /"Content from this instance" failed: It comes from "peer:bob"/);
  });
});

Deno.test("skills_promote refuses what is no step to the next layer", async (t) => {
  const cases: readonly [args: Record<string, unknown>, code: string, text: RegExp][] = [
    [{}, "usage", /source_name or from_layer is missing/],
    [{ source_name: "x", from_layer: "L2" }, "usage", /session_id/],
    [
      { source_name: "x", from_layer: "L2", session_id: "s", to_layer: "L0" },
      "invalid",
      /Invalid transition: L2 → L0/,
    ],
    [{ source_name: "x", from_layer: "L1", to_layer: "L1" }, "invalid", /L1 → L1/],
    [{ source_name: "no", from_layer: "L1" }, "not_found", /"no" not found/],
    [{ source_name: "rule", from_layer: "L1", reason: "r" }, "refused", /allowed_skills/],
    [
      { source_name: "rule", from_layer: "L1", target_name: "core_safety", reason: "r" },
      "refused",
      /"Skill not immutable" failed/,
    ],
  ];
  await withLaw(async ({ instance }) => {
    await instance.knowledge.create({ name: "rule", content: document("rule", "x") }, ACTOR);
    for (const [args, code, text] of cases) {
      await t.step(JSON.stringify(args), async () => {
        const before = instance.store.ledger.head().length;
        const command = { command: "promote", ...args };
        const result = await callTool(instance, ACTOR, "skills_promote", command);
        assert.equal(result.code, code, result.text);
        assert.match(result.text, text);
        assert.equal(instance.store.ledger.head().length, before, "nothing is written");
      });
    }
  });
});

Deno.test("skills_promote suggests notes that say what they are about", async () => {
  await withLaw(async ({ instance }) => {
    const suggest = { command: "suggest" };
    const none = await callTool(instance, ACTOR, "skills_promote", suggest);
    assert.match(none.text, /^No note of that session/);
    const about = "How to take a backup while others write, and what to look at afterwards";
    const long = NOTE.replace("試した手順", about);
    await instance.context.save({ session: "s1", name: "plan", content: NOTE }, ACTOR);
    await instance.context.save({ session: "s1", name: "backup", content: long }, ACTOR);
    const { structured } = await callTool(instance, ACTOR, "skills_promote", suggest);
    const found = [{ session_id: "s1", name: "backup", description: about }];
    assert.deepEqual(structured!.candidates, found);
  });
});
