import assert from "node:assert/strict";
import { Disk } from "../../core/disk/mod.ts";
import { emptySkill, type JsonObject } from "../../core/dsl/ast.ts";
import { printLaw, printSkill } from "../../core/dsl/print.ts";
import { KairosError } from "../../core/errors.ts";
import { changeApprovers } from "../../core/evolution/approvers.ts";
import { draftFacts } from "../../core/evolution/decide.ts";
import { signDecision } from "../../core/evolution/decision.ts";
import { OpenKey } from "../../core/keys/sealed_key.ts";
import { auditLedger } from "../../core/ledger/audit.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { openInstance } from "../../core/instance.ts";
import { ACTOR, NOON, withInstance } from "../support/instance.ts";
import {
  AT_TERMINAL,
  changedSkill,
  contentInForce,
  evolve,
  PERSON,
  skillRequest,
  testLaw,
  withLaw,
} from "./law.ts";

const refused = (pattern: RegExp, code = "refused") => (error: unknown) =>
  error instanceof KairosError && error.code === code && pattern.test(error.message);

Deno.test("Evolution begins with a law that is decided, proven and on the chain", async () => {
  await withLaw(async ({ evolution, root, instance, reopen }) => {
    const { status, law, file, problems, drift } = await evolution.inForce();
    assert.deepEqual([status, problems, drift], ["decided", [], null]);
    assert.deepEqual(law, testLaw());
    assert.equal(file?.seq, 0);
    assert.equal(file?.object, sha256(Deno.readFileSync(`${root}/skills/kairos.ts`)));
    const record = JSON.parse([...instance.store.ledger.newest()][0]!.data[0]!);
    assert.deepEqual(Object.keys(record), [
      ..."type object ast epoch timestamp principal".split(" "),
    ]);
    assert.deepEqual((await (await reopen("read")).inForce()).status, "decided");
    const { findings, law: audited } = await evolution.audit();
    assert.deepEqual([findings, audited?.seq], [[], 0]);
  });
});

Deno.test("Evolution.begin() begins once in the life of an instance", async () => {
  await withLaw(async ({ evolution, root }) => {
    const source = new TextEncoder().encode(printLaw(testLaw()));
    await assert.rejects(evolution.begin(source, PERSON), refused(/has had one/, "exists"));
    Deno.removeSync(`${root}/skills/law.json`);
    await assert.rejects(evolution.begin(source, PERSON), refused(/has had one/, "exists"));
  });
});

Deno.test("Evolution carries a change from proposal to law", async () => {
  await withLaw(async ({ evolution, root, instance, reopen }) => {
    const before = await evolution.inForce();
    const content = "Look after 90 days.\n日本語\n";
    const made = await evolution.propose(skillRequest("audit_rules", { content }), ACTOR);
    assert.equal(made.state, "pending");
    assert.match(made.proposal.diff.prose, /^-.*180 days/m);
    assert.deepEqual((await evolution.inForce()).file, before.file, "a proposal changes nothing");
    const { id } = made.proposal;
    const decided = await evolution.decide(id, "approve", AT_TERMINAL, PERSON);
    assert.equal(decided.state, "approved");
    assert.deepEqual((await evolution.inForce()).file, before.file, "nor does a decision");
    const { stored, snapshot, displaced } = await evolution.apply(id, ACTOR);
    assert.deepEqual([stored.state, displaced], ["applied", []]);
    assert.equal(await contentInForce(await reopen("read"), "audit_rules"), content);
    const { source, file } = await evolution.inForce();
    assert.equal(Deno.readTextFileSync(`${root}/skills/kairos.ts`), source);
    assert.equal(Deno.readTextFileSync(`${root}/skills/versions/${snapshot}`), source);
    assert.deepEqual([file?.seq, file?.proposal], [1, id]);
    assert.deepEqual((await evolution.audit()).findings, []);
    assert.equal((await auditLedger(instance.store)).valid, true);
    const [transition, decision, proposal] = [...instance.store.ledger.newest()]
      .slice(0, 3).map(({ data }) => JSON.parse(data[0]!));
    assert.deepEqual(Object.keys(transition).slice(0, 8), [
      "skill_id",
      "prev_ast_hash",
      "next_ast_hash",
      "diff_hash",
      "actor",
      "agent_id",
      "timestamp",
      "reason_ref",
    ]);
    assert.deepEqual(
      [transition.reason_ref, transition.actor, decision.verdict, proposal.principal],
      [snapshot, "Human", "approve", ACTOR.principal],
    );
  });
});

Deno.test("Evolution.reject() ends a proposal", async () => {
  await withLaw(async ({ evolution }) => {
    const { proposal } = await evolution.propose(
      skillRequest("audit_rules", { title: "x" }),
      ACTOR,
    );
    assert.equal((await evolution.reject(proposal.id, AT_TERMINAL, PERSON)).state, "rejected");
    await assert.rejects(evolution.apply(proposal.id, ACTOR), refused(/it is rejected/));
    await assert.rejects(
      evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON),
      refused(/is rejected already/, "conflict"),
    );
    assert.deepEqual(evolution.list({ state: "rejected" }).map(({ id }) => id), [proposal.id]);
    assert.deepEqual((await evolution.audit()).findings, []);
  });
});

Deno.test("Evolution.propose() refuses what a mechanical check finds", async (t) => {
  const cases: [string, Parameters<typeof skillRequest>, RegExp][] = [
    ["an immutable skill", ["core_safety", { content: "Anything goes" }], /"Skill not immutable"/],
    ["a field that is not allowed", ["chain_awareness", { title: "x" }], /chain_awareness.title/],
    ["evolve rules that are not allowed", ["chain_awareness", { evolve: null }], /evolve/],
    ["a closed skill", ["evolution_rules", { content: "open" }], /evolution_rules.content/],
    ["no reason", ["audit_rules", { title: "x" }, " "], /"Reason documented"/],
    ["a law nobody can read", ["l0_governance", { law: { limits: 3 } }], /"Source valid"/],
  ];
  for (const [name, request, pattern] of cases) {
    await t.step(name, () =>
      withLaw(async ({ evolution, instance }) => {
        const length = instance.store.ledger.head().length;
        await assert.rejects(
          evolution.propose(skillRequest(...request), ACTOR),
          (error) => {
            assert.ok(error instanceof KairosError && error.code === "refused", String(error));
            assert.match(error.message, pattern);
            assert.ok(Array.isArray(error.data?.checks));
            return true;
          },
        );
        assert.equal(instance.store.ledger.head().length, length, "nothing is recorded");
      }));
  }
  await t.step("what is open passes", () =>
    withLaw(async ({ evolution }) => {
      await evolve(evolution, "chain_awareness", { content: "More.\n" });
      assert.equal(await contentInForce(evolution, "chain_awareness"), "More.\n");
    }));
});

Deno.test("Evolution.propose() adds a skill only under an allowed and free id", async () => {
  await withLaw(async ({ evolution }) => {
    const add = (id: string) =>
      evolution.propose({
        kind: "skill_add",
        subject: id,
        definition: printSkill({ ...emptySkill(id), title: "New" }),
        reason: "new",
      }, ACTOR);
    await assert.rejects(add("my_own"), refused(/"Skill in allowed_skills" failed.*my_own/));
    await assert.rejects(add("audit_rules"), refused(/already exists/, "exists"));
    const { proposal } = await add("self_inspection");
    await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
    await evolution.apply(proposal.id, PERSON);
    assert.deepEqual((await evolution.inForce()).law.skills.at(-1)?.id, "self_inspection");
  });
});

Deno.test("Evolution.propose() refuses a definition that smuggles in another skill", async (t) => {
  const two = [changedSkill("audit_rules", { title: "x" }), emptySkill("core_safety")];
  const cases = { "beside the named one": two, "instead of it": [two[1]!], "no skill": [] };
  for (const [name, skills] of Object.entries(cases)) {
    await t.step(name, () =>
      withLaw(async ({ evolution }) => {
        const definition = printLaw({ skills });
        const request = { kind: "skill", subject: "audit_rules", definition, reason: "r" } as const;
        await assert.rejects(evolution.propose(request, ACTOR), refused(/the definition defines/));
        const promotion = { ...request, kind: "promotion" } as const;
        await assert.rejects(evolution.propose(promotion, ACTOR), refused(/definition defines/));
      }));
  }
});

Deno.test("Evolution keeps content of peers and imports out of the law", async () => {
  await withLaw(async ({ evolution }) => {
    const request = { ...skillRequest("audit_rules", { title: "x" }), origin: "peer:bob" };
    await assert.rejects(
      evolution.propose(request, ACTOR),
      refused(/"Content from this instance" failed: It comes from "peer:bob"/),
    );
  });
});

Deno.test("Evolution counts changes of a principal across processes", async () => {
  const law = testLaw({ evolution_enabled: true, limits: { evolutions_per_session: 2 } });
  await withLaw(async ({ evolution, reopen, wait }) => {
    const other = await reopen();
    const ask = (from: typeof evolution, title: string, actor = ACTOR) =>
      from.propose(skillRequest("audit_rules", { title }), actor);
    await ask(evolution, "1");
    const { proposal: second } = await ask(other, "2");
    await assert.rejects(ask(evolution, "3"), refused(/"Within session limit"/));
    await ask(evolution, "3", { principal: "test:other" });
    await evolution.reject(second.id, AT_TERMINAL, PERSON);
    await ask(evolution, "4");
    await assert.rejects(ask(other, "5"), refused(/"Within session limit"/));
    const reset = { kind: "limit_reset", subject: ACTOR.principal, reason: "go on" } as const;
    const { proposal } = await evolution.propose(reset, ACTOR);
    await assert.rejects(
      ask(other, "5"),
      refused(/"Within session limit"/),
      "asking is not enough",
    );
    await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
    await evolution.apply(proposal.id, PERSON);
    wait(1000);
    await ask(other, "5");
    await ask(other, "6");
    await assert.rejects(ask(other, "7"), refused(/"Within session limit"/));
    wait(25 * 3600 * 1000);
    await ask(other, "7");
    assert.deepEqual((await evolution.audit()).findings, []);
  }, { law });
});

Deno.test("config.yml tightens the law and never loosens it", async (t) => {
  const closed = testLaw({ evolution_enabled: false, limits: { evolutions_per_session: 1 } });
  const ask = skillRequest("audit_rules", { title: "x" });
  await t.step("it cannot switch evolution on", () =>
    withLaw(async ({ evolution }) => {
      await assert.rejects(evolution.propose(ask, ACTOR), refused(/"Evolution enabled"/));
    }, { law: closed, config: "evolution_enabled: true\n" }));
  await t.step("it can switch it off", () =>
    withLaw(async ({ evolution }) => {
      await assert.rejects(evolution.propose(ask, ACTOR), refused(/"Evolution enabled"/));
    }, { config: "evolution_enabled: false\n" }));
  await t.step(
    "it cannot raise the limit or free an immutable skill",
    () =>
      withLaw(async ({ evolution }) => {
        const { settings } = await evolution.inForce();
        assert.equal(settings.evolutionsPerSession, 50);
        assert.deepEqual(settings.immutableSkills, ["core_safety", "audit_rules"]);
        await assert.rejects(evolution.propose(ask, ACTOR), refused(/"Skill not immutable"/));
      }, { config: "max_evolutions_per_session: 900\nimmutable_skills: [audit_rules]\n" }),
  );
  const clients = { required: 1, allow_client: true, allow_asserted: true, expires_days: 9 };
  const people = { required: 3, allow_client: false, allow_asserted: false, expires_days: 2 };
  const cases: [law: JsonObject, config: typeof people][] = [[clients, people], [people, clients]];
  for (const [approval, own] of cases) {
    await t.step(`it asks for no less than the law: ${JSON.stringify(approval)}`, () => {
      const law = testLaw({ evolution_enabled: true, approval });
      const config = Object.entries(own).map(([key, value]) => `  ${key}: ${value}\n`).join("");
      return withLaw(async ({ evolution, wait }) => {
        const { settings } = await evolution.inForce();
        const { required, allowClient, allowAsserted, expiresDays } = settings;
        assert.deepEqual([required, allowClient, allowAsserted, expiresDays], [3, false, false, 2]);
        const { proposal: { id } } = await evolution.propose(ask, ACTOR);
        for (const strength of ["client", "asserted"] as const) {
          await assert.rejects(
            evolution.decide(id, "approve", { strength }, ACTOR),
            refused(/^Cannot approve/),
          );
        }
        wait(2 * 24 * 3600 * 1000);
        await assert.rejects(
          evolution.decide(id, "approve", AT_TERMINAL, PERSON),
          refused(/expired at/),
        );
      }, { law, config: `approval:\n${config}` });
    });
  }
  await t.step(
    "it asks for more signatures than the law",
    () =>
      withLaw(async ({ evolution, instance: { store } }) => {
        const keys = ["Ada", "Grace"].map((name) => OpenKey.generate(name));
        const set = { keys, required: 1, signers: keys, base: null, actor: PERSON };
        await changeApprovers(store, set);
        const { proposal: { id } } = await evolution.propose(ask, ACTOR);
        const draft = evolution.draft(id, "approve");
        assert.equal(draft.required, 2);
        const one = [signDecision(draftFacts(draft), keys[0]!)];
        await assert.rejects(
          evolution.decide(id, "approve", { strength: "key", signatures: one }, PERSON),
          refused(/1 of 2 required signatures/),
        );
      }, { config: "approval:\n  required: 2\n" }),
  );
});

Deno.test("Evolution.adopt() turns an edit of the working copy into a proposal", async () => {
  await withLaw(async ({ evolution, root }) => {
    const edited = printLaw({
      skills: testLaw().skills.map((skill) =>
        skill.id === "evolution_rules" ? { ...skill, content: "By hand.\n" } : skill
      ),
    });
    Deno.writeTextFileSync(`${root}/skills/kairos.ts`, edited);
    const drifted = await evolution.inForce();
    assert.deepEqual([drifted.status, drifted.drift?.object], ["decided", sha256(edited)]);
    assert.equal(await contentInForce(evolution, "evolution_rules"), "Closed.\n", "not served");
    const { proposal } = await evolution.adopt("I edited it", PERSON);
    const rules = proposal.checks.find(({ name }) => name === "Evolve rules permit change");
    assert.equal(rules?.verdict, "person", "a person may go beyond the rules for agents");
    await assert.rejects(
      evolution.decide(proposal.id, "approve", { strength: "client" }, PERSON),
      refused(/beyond what the law leaves/),
    );
    await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
    await evolution.apply(proposal.id, PERSON);
    const { drift, source } = await evolution.inForce();
    assert.deepEqual([drift, source], [null, edited], "the text stays as the person wrote it");
  });
});

Deno.test("Evolution.inForce() sees a change whose files another process still has to put in place", async () => {
  await withLaw(async ({ evolution, root }) => {
    const { proposal } = await evolution.propose(
      skillRequest("audit_rules", { title: "x" }),
      ACTOR,
    );
    await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
    const disk = new Disk({
      onEffect: (effect) =>
        effect.kind === "rename" && effect.to.endsWith("/law.json")
          ? { error: new Error("stopped") }
          : undefined,
    });
    const other = await openInstance(root, { mode: "write", clock: () => NOON, disk });
    await assert.rejects((await other.evolution()).apply(proposal.id, PERSON), KairosError);
    assert.equal(JSON.parse(Deno.readTextFileSync(`${root}/skills/law.json`)).seq, 0);
    const { status, file } = await evolution.inForce();
    assert.deepEqual([status, file?.seq], ["decided", 1]);
  });
});

Deno.test("Evolution.apply() keeps an edit of the working copy that is in its way", async () => {
  await withLaw(async ({ evolution, root, instance }) => {
    Deno.writeTextFileSync(`${root}/skills/kairos.ts`, "edited by hand");
    const { proposal } = await evolution.propose(
      skillRequest("audit_rules", { title: "x" }),
      ACTOR,
    );
    await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
    const { displaced } = await evolution.apply(proposal.id, PERSON);
    assert.deepEqual(displaced.map(({ path }) => path), ["skills/kairos.ts"]);
    const kept = instance.store.objects.get(displaced[0]!.object);
    assert.equal(new TextDecoder().decode(kept!), "edited by hand");
    assert.equal((await evolution.inForce()).drift, null);
  });
});

Deno.test("Evolution changes instructions by decision only", async () => {
  await withLaw(async ({ evolution, root, instance }) => {
    const path = "skills/review.md";
    const change = async (text: string | null) => {
      const files = { [path]: text };
      const { proposal } = await evolution.propose(
        { kind: "instructions", subject: "review", files, reason: "r" },
        ACTOR,
      );
      await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
      await evolution.apply(proposal.id, PERSON);
    };
    await change("# Review\n");
    assert.equal(Deno.readTextFileSync(`${root}/${path}`), "# Review\n");
    await change("# Review twice\n");
    await change(null);
    assert.throws(() => Deno.statSync(`${root}/${path}`), Deno.errors.NotFound);
    const [last] = instance.store.ledger.newest();
    const { skill_id, next_ast_hash, reason_ref } = JSON.parse(last!.data[0]!);
    assert.deepEqual([skill_id, next_ast_hash, reason_ref], [
      "instructions:review",
      "nil",
      "delete_instructions: r",
    ]);
    for (const other of ["skills/kairos.md", "skills/../x.md", "skills/law.json", "x.md"]) {
      const files = { [other]: "x" };
      const request = { kind: "instructions", subject: "x", files, reason: "r" } as const;
      await assert.rejects(
        evolution.propose(request, ACTOR),
        refused(/Cannot propose a change of/),
      );
    }
    const files = { "skills/config.yml": "evolution_enabled: true\n" };
    const request = { kind: "instructions", subject: "x", files, reason: "r" } as const;
    await assert.rejects(evolution.propose(request, ACTOR), refused(/other settings/));
    assert.deepEqual((await evolution.audit()).findings, []);
  });
});

Deno.test("Evolution of an instance without a law says so and changes nothing", async (t) => {
  await withInstance(async (instance, root) => {
    const evolution = await instance.evolution();
    await t.step("with nothing at all", async () => {
      assert.equal((await evolution.inForce()).status, "none");
      await assert.rejects(
        evolution.propose(skillRequest("audit_rules", {}), ACTOR),
        refused(/no law was decided here/),
      );
      assert.deepEqual((await evolution.audit()).findings, []);
    });
    await t.step("with the law of another program", async () => {
      Deno.mkdirSync(`${root}/skills`, { recursive: true });
      Deno.writeTextFileSync(`${root}/skills/kairos.rb`, "skill :audit_rules do\nend\n");
      const { Evolution } = await import("../../core/evolution/evolution.ts");
      const ruby = () => Promise.resolve({ law: testLaw() });
      const { store, view, config } = instance;
      const reader = new Evolution({ store, view, config, ruby });
      const { status, law } = await reader.inForce();
      assert.deepEqual([status, law], ["ruby", testLaw()]);
      await assert.rejects(
        reader.propose(skillRequest("audit_rules", {}), ACTOR),
        refused(/no law was decided here/),
      );
    });
  });
});
