import assert from "node:assert/strict";
import type { JsonObject } from "../../core/dsl/ast.ts";
import { checkLaw } from "../../cli/checks.ts";
import { canonicalJson, lawHash } from "../../core/dsl/canonical.ts";
import { KairosError } from "../../core/errors.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { ACTOR } from "../support/instance.ts";
import {
  AT_TERMINAL,
  contentInForce,
  evolve,
  PERSON,
  skillRequest,
  testLaw,
  withLaw,
} from "./law.ts";

import {
  addBlocks,
  assertReported,
  assertServed,
  DAY,
  edit,
  EVIL,
  evilLaw,
  fails,
  FIRST,
  forge,
} from "./attacks.ts";

Deno.test("an agent that says approved changes nothing", async () => {
  await withLaw(async ({ evolution, open }) => {
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
    await assertServed(open, FIRST);
  });
});

Deno.test("an agent cannot use a decision that has expired", async () => {
  await withLaw(async ({ evolution, open, wait }) => {
    const { proposal } = await evolution.propose(skillRequest("audit_rules", EVIL), ACTOR);
    const { proposal: late } = await evolution.propose(skillRequest("audit_rules", EVIL), ACTOR);
    await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
    wait(7 * DAY);
    await assert.rejects(evolution.apply(proposal.id, ACTOR), fails(/expired at/));
    await assert.rejects(
      evolution.decide(late.id, "approve", AT_TERMINAL, PERSON),
      fails(/expired at/),
    );
    await assertServed(open, FIRST);
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
      withLaw(async ({ evolution, open, root, instance }) => {
        instance.store.objects.put(new TextEncoder().encode(evilLaw()));
        const { proposal } = await evolution.propose(
          skillRequest("audit_rules", { title: "harmless" }),
          ACTOR,
        );
        await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
        edit(`${root}/skills/proposals/${proposal.id}.json`, change);
        await assert.rejects(evolution.apply(proposal.id, ACTOR), KairosError);
        await assertServed(open, FIRST);
      }));
  }
});

Deno.test("an agent cannot replace what a person was shown", async () => {
  await withLaw(async ({ evolution, open, root }) => {
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
    await assertServed(open, FIRST);
  });
});

Deno.test("an agent cannot note a decision nobody made", async () => {
  await withLaw(async ({ evolution, open, root }) => {
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
    await assertServed(open, FIRST);
  });
});

Deno.test("an agent cannot apply what rests on a law that has changed", async () => {
  await withLaw(async ({ evolution, open }) => {
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
    await assertServed(open, FIRST);
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
      withLaw(async ({ evolution, root, open }) => {
        await evolve(evolution, "audit_rules", { content: "90 days.\n" });
        const first = evolution.versions().find(({ law }) => law?.seq === 0)!;
        poison(`${root}/skills/versions`, first.name);
        await assert.rejects(
          evolution.rollback(first.name, "back", ACTOR),
          fails(/^Cannot go back to version /),
        );
        await assertServed(open, "90 days.\n");
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
  await withLaw(async ({ root, open, reopen }) => {
    Deno.writeTextFileSync(`${root}/skills/kairos.ts`, evilLaw());
    const evolution = await reopen("read");
    assert.equal(await contentInForce(evolution, "audit_rules"), FIRST);
    assert.equal((await evolution.inForce()).drift?.sameLaw, false);
    const doctor = await checkLaw(await open("read"));
    const warned = doctor.filter(({ status }) => status === "warn").map(({ found }) => found);
    assert.match(warned.join(), /^skills\/kairos\.ts was edited and is not in force/);
  });
});

Deno.test("an agent cannot use a decision twice", async (t) => {
  await t.step(
    "after the law came back to what it was",
    () =>
      withLaw(async ({ evolution, root, open }) => {
        const to = { content: "90 days.\n" };
        const { proposal } = await evolve(evolution, "audit_rules", to);
        const first = evolution.versions().find(({ law }) => law?.seq === 0)!;
        const back = await evolution.rollback(first.name, "back", PERSON);
        await evolution.decide(back.proposal.id, "approve", AT_TERMINAL, PERSON);
        await evolution.apply(back.proposal.id, PERSON);
        const note = `${root}/skills/proposals/${proposal.id}.state.json`;
        edit(note, (fields) => ({ ...fields, applied: null }));
        await assert.rejects(evolution.apply(proposal.id, ACTOR), fails(/its decision was used/));
        await assertServed(open, FIRST);
      }),
  );
  await t.step(
    "after the law came back, by a record and a pointer of its own",
    () =>
      withLaw(async (fixture) => {
        const { evolution, root, open, instance: { store } } = fixture;
        const { note } = await evolve(evolution, "audit_rules", { content: "90 days.\n" });
        const { object } = (await evolution.inForce()).file!;
        const first = evolution.versions().find(({ law }) => law?.seq === 0)!;
        const back = await evolution.rollback(first.name, "back", PERSON);
        await evolution.decide(back.proposal.id, "approve", AT_TERMINAL, PERSON);
        await evolution.apply(back.proposal.id, PERSON);
        const block = [...store.ledger.newest()].find(({ hash }) => hash === note!.decision.hash)!;
        const decision = { record: JSON.parse(block.data[0]!), pointer: note!.decision };
        await forge(fixture, decision, object);
        Deno.removeSync(`${root}/skills/versions`, { recursive: true });
        await addBlocks(fixture);
        await assertReported(
          open,
          /without a decision, or with a used one[^]*law\.json should name/,
        );
      }),
  );
  await t.step("for other files, also many blocks later", () =>
    withLaw(async (fixture) => {
      const { evolution, root } = fixture;
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
      await addBlocks(fixture);
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
      withLaw(async ({ evolution, open, root }) => {
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
        await assertServed(open, FIRST);
      }));
  }
});
