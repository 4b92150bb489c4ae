import assert from "node:assert/strict";
import { printSkill } from "../../core/dsl/print.ts";
import { VERSIONS } from "../../core/evolution/versions.ts";
import { openInstance } from "../../core/instance.ts";
import { instructions } from "../../server/mcp/instructions.ts";
import { callTool } from "../../server/mcp/tools/mod.ts";
import {
  AT_TERMINAL,
  changedSkill,
  contentInForce,
  evolve,
  type LawFixture,
  PERSON,
  withLaw,
} from "../evolution/law.ts";
import { ACTOR, withInstance } from "../support/instance.ts";

const call = ({ instance }: Pick<LawFixture, "instance">, name: string, args: unknown = {}) =>
  callTool(instance, ACTOR, name, args);

const skill = (id: string, content: string) => printSkill(changedSkill(id, { content }));

/** The id of a proposal a call made. */
function proposalOf({ structured, text }: Awaited<ReturnType<typeof callTool>>): string {
  assert.match(text, /^PENDING: It waits for a person, who decides with `kairos proposals approve/);
  return (structured!.proposal as { id: string }).id;
}

/** Approves at the terminal and lets the agent bring it about. */
async function bringAbout(fixture: LawFixture, proposal: string): Promise<void> {
  await fixture.evolution.decide(proposal, "approve", AT_TERMINAL, PERSON);
  const done = await call(fixture, "skills_evolve", { command: "apply", proposal });
  assert.match(done.text, /^SUCCESS: Applied and recorded in block #/);
}

Deno.test("skills_list and skills_get read the constitution by sections", async () => {
  await withInstance(async (instance, root) => {
    const none = await call({ instance }, "skills_list");
    assert.deepEqual(none.structured, { sections: [] });
    const hint = await call({ instance }, "skills_get", { section_id: "A-1" });
    assert.match(hint.text, /Section "A-1" not found\nWhat to do: Available sections: none$/);
    await Deno.mkdir(`${root}/skills`);
    await Deno.writeTextFile(
      `${root}/skills/kairos.md`,
      "# Top\r\n\r\n| A-1 | x | be\u001bgin |\r\n\r\n## [A-1] One\r\n\r\nText 日本\r\n\r\n### in it\r\n" +
        "## [lower-1] no\n## [B-22]  Two \nEnd",
    );
    const list = await call({ instance }, "skills_list");
    assert.deepEqual(list.structured!.sections, [
      { id: "A-1", title: "One", use_when: "be\u001bgin" },
      { id: "B-22", title: "Two", use_when: null },
    ]);
    assert.match(list.text, /\n\| A-1 \| One \| be\\u\{1b\}gin \|\n\| B-22 \| Two \| - \|\n/);
    const one = await call({ instance }, "skills_get", { section_id: "a-1" });
    assert.equal(one.structured!.content, "Text 日本\n\n### in it\n## [lower-1] no");
  });
});

Deno.test("skills_dsl_list and skills_dsl_get read the law in force, not the working copy", async () => {
  await withLaw(async (fixture) => {
    const { root, evolution } = fixture;
    await Deno.writeTextFile(`${root}/skills/kairos.ts`, 'skill("core_safety", {});\n');
    const all = await call(fixture, "skills_dsl_list");
    assert.equal((all.structured!.skills as unknown[]).length, 5);
    assert.equal(all.structured!.law, (await evolution.inForce()).file!.ast);
    const found = await call(fixture, "skills_dsl_list", { search: "HARM  do" });
    assert.match(found.text, /_Search: "HARM {2}do" \| Method: keyword_\n\n[^]*\| core_safety \|/);
    assert.equal((found.structured!.skills as unknown[]).length, 1);
    const none = await call(fixture, "skills_dsl_list", { search: "zebra" });
    assert.match(none.text, /No skills of the law found\. \(search: zebra\)/);
    const { structured } = await call(fixture, "skills_dsl_get", { skill_id: "core_safety" });
    const { ast, source, immutable, verified } = structured as Record<string, unknown>;
    assert.equal((ast as Record<string, unknown>).content, "Do no harm.\n");
    assert.equal(source, skill("core_safety", "Do no harm.\n"));
    assert.deepEqual([immutable, verified], [true, null]);
  });
  await withInstance(async (instance) => {
    const none = await call({ instance }, "skills_dsl_list");
    assert.deepEqual([none.structured!.status, none.structured!.law], ["none", null]);
    const { text } = await call({ instance }, "skills_dsl_get", { skill_id: "x" });
    assert.match(text, /Skill "x" not found\. Available: none/);
    const status = await call({ instance }, "capability_status");
    assert.match(status.text, /### Law: none\n[^]*\n- terminal: shut, the law cannot be changed/);
  });
});

Deno.test("skills_evolve, skills_rollback and instructions_update refuse with a reason", async (t) => {
  const two = skill("audit_rules", "a") + skill("core_safety", "b");
  const cases: readonly [name: string, args: unknown, code: string, text: RegExp][] = [
    ["skills_evolve", { skill_id: "audit_rules" }, "usage", /definition is missing/],
    ["skills_evolve", { command: "apply" }, "usage", /proposal is missing/],
    ["skills_evolve", { command: "apply", skill_id: "x" }, "not_found", /No proposal about "x"/],
    ["skills_evolve", { command: "apply", proposal: "../../x" }, "invalid", /that is no id/],
    [
      "skills_evolve",
      { skill_id: "core_safety", definition: skill("core_safety", "x"), reason: "r" },
      "refused",
      /"Skill not immutable" failed/,
    ],
    [
      "skills_evolve",
      { skill_id: "audit_rules", definition: two, reason: "r" },
      "refused",
      /defines "audit_rules", "core_safety"/,
    ],
    [
      "skills_evolve",
      { command: "add", skill_id: "mine", definition: skill("mine", "x"), reason: "r" },
      "refused",
      /"Skill in allowed_skills" failed/,
    ],
    [
      "skills_evolve",
      { skill_id: "audit_rules", definition: "eval('1')", reason: "r" },
      "invalid",
      /1:1|line 1/,
    ],
    ["skills_rollback", { command: "view" }, "usage", /version is missing/],
    ["skills_rollback", { command: "view", version: "../kairos.ts" }, "invalid", /no name/],
    ["skills_rollback", { command: "rollback", version: "x", reason: "r" }, "invalid", /no name/],
    ["instructions_update", { command: "create" }, "usage", /mode_name is missing/],
    ["instructions_update", { command: "update", mode_name: "../x" }, "usage", /mode_name/],
    ["instructions_update", { command: "create", mode_name: "a" }, "usage", /content is missing/],
    [
      "instructions_update",
      { command: "update", mode_name: "developer", content: "x", reason: "r" },
      "refused",
      /no tool writes it/,
    ],
    ["instructions_update", { command: "delete", mode_name: "user" }, "refused", /built in/],
    ["instructions_update", { command: "set_mode", mode_name: "no" }, "not_found", /"no" not fo/],
    [
      "instructions_update",
      { command: "create", mode_name: "kairos", content: "x", reason: "r" },
      "refused",
      /change of "skills\/kairos\.md" as instructions/,
    ],
  ];
  await withLaw(async (fixture) => {
    for (const [name, args, code, text] of cases) {
      await t.step(`${name} ${JSON.stringify(args)}`, async () => {
        const before = fixture.instance.store.ledger.head().length;
        const result = await call(fixture, name, args);
        assert.deepEqual([result.isError, result.code], [true, code], result.text);
        assert.match(result.text, text);
        assert.equal(fixture.instance.store.ledger.head().length, before, "nothing is written");
      });
    }
  });
});

Deno.test("skills_rollback proposes to go back and goes to no version that was not law", async () => {
  await withLaw(async (fixture) => {
    const { evolution, root } = fixture;
    await evolve(evolution, "audit_rules", { content: "New.\n" });
    const list = await call(fixture, "skills_rollback", {});
    const versions = list.structured!.versions as { name: string; seq: number }[];
    const first = versions.find(({ seq }) => seq === 0)!.name;
    const diff = await call(fixture, "skills_rollback", { command: "diff", version: first });
    assert.match(diff.structured!.diff as string, /\n-.*180 days[^]*\n\+.*New\./);
    const back = { command: "rollback", version: first, reason: "it was better" };
    const proposal = proposalOf(await call(fixture, "skills_rollback", back));
    assert.equal(await contentInForce(evolution, "audit_rules"), "New.\n");
    await bringAbout(fixture, proposal);
    assert.equal(await contentInForce(evolution, "audit_rules"), "Look after 180 days.\n");
    const file = `${root}/${VERSIONS}/${first}`;
    await Deno.writeTextFile(
      file,
      (await Deno.readTextFile(file)).replace("Do no harm", "Do harm"),
    );
    const poisoned = await call(fixture, "skills_rollback", back);
    assert.match(poisoned.text, /its text is not the one that was decided/);
  });
});

Deno.test("instructions_update changes texts and the mode by decided proposals", async () => {
  const config = "# mine\nlayers:\n  L1:\n    enabled: true # yes\n";
  await withLaw(async (fixture) => {
    const { root } = fixture;
    const content = "Review only. 日本\n";
    const named = { mode_name: "true", reason: "for reviewers" };
    const create = { command: "create", ...named, content, approved: true };
    const proposal = proposalOf(await call(fixture, "instructions_update", create));
    await assert.rejects(Deno.stat(`${root}/skills/true.md`));
    await bringAbout(fixture, proposal);
    assert.equal(await Deno.readTextFile(`${root}/skills/true.md`), content);
    const choose = { command: "set_mode", ...named };
    await bringAbout(fixture, proposalOf(await call(fixture, "instructions_update", choose)));
    const settings = await Deno.readTextFile(`${root}/skills/config.yml`);
    assert.ok(settings.endsWith(config) && settings.length > config.length, settings);
    const again = await openInstance(root, { mode: "read" });
    assert.ok(instructions(again).endsWith(content.trim()));
    const status = await call({ instance: again }, "instructions_update", { command: "status" });
    assert.equal(status.structured!.mode, "true");
    const remove = { command: "delete", ...named };
    const active = await callTool(again, ACTOR, "instructions_update", remove);
    assert.match(active.text, /it is the mode agents get/);
  }, { config });
});

Deno.test("chain_verify holds the law against the chain as well", async (t) => {
  await t.step("as decided", () =>
    withLaw(async (fixture) => {
      await evolve(fixture.evolution, "audit_rules", { content: "90 days.\n" });
      const { text, structured } = await call(fixture, "chain_verify", {});
      assert.match(text, /OK \(Length: \d+\)\nLaw: decision 1 is borne out by the chain$/);
      assert.deepEqual(structured!.law, {
        seq: 1,
        epoch: 0,
        finding_count: 0,
        findings: [],
        unproven_epochs: [],
      });
    }));
  await t.step("with pointers that name an earlier law", () =>
    withLaw(async (fixture) => {
      const { evolution, root } = fixture;
      const old = Deno.readTextFileSync(`${root}/skills/law.json`);
      await evolve(evolution, "audit_rules", { content: "90 days.\n" });
      Deno.writeTextFileSync(`${root}/skills/law.json`, old);
      const { text, structured } = await call(fixture, "chain_verify", {});
      assert.match(text, /\nLaw: \d+ findings; what the files say is not what was decided\n- /);
      const { law } = structured as { law: { finding_count: number; seq: number } };
      assert.ok(law.finding_count > 0 && law.seq === 1);
    }));
});
