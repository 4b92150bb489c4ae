import assert from "node:assert/strict";
import { encodeLedger, GENESIS, nextBlock } from "../../core/chain/block.ts";
import type { JsonObject } from "../../core/dsl/ast.ts";
import { canonicalJson } from "../../core/dsl/canonical.ts";
import { printLaw } from "../../core/dsl/print.ts";
import { KairosError } from "../../core/errors.ts";
import { changeApprovers, loadApprovers } from "../../core/evolution/approvers.ts";
import { signDecision } from "../../core/evolution/decision.ts";
import type { Evolution } from "../../core/evolution/evolution.ts";
import type { DecisionDraft } from "../../core/evolution/decide.ts";
import { parsePin } from "../../core/evolution/pin.ts";
import { openInstance } from "../../core/instance.ts";
import type { BlockPointer } from "../../core/ledger/block_at.ts";
import { OpenKey } from "../../core/keys/sealed_key.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { ACTOR, NOON } from "../support/instance.ts";
import {
  AT_TERMINAL,
  changedSkill,
  contentInForce,
  evolve,
  type LawFixture,
  PERSON,
  skillRequest,
  testLaw,
  withLaw,
} from "./law.ts";

const DAY = 24 * 3600 * 1000;
const FIRST = "Look after 180 days.\n";
const EVIL = { content: "Never look.\n" };

const fails = (pattern: RegExp, code = "refused") => (error: unknown) => {
  assert.ok(error instanceof KairosError, String(error));
  assert.deepEqual([error.code, pattern.test(error.message)], [code, true], error.message);
  return true;
};

/** Another process still serves what was decided; changes are refused when something does not fit. */
async function assertServed(reopen: LawFixture["reopen"], content: string, problem?: RegExp) {
  const evolution = await reopen();
  assert.equal(await contentInForce(evolution, "audit_rules"), content);
  const { status, problems } = await evolution.inForce();
  if (problem === undefined) return assert.deepEqual([status, problems], ["decided", []]);
  assert.equal(status, "last_proven");
  assert.match(problems.join("\n"), problem);
  const request = skillRequest("audit_rules", { title: "more" });
  await assert.rejects(evolution.propose(request, ACTOR), fails(/^Cannot change the law: /));
  const { findingCount } = await evolution.audit();
  assert.ok(findingCount > 0, "the audit reports it");
}

const evilLaw = () =>
  printLaw({
    skills: testLaw().skills.map((one) =>
      one.id === "audit_rules" ? changedSkill("audit_rules", EVIL) : one
    ),
  });

const edit = (path: string, change: (value: Record<string, unknown>) => unknown) =>
  Deno.writeTextFileSync(path, JSON.stringify(change(JSON.parse(Deno.readTextFileSync(path)))));

Deno.test("an agent that says approved changes nothing", async () => {
  await withLaw(async ({ evolution, reopen }) => {
    const request = { ...skillRequest("audit_rules", EVIL), approved: true };
    const { proposal } = await evolution.propose(request, ACTOR);
    await assert.rejects(evolution.apply(proposal.id, ACTOR), fails(/it is pending/));
    await assert.rejects(
      evolution.decide(proposal.id, "approve", { strength: "asserted" }, ACTOR),
      fails(/what an agent reports is no decision/),
    );
    await assert.rejects(
      evolution.decide(proposal.id, "approve", { strength: "key" }, ACTOR),
      fails(/there are no approvers/),
    );
    await assert.rejects(evolution.apply(proposal.id, ACTOR), fails(/it is pending/));
    await assertServed(reopen, FIRST);
  });
});

Deno.test("an agent cannot use a decision that has expired", async () => {
  await withLaw(async ({ evolution, reopen, wait }) => {
    const { proposal } = await evolution.propose(skillRequest("audit_rules", EVIL), ACTOR);
    const { proposal: late } = await evolution.propose(skillRequest("audit_rules", EVIL), ACTOR);
    await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
    wait(7 * DAY);
    await assert.rejects(evolution.apply(proposal.id, ACTOR), fails(/expired at/));
    await assert.rejects(
      evolution.decide(late.id, "approve", AT_TERMINAL, PERSON),
      fails(/expired at/),
    );
    await assertServed(reopen, FIRST);
  });
});

Deno.test("an agent cannot stretch the time or the content of what was decided", async (t) => {
  const changes: Record<string, (document: Record<string, unknown>) => unknown> = {
    "the time": (document) => ({ ...document, expires: "2036-01-01T00:00:00.000Z" }),
    "the reason": (document) => ({ ...document, reason: "because you asked for it" }),
    "the new law": (document) => ({ ...document, new_hash: "0".repeat(64) }),
    "the file": (document) => ({
      ...document,
      files: [{ path: "skills/kairos.ts", base: sha256(""), new: sha256(evilLaw()) }],
    }),
  };
  for (const [name, change] of Object.entries(changes)) {
    await t.step(name, () =>
      withLaw(async ({ evolution, reopen, root, instance }) => {
        instance.store.objects.put(new TextEncoder().encode(evilLaw()));
        const { proposal } = await evolution.propose(
          skillRequest("audit_rules", { title: "harmless" }),
          ACTOR,
        );
        await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
        edit(`${root}/skills/proposals/${proposal.id}.json`, change);
        await assert.rejects(evolution.apply(proposal.id, ACTOR), KairosError);
        await assertServed(reopen, FIRST);
      }));
  }
});

Deno.test("an agent cannot replace what a person was shown", async () => {
  await withLaw(async ({ evolution, reopen, root }) => {
    const { proposal, hash } = await evolution.propose(
      skillRequest("audit_rules", { title: "harmless" }),
      ACTOR,
    );
    edit(
      `${root}/skills/proposals/${proposal.id}.json`,
      (document) =>
        JSON.parse(canonicalJson({ ...document, reason: "because you asked" } as JsonObject)),
    );
    await assert.rejects(
      evolution.decide(proposal.id, "approve", { ...AT_TERMINAL, shown: hash }, PERSON),
      fails(/it is not the one that was shown/, "conflict"),
    );
    await assertServed(reopen, FIRST);
  });
});

Deno.test("an agent cannot note a decision nobody made", async () => {
  await withLaw(async ({ evolution, reopen, root }) => {
    const { proposal } = await evolution.propose(skillRequest("audit_rules", EVIL), ACTOR);
    const { proposal: other } = await evolution.propose(
      skillRequest("audit_rules", {
        title: "harmless",
      }),
      ACTOR,
    );
    await evolution.decide(other.id, "approve", AT_TERMINAL, PERSON);
    const folder = `${root}/skills/proposals`;
    Deno.copyFileSync(`${folder}/${other.id}.state.json`, `${folder}/${proposal.id}.state.json`);
    edit(`${folder}/${proposal.id}.state.json`, (note) => ({ ...note, id: proposal.id }));
    await assert.rejects(
      evolution.apply(proposal.id, ACTOR),
      fails(/no block approves it/, "corrupt"),
    );
    await assertServed(reopen, FIRST);
  });
});

Deno.test("an agent cannot apply what rests on a law that has changed", async () => {
  await withLaw(async ({ evolution, reopen }) => {
    const one = await evolution.propose(skillRequest("audit_rules", EVIL), ACTOR);
    const two = await evolution.propose(skillRequest("chain_awareness", { content: "x" }), ACTOR);
    // Decided later, so that its number alone does not stop it.
    await evolution.decide(two.proposal.id, "approve", AT_TERMINAL, PERSON);
    await evolution.decide(one.proposal.id, "approve", AT_TERMINAL, PERSON);
    await evolution.apply(two.proposal.id, PERSON);
    await assert.rejects(
      evolution.apply(one.proposal.id, ACTOR),
      fails(/rests on what has changed since/, "conflict"),
    );
    await assertServed(reopen, FIRST);
  });
});

Deno.test("an agent cannot go back to a snapshot it poisoned", async (t) => {
  const poisons: Record<string, (folder: string, name: string) => void> = {
    "its text": (folder, name) => Deno.writeTextFileSync(`${folder}/${name}`, evilLaw()),
    "its text and its note": (folder, name) => {
      Deno.writeTextFileSync(`${folder}/${name}`, evilLaw());
      edit(`${folder}/${name}.meta.json`, (note) => ({
        ...note,
        law: { ...note.law as object, object: sha256(evilLaw()) },
      }));
    },
    "its note": (folder, name) => Deno.removeSync(`${folder}/${name}.meta.json`),
  };
  for (const [name, poison] of Object.entries(poisons)) {
    await t.step(name, () =>
      withLaw(async ({ evolution, root, reopen }) => {
        await evolve(evolution, "audit_rules", { content: "90 days.\n" });
        const first = evolution.versions().find(({ law }) => law?.seq === 0)!;
        poison(`${root}/skills/versions`, first.name);
        await assert.rejects(
          evolution.rollback(first.name, "back", ACTOR),
          fails(/^Cannot go back to version /),
        );
        await assertServed(reopen, "90 days.\n");
      }));
  }
  await t.step("or one outside of the folder", () =>
    withLaw(async ({ evolution, root }) => {
      Deno.writeTextFileSync(`${root}/evil.ts`, evilLaw());
      for (const path of ["../../evil.ts", "/etc/passwd", "kairos_20260101_000000/../../x.ts"]) {
        await assert.rejects(evolution.rollback(path, "back", ACTOR), fails(/no name/, "invalid"));
      }
      Deno.symlinkSync(`${root}/evil.ts`, `${root}/skills/versions/kairos_20260101_000000_0.ts`);
      await assert.rejects(
        evolution.rollback("kairos_20260101_000000_0.ts", "back", ACTOR),
        fails(/no name/, "invalid"),
      );
    }));
});

Deno.test("an agent that writes kairos.ts directly is reported and not obeyed", async () => {
  await withLaw(async ({ root, reopen }) => {
    Deno.writeTextFileSync(`${root}/skills/kairos.ts`, evilLaw());
    const evolution = await reopen("read");
    assert.equal(await contentInForce(evolution, "audit_rules"), FIRST);
    assert.equal((await evolution.inForce()).drift?.sameLaw, false);
  });
});

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
      withLaw(async ({ evolution, root, reopen, instance }) => {
        const first = Deno.readTextFileSync(`${root}/skills/law.json`);
        await evolve(evolution, "audit_rules", { content: "90 days.\n" });
        instance.store.objects.put(new TextEncoder().encode(evilLaw()));
        write(root, first);
        const served = name.endsWith("no snapshots") ? FIRST : "90 days.\n";
        await assertServed(reopen, served, /law\.json|tells of/);
      }));
  }
});

/** Appends records nobody made, and lets law.json name them. */
async function forge(
  { instance: { store }, root }: LawFixture,
  decision: { readonly record: Record<string, unknown>; readonly pointer: BlockPointer } | string,
  object: string,
): Promise<void> {
  await store.exclusive(() => {
    const append = (record: string): BlockPointer => {
      const { pointer, at } = store.foresee(record);
      store.append([record], at);
      return pointer;
    };
    const found = typeof decision === "string"
      ? { record: JSON.parse(decision), pointer: append(decision) }
      : decision;
    const { epoch, seq, proposal, new_hash: ast, base_hash, timestamp, principal } = found.record;
    const applied = append(JSON.stringify({
      skill_id: "audit_rules",
      prev_ast_hash: base_hash,
      next_ast_hash: ast,
      diff_hash: sha256(""),
      actor: "Human",
      agent_id: "Kairos",
      timestamp,
      reason_ref: "x",
      kind: "skill",
      proposal,
      decision: found.pointer.hash,
      prev_object: null,
      next_object: object,
      epoch,
      seq,
      principal,
    }));
    const law = { version: 1, epoch, seq, object, ast, proposal, decision: found.pointer, applied };
    Deno.writeTextFileSync(`${root}/skills/law.json`, JSON.stringify(law));
  });
}

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
      await assertServed(fixture.reopen, FIRST, /does not put it in force/);
    }));
  await t.step("with a decision that said no", () =>
    withLaw(async (fixture) => {
      await forge(fixture, await decided(fixture, EVIL, false), evil);
      await assertServed(fixture.reopen, FIRST, /does not decide it/);
    }));
  await t.step("with a decision about another law", () =>
    withLaw(async (fixture) => {
      await forge(fixture, await decided(fixture, { title: "harmless" }), evil);
      await assertServed(fixture.reopen, FIRST, /its source says something else/);
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
      await assertServed(fixture.reopen, FIRST, /0 of 1 required signatures/);
    }));
});

Deno.test("an agent cannot use a decision twice", async (t) => {
  await t.step(
    "after the law came back to what it was",
    () =>
      withLaw(async ({ evolution, root, reopen }) => {
        const to = { content: "90 days.\n" };
        const { proposal } = await evolve(evolution, "audit_rules", to);
        const first = evolution.versions().find(({ law }) => law?.seq === 0)!;
        const back = await evolution.rollback(first.name, "back", PERSON);
        await evolution.decide(back.proposal.id, "approve", AT_TERMINAL, PERSON);
        await evolution.apply(back.proposal.id, PERSON);
        const note = `${root}/skills/proposals/${proposal.id}.state.json`;
        edit(note, (fields) => ({ ...fields, applied: null }));
        await assert.rejects(evolution.apply(proposal.id, ACTOR), fails(/its decision was used/));
        await assertServed(reopen, FIRST);
      }),
  );
  await t.step("for other files", () =>
    withLaw(async ({ evolution, root }) => {
      const change = async (text: string) => {
        const files = { "skills/review.md": text };
        const request = { kind: "instructions", subject: "review", files, reason: "r" } as const;
        const { proposal } = await evolution.propose(request, ACTOR);
        await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
        await evolution.apply(proposal.id, PERSON);
        return proposal.id;
      };
      await change("a");
      const id = await change("b");
      await change("a");
      const note = `${root}/skills/proposals/${id}.state.json`;
      edit(note, (fields) => ({ ...fields, applied: null }));
      await assert.rejects(evolution.apply(id, ACTOR), fails(/its decision was used/));
      assert.equal(Deno.readTextFileSync(`${root}/skills/review.md`), "a");
    }));
});

/** A law with an approver, whose key signs drafts. */
async function withApprover(
  test: (fixture: LawFixture, key: OpenKey) => Promise<void>,
): Promise<void> {
  await withLaw(async (fixture) => {
    using key = OpenKey.generate("Grace");
    const { store } = fixture.instance;
    const change = { keys: [key], required: 1, signers: [key], base: null, actor: PERSON };
    await changeApprovers(store, change);
    await test(fixture, key);
  });
}

const signed = (draft: DecisionDraft, key: OpenKey) => {
  const { instance, epoch, seq, verdict, stored: { hash, proposal } } = draft;
  const { base_hash: base, new_hash, expires } = proposal;
  const facts = { instance, epoch, proposal: hash, seq, base, new: new_hash, verdict, expires };
  return { strength: "key", seq, signatures: [signDecision(facts, key)] } as const;
};

async function decideWith(evolution: Evolution, key: OpenKey, content: string): Promise<string> {
  const { proposal } = await evolution.propose(skillRequest("audit_rules", { content }), ACTOR);
  const draft = evolution.draft(proposal.id, "approve");
  await evolution.decide(proposal.id, "approve", signed(draft, key), PERSON);
  return proposal.id;
}

Deno.test("an agent cannot decide where an approver has to sign", async () => {
  await withApprover(async ({ evolution, reopen }, key) => {
    const { proposal } = await evolution.propose(skillRequest("audit_rules", EVIL), ACTOR);
    const decide = (input: Parameters<Evolution["decide"]>[2]) =>
      evolution.decide(proposal.id, "approve", input, ACTOR);
    for (const strength of ["terminal", "client", "asserted"] as const) {
      await assert.rejects(decide({ strength }), fails(/approvers of this instance have to sign/));
    }
    await assert.rejects(decide({ strength: "key" }), fails(/0 of 1 required signatures/));
    using own = OpenKey.generate("Grace");
    const draft = evolution.draft(proposal.id, "approve");
    await assert.rejects(decide(signed(draft, own)), fails(/0 of 1 required signatures/));
    const no = evolution.draft(proposal.id, "reject");
    await assert.rejects(decide(signed(no, key)), fails(/0 of 1 required/), "a no is no yes");
    const old = signed({ ...draft, seq: draft.seq - 1 }, key);
    await assert.rejects(decide(old), fails(/another decision came first/, "conflict"));
    await assertServed(reopen, FIRST);
    await evolution.apply(await decideWith(evolution, key, "90 days.\n"), ACTOR);
    await assertServed(reopen, "90 days.\n");
    assert.deepEqual((await evolution.audit()).findings, []);
  });
});

Deno.test("an agent that rewrites the list of approvers is reported and not obeyed", async (t) => {
  const cases: Record<string, (path: string) => void> = {
    "removes it": (path) => Deno.removeSync(path),
    "empties it": (path) => Deno.writeTextFileSync(path, "{}"),
    "names another block": (path) =>
      edit(path, (file) => ({ ...file, sets: [{ index: 1, offset: 0, hash: sha256("") }] })),
  };
  for (const [name, rewrite] of Object.entries(cases)) {
    await t.step(name, () =>
      withApprover(async ({ root, reopen }) => {
        rewrite(`${root}/skills/approvers.json`);
        await assertServed(reopen, FIRST, /approver/);
      }));
  }
});

Deno.test("an agent that forges a decision on the chain is found out", async () => {
  await withApprover(async ({ evolution, instance: { store }, root, reopen }, key) => {
    await decideWith(evolution, key, "90 days.\n");
    const blocks = [...store.ledger.newest()].reverse();
    const last = JSON.parse(blocks.at(-1)!.data[0]!);
    const forged = [blocks[0]!];
    // The unsigned decision in the place of the signed one, and the chain whole again.
    for (const block of blocks.slice(1)) {
      const items = block === blocks.at(-1)
        ? [JSON.stringify({ ...last, signatures: [], strength: "terminal" })]
        : block.data;
      forged.push(nextBlock(forged.at(-1)!, items, block.timestamp));
    }
    Deno.writeTextFileSync(`${root}/storage/blockchain.json`, encodeLedger(forged));
    const { findings } = await (await reopen()).audit();
    assert.match(findings.map(({ message }) => message).join("\n"), /does not count/);
    assert.equal(await contentInForce(await reopen(), "audit_rules"), FIRST);
  });
});

Deno.test("an agent that rewrites the whole chain is stopped by a pin", async () => {
  await withApprover(async ({ root, instance: { store } }) => {
    const pin = parsePin("KAIROS_APPROVER", loadApprovers(store).fingerprint);
    const open = (pins: typeof pin[]) =>
      openInstance(root, { mode: "write", clock: () => NOON, pins });
    assert.equal((await (await (await open([pin])).evolution()).inForce()).status, "decided");
    const other = `${root}/../other`;
    Deno.mkdirSync(`${other}/skills`, { recursive: true });
    const made = await openInstance(other, { mode: "write", clock: () => NOON });
    await (await made.evolution()).begin(new TextEncoder().encode(evilLaw()), ACTOR);
    for (const part of ["skills", "storage"]) {
      Deno.removeSync(`${root}/${part}`, { recursive: true });
      Deno.renameSync(`${other}/${part}`, `${root}/${part}`);
    }
    const pinned = await (await open([pin])).evolution();
    const { status, problems } = await pinned.inForce();
    assert.equal(status, "last_proven");
    assert.match(problems.join(), /not those KAIROS_APPROVER asks for/);
    await assert.rejects(
      pinned.propose(skillRequest("audit_rules", { title: "x" }), ACTOR),
      fails(/KAIROS_APPROVER/),
    );
    const free = await (await open([])).evolution();
    assert.equal((await free.inForce()).status, "decided", "without a pin nothing tells");
  });
});

Deno.test("the chain of another instance lends no signatures", async () => {
  await withApprover(async ({ evolution }, key) => {
    const { proposal } = await evolution.propose(skillRequest("audit_rules", EVIL), ACTOR);
    const draft = evolution.draft(proposal.id, "approve");
    const elsewhere = signed({ ...draft, instance: GENESIS.hash }, key);
    await assert.rejects(
      evolution.decide(proposal.id, "approve", elsewhere, ACTOR),
      fails(/0 of 1 required signatures/),
    );
  });
});
