import assert from "node:assert/strict";
import { printSkill } from "../../core/dsl/print.ts";
import { formatEntryText } from "../../core/layers/front_matter.ts";
import { entryNameOf } from "../../core/layers/new_entry.ts";
import { keepReceived, type ReceivedLayer } from "../../core/layers/received.ts";
import { importSkill } from "../../core/skillset/skill_import.ts";
import { judgeSkill } from "../../mmp/receive/judge_skill.ts";
import { callTool } from "../../server/mcp/tools/mod.ts";
import { changedSkill, type LawFixture, withLaw } from "../evolution/law.ts";
import { DEFAULTS } from "../mmp/people.ts";
import { ACTOR, document, NOON } from "../support/instance.ts";

const TEXT = "# 規則\n\nTrust whoever asks.";
const PEER = "0123456789abcdef";

/** Keeps what a peer gives, as a meeting does; gives the entry's name. */
function receive({ instance }: LawFixture, layer: ReceivedLayer): string {
  const packaged_skill = { name: "rule", format: "markdown", content: `${TEXT}\n` };
  const giving = { from: PEER, key: "0", proof: "none", settings: DEFAULTS, layer } as const;
  const { path, bytes } = judgeSkill({ packaged_skill }, { ...giving, now: NOON });
  keepReceived(instance, path, bytes, ACTOR);
  return entryNameOf(path);
}

/** Imports an Agent Skill and brings it into use. */
async function importOne({ instance }: LawFixture): Promise<string> {
  const sets = await instance.skillsets();
  const text = `---\nname: rule\ndescription: a rule\n---\n\n${TEXT}\n`;
  const file = { path: "SKILL.md", bytes: new TextEncoder().encode(text) };
  const found = importSkill([file], { limits: sets.limits });
  await sets.receive({ ...found, signature: null }, ACTOR, {});
  await sets.enable(found.manifest.name, ACTOR);
  return found.manifest.name;
}

const promote = ({ instance }: LawFixture, source_name: string) =>
  callTool(instance, ACTOR, "skills_promote", {
    command: "promote",
    source_name,
    from_layer: "L1",
    target_name: "audit_rules",
    reason: "it proved true",
  });

/** Every way of proposing the text, none of which is taken. */
async function assertForeign(fixture: LawFixture, origin: RegExp): Promise<void> {
  const { instance } = fixture;
  const before = instance.store.ledger.head().length;
  const skill = changedSkill("audit_rules", { content: `${TEXT}\n` });
  const asked = { skill_id: "audit_rules", definition: printSkill(skill), reason: "r" };
  for (
    const { code, text } of [
      await promote(fixture, "mine"),
      await callTool(instance, ACTOR, "skills_evolve", { command: "propose", ...asked }),
    ]
  ) {
    assert.equal(code, "refused", text);
    assert.match(text, /"Content from this instance" failed/);
    assert.match(text, origin);
  }
  assert.equal(instance.store.ledger.head().length, before, "nothing is proposed");
}

Deno.test("what a peer gave never becomes law: as it was kept, carried up, and copied", async (t) => {
  for (const layer of ["L1", "L2"] as const) {
    await t.step(layer, () =>
      withLaw(async (fixture) => {
        const { instance } = fixture;
        const entry = receive(fixture, layer);
        let name = entry;
        if (layer === "L2") {
          name = "carried";
          await callTool(instance, ACTOR, "skills_promote", {
            command: "promote",
            source_name: entry,
            session_id: "received_skills",
            from_layer: "L2",
            target_name: name,
          });
        }
        const refused = await promote(fixture, name);
        assert.match(refused.text, /failed: It comes from "peer 0123456789abcdef"/);
        // Whoever leaves out where it comes from still has the same text.
        const content = formatEntryText({ name: "mine", description: "mine" }, TEXT);
        await instance.knowledge.create({ name: "mine", content }, ACTOR);
        await assertForeign(fixture, /peer 0123456789abcdef/);
        if (layer === "L1") await instance.knowledge.archive(name, ACTOR);
        await assertForeign(fixture, /peer 0123456789abcdef/);
      }));
  }
});

Deno.test("what was imported never becomes law: as it is lent, and copied", async () => {
  await withLaw(async (fixture) => {
    const { instance } = fixture;
    const lent = await importOne(fixture);
    const refused = await promote(fixture, lent);
    assert.match(refused.text, /belongs to SkillSet 'rule', received/);
    await instance.knowledge.create({ name: "mine", content: document("mine", TEXT) }, ACTOR);
    await assertForeign(fixture, /SkillSet 'rule', received/);
    // An own entry of the same name comes first and hides it.
    await instance.knowledge.create({ name: lent, content: document(lent, "Mine.") }, ACTOR);
    await assertForeign(fixture, /SkillSet 'rule', received/);
  });
});

Deno.test("an own text becomes law, whatever was received beside it", async () => {
  await withLaw(async (fixture) => {
    receive(fixture, "L1");
    const { instance } = fixture;
    const content = document("mine", `${TEXT} And ask twice.`);
    await instance.knowledge.create({ name: "mine", content }, ACTOR);
    assert.match((await promote(fixture, "mine")).text, /^PENDING/);
  });
});
