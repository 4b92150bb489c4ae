import assert from "node:assert/strict";
import type { JsonObject } from "../../core/dsl/ast.ts";
import { canonicalJson, lawHash } from "../../core/dsl/canonical.ts";
import { KairosError } from "../../core/errors.ts";
import type { BlockPointer } from "../../core/ledger/block_at.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { ACTOR } from "../support/instance.ts";
import {
  AT_TERMINAL,
  contentInForce,
  evolve,
  type LawFixture,
  PERSON,
  skillRequest,
  testLaw,
  withLaw,
} from "./law.ts";

import { assertServed, DAY, edit, EVIL, evilLaw, fails, FIRST, withApprover } from "./attacks.ts";

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

Deno.test("an agent cannot let a person see something else than they decide", async (t) => {
  const lies: Record<string, (document: Record<string, unknown>) => Record<string, unknown>> = {
    "other text": (document) => ({ ...document, diff: { prose: "", ast: [] } }),
    "other fields": (document) => ({
      ...document,
      diff: { ...document.diff as object, ast: [] },
    }),
    "another law": (document) => ({
      ...document,
      new_hash: lawHash(testLaw()),
    }),
    "what is not there": (document) => ({
      ...document,
      files: (document.files as object[]).map((file) => ({ ...file, new: sha256("gone") })),
    }),
  };
  for (const [name, lie] of Object.entries(lies)) {
    await t.step(name, () =>
      withLaw(async ({ evolution, reopen, root }) => {
        const { proposal: { id } } = await evolution.propose(
          skillRequest("audit_rules", EVIL),
          ACTOR,
        );
        const path = `${root}/skills/proposals/${id}.json`;
        const document = lie(JSON.parse(Deno.readTextFileSync(path)));
        Deno.writeTextFileSync(path, canonicalJson(document as JsonObject));
        assert.throws(() => evolution.draft(id, "approve"), fails(/^Cannot decide /, "corrupt"));
        await assert.rejects(
          evolution.decide(id, "approve", AT_TERMINAL, PERSON),
          fails(/^Cannot decide /, "corrupt"),
        );
        // Whoever sees through it can still say no.
        await evolution.reject(id, AT_TERMINAL, PERSON);
        await assertServed(reopen, FIRST);
      }));
  }
});
