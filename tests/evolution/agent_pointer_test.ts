import assert from "node:assert/strict";
import { emptySkill } from "../../core/dsl/ast.ts";
import { checkLaw } from "../../cli/checks.ts";
import { changeApprovers } from "../../core/evolution/approvers.ts";
import { signDecision } from "../../core/evolution/decision.ts";
import { draftFacts } from "../../core/evolution/decide.ts";
import { OpenKey } from "../../core/keys/sealed_key.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { ACTOR } from "../support/instance.ts";
import {
  addBlocks,
  assertReported,
  assertServed,
  edit,
  EVIL,
  evilLaw,
  fails,
  FIRST,
  forge,
  signed,
  withApprover,
} from "./attacks.ts";
import {
  ASKED,
  AT_TERMINAL,
  evolve,
  type LawFixture,
  PERSON,
  skillRequest,
  testLaw,
  withLaw,
} from "./law.ts";

Deno.test("an agent that writes law.json directly is reported and not obeyed", async (t) => {
  const object = sha256(evilLaw());
  const cases: Record<string, (root: string, first: string) => void> = {
    "its own law": (root) => edit(`${root}/skills/law.json`, (law) => ({ ...law, object })),
    "a decision of its own": (root) =>
      edit(`${root}/skills/law.json`, (law) => ({ ...law, object, seq: 9, proposal: "x" })),
    "another block": (root) =>
      edit(`${root}/skills/law.json`, (law) => ({
        ...law,
        decision: { index: 1, offset: 2, hash: object },
      })),
    "no JSON": (root) => Deno.writeTextFileSync(`${root}/skills/law.json`, "{"),
    "nothing": (root) => Deno.removeSync(`${root}/skills/law.json`),
    "an earlier law": (root, first) => Deno.writeTextFileSync(`${root}/skills/law.json`, first),
    "an earlier law, and no snapshots": (root, first) => {
      Deno.writeTextFileSync(`${root}/skills/law.json`, first);
      Deno.removeSync(`${root}/skills/versions`, { recursive: true });
    },
  };
  for (const [name, write] of Object.entries(cases)) {
    await t.step(name, () =>
      withLaw(async ({ evolution, root, open, instance }) => {
        const first = Deno.readTextFileSync(`${root}/skills/law.json`);
        await evolve(evolution, "audit_rules", { content: "90 days.\n" });
        instance.store.objects.put(new TextEncoder().encode(evilLaw()));
        write(root, first);
        const served = name.endsWith("no snapshots") ? FIRST : "90 days.\n";
        await assertServed(open, served, /law\.json|tells of/);
      }));
  }
});

Deno.test("an agent that brings an earlier law.json back many blocks later changes nothing", async () => {
  await withLaw(async (fixture) => {
    const { evolution, root, open } = fixture;
    const files = ["law.json", "kairos.ts"].map((name) => `${root}/skills/${name}`);
    const earlier = files.map((path) => Deno.readTextFileSync(path));
    await evolve(evolution, "audit_rules", { content: "90 days.\n" });
    const { proposal } = await evolution.propose(skillRequest("audit_rules", EVIL), ACTOR);
    await addBlocks(fixture);
    for (const [at, path] of files.entries()) Deno.writeTextFileSync(path, earlier[at]!);
    Deno.removeSync(`${root}/skills/versions`, { recursive: true });
    // What was law once is served: a reader looks at a bounded part of the chain.
    const found = await (await open("read")).evolution();
    assert.equal((await found.inForce()).status, "decided");
    await assertReported(open, /law\.json should name decision 1/);
    const again = await (await open()).evolution();
    const refused = fails(/^Cannot change the law: skills\/law\.json should name decision 1/);
    await assert.rejects(again.decide(proposal.id, "approve", AT_TERMINAL, PERSON), refused);
    await assert.rejects(again.apply(proposal.id, PERSON), refused);
    await assert.rejects(again.snapshot("keep", PERSON), refused);
    await assert.rejects(evolution.propose(skillRequest("audit_rules", EVIL), ACTOR), refused);
  });
});

Deno.test("an agent that forges records and law.json is not obeyed", async (t) => {
  const evil = sha256(evilLaw());
  const decided = async (
    fixture: LawFixture,
    fields: { title: string } | typeof EVIL,
    yes = true,
  ) => {
    const { evolution, instance: { store } } = fixture;
    store.objects.put(new TextEncoder().encode(evilLaw()));
    const { proposal } = await evolution.propose(skillRequest("audit_rules", fields), ACTOR);
    const verdict = yes ? "approve" : "reject";
    const { note } = await evolution.decide(proposal.id, verdict, AT_TERMINAL, PERSON);
    const [block] = store.ledger.newest();
    return { record: JSON.parse(block!.data[0]!), pointer: note!.decision };
  };
  await t.step("with a decision that was not applied", () =>
    withLaw(async (fixture) => {
      const { record: { seq, proposal, epoch, new_hash: ast }, pointer: decision } = await decided(
        fixture,
        EVIL,
      );
      const law = { version: 1, epoch, seq, object: evil, ast, proposal, decision };
      const path = `${fixture.root}/skills/law.json`;
      Deno.writeTextFileSync(path, JSON.stringify({ ...law, applied: decision }));
      await assertServed(fixture.open, FIRST, /does not put it in force/);
    }));
  await t.step("with a decision that said no", () =>
    withLaw(async (fixture) => {
      await forge(fixture, await decided(fixture, EVIL, false), evil);
      await assertServed(fixture.open, FIRST, /does not decide it/);
    }));
  await t.step("with a decision about another law", () =>
    withLaw(async (fixture) => {
      await forge(fixture, await decided(fixture, { title: "harmless" }), evil);
      await assertServed(fixture.open, FIRST, /its source says something else/);
    }));
  await t.step("with a decision no approver signed", () =>
    withApprover(async (fixture) => {
      const { evolution, instance: { store } } = fixture;
      const { proposal, hash } = await evolution.propose(skillRequest("audit_rules", EVIL), ACTOR);
      const decision = JSON.stringify({
        type: "law_decision",
        proposal: proposal.id,
        proposal_hash: hash,
        verdict: "approve",
        epoch: 1,
        seq: 1,
        base_hash: proposal.base_hash,
        new_hash: proposal.new_hash,
        strength: "terminal",
        signatures: [],
        expires: proposal.expires,
        timestamp: proposal.created,
        principal: "cli:grace",
      });
      assert.notEqual(store.objects.get(proposal.files[0]!.new!), null);
      await forge(fixture, decision, proposal.files[0]!.new!);
      await assertServed(fixture.open, FIRST, /0 of 1 required signatures/);
    }));
});

/** A law that asks for two signatures, and approvers whose set asks for one. */
async function askingForTwo(
  names: readonly string[],
  test: (fixture: LawFixture, keys: readonly OpenKey[]) => Promise<void>,
): Promise<void> {
  const law = testLaw({ ...ASKED, approval: { required: 2 } });
  await withLaw(async (fixture) => {
    const keys = names.map((name) => OpenKey.generate(name));
    const change = { keys, required: 1, signers: keys, base: null, actor: PERSON };
    await changeApprovers(fixture.instance.store, change);
    await test(fixture, keys);
  }, { law });
}

Deno.test("an agent with one of two keys the law asks for decides nothing", async () => {
  await askingForTwo(["Ada", "Grace"], async (fixture, [ada]) => {
    const { evolution, open, instance: { store } } = fixture;
    const { proposal, hash } = await evolution.propose(skillRequest("audit_rules", EVIL), ACTOR);
    const draft = evolution.draft(proposal.id, "approve");
    assert.equal(draft.required, 2);
    await assert.rejects(
      evolution.decide(proposal.id, "approve", signed(draft, ada!), PERSON),
      fails(/1 of 2 required signatures/),
    );
    // The same straight on the chain, with its change.
    const decision = store.record({
      type: "law_decision",
      proposal: proposal.id,
      proposal_hash: hash,
      verdict: "approve",
      epoch: 1,
      seq: 1,
      base_hash: proposal.base_hash,
      new_hash: proposal.new_hash,
      strength: "key",
      signatures: [signDecision(draftFacts(draft), ada!)],
      expires: proposal.expires,
    }, ACTOR);
    await forge(fixture, decision, proposal.files[0]!.new!);
    await assertServed(open, FIRST, /1 of 2 required signatures/);
  });
});

Deno.test("a law asks for as many signatures as it says, and of fewer approvers for all", async (t) => {
  for (const names of [["Ada", "Grace"], ["Ada", "Grace", "Lin"], ["Ada"]]) {
    await t.step(names.join(), () =>
      askingForTwo(names, async ({ evolution, open }, keys) => {
        const request = skillRequest("audit_rules", { content: "90 days.\n" });
        const { proposal: { id } } = await evolution.propose(request, ACTOR);
        const draft = evolution.draft(id, "approve");
        const needed = keys.slice(0, 2);
        assert.equal(draft.required, needed.length);
        const signatures = needed.map((key) => signDecision(draftFacts(draft), key));
        const input = { strength: "key", seq: draft.seq, signatures } as const;
        await evolution.decide(id, "approve", input, PERSON);
        await evolution.apply(id, PERSON);
        await assertServed(open, "90 days.\n");
        const warned = (await checkLaw(await open("read"))).filter(({ name }) =>
          name === "approvers"
        );
        assert.deepEqual(
          warned.map(({ status, found }) => [status, found]),
          names.length > 1
            ? []
            : [["warn", "2 signatures are asked for and there is 1 approver: all have to sign"]],
        );
      }));
  }
});

Deno.test("a law that asks for fewer signatures is decided by as many as the one before asks for", async () => {
  await askingForTwo(["Ada", "Grace"], async ({ evolution, open }, keys) => {
    const law = { ...emptySkill("l0_governance"), version: "1.0", law: ASKED };
    const request = skillRequest("l0_governance", law);
    const { proposal: { id } } = await evolution.propose(request, ACTOR);
    const draft = evolution.draft(id, "approve");
    await assert.rejects(
      evolution.decide(id, "approve", signed(draft, keys[0]!), PERSON),
      fails(/1 of 2 required/),
    );
    const signatures = keys.map((key) => signDecision(draftFacts(draft), key));
    await evolution.decide(id, "approve", { strength: "key", seq: draft.seq, signatures }, PERSON);
    await evolution.apply(id, PERSON);
    await assertServed(open, FIRST);
    const next = skillRequest("audit_rules", { content: "90 days.\n" });
    const { proposal } = await evolution.propose(next, ACTOR);
    const one = signed(evolution.draft(proposal.id, "approve"), keys[1]!);
    await evolution.decide(proposal.id, "approve", one, PERSON);
    await evolution.apply(proposal.id, PERSON);
    await assertServed(open, "90 days.\n");
  });
});
