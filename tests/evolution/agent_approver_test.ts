import assert from "node:assert/strict";
import { encodeLedger, GENESIS, nextBlock } from "../../core/chain/block.ts";
import { KairosError } from "../../core/errors.ts";
import { nextSet, setFingerprint, setRecord } from "../../core/evolution/approver_set.ts";
import {
  changeApprovers,
  loadApprovers,
  replayApprovers,
  resetApprovers,
} from "../../core/evolution/approvers.ts";
import type { Evolution } from "../../core/evolution/evolution.ts";
import { parsePin } from "../../core/evolution/pin.ts";
import { openInstance } from "../../core/instance.ts";
import { OpenKey } from "../../core/keys/sealed_key.ts";
import { firstBlock } from "../../core/ledger/block_at.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { ACTOR, NOON } from "../support/instance.ts";
import {
  AT_TERMINAL,
  contentInForce,
  type LawFixture,
  PERSON,
  skillRequest,
  withLaw,
} from "./law.ts";

import {
  addBlocks,
  assertReported,
  assertServed,
  decideWith,
  edit,
  EVIL,
  evilLaw,
  fails,
  FIRST,
  reported,
  signed,
  withApprover,
} from "./attacks.ts";

Deno.test("an agent cannot decide where an approver has to sign", async () => {
  await withApprover(async ({ evolution, open }, key) => {
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
    await assertServed(open, FIRST);
    await evolution.apply(await decideWith(evolution, key, "90 days.\n"), ACTOR);
    await assertServed(open, "90 days.\n");
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
      withApprover(async ({ root, open }) => {
        rewrite(`${root}/skills/approvers.json`);
        await assertServed(open, FIRST, /approver/);
      }));
  }
});

Deno.test("an agent that hides approvers behind many blocks decides nothing", async (t) => {
  using own = OpenKey.generate("Agent");
  const hidden = async (
    hide: (fixture: LawFixture) => Promise<void> | void,
    test: (fixture: LawFixture, evolution: Evolution, id: string) => Promise<void>,
  ) =>
    await withApprover(async (fixture) => {
      const { evolution, open } = fixture;
      const { proposal } = await evolution.propose(skillRequest("audit_rules", EVIL), ACTOR);
      await addBlocks(fixture);
      await hide(fixture);
      await test(fixture, await (await open()).evolution(), proposal.id);
      await assertReported(open, /approvers\.json names other approvers than the chain/);
      assert.equal(await contentInForce(await fixture.reopen(), "audit_rules"), FIRST);
    });
  const refused = fails(/names other approvers than the chain/);
  const become = (base: ReturnType<typeof loadApprovers>["set"] = null) => ({
    keys: [own],
    required: 1,
    signers: [own],
    base,
    actor: ACTOR,
  });
  await t.step("removes the list", () =>
    hidden(
      ({ root }) => Deno.removeSync(`${root}/skills/approvers.json`),
      async ({ instance: { store } }, evolution, id) => {
        assert.equal(evolution.approvers().set, null, "the pointers alone cannot tell");
        await assert.rejects(evolution.decide(id, "approve", AT_TERMINAL, PERSON), refused);
        await assert.rejects(changeApprovers(store, become()), refused);
      },
    ));
  await t.step("makes a first set of its own", () =>
    hidden(
      async ({ instance: { store }, root }) => {
        await store.exclusive(() => {
          const head = store.ledger.head().last!.hash;
          const fields = nextSet(null, { keys: [own], required: 1 }, { head });
          const instance = firstBlock(store)!.hash;
          const record = store.record(setRecord(fields, [own], instance), ACTOR);
          const { pointer, at } = store.foresee(record);
          store.append([record], at);
          edit(`${root}/skills/approvers.json`, (file) => ({ ...file, sets: [pointer] }));
        });
      },
      async ({ instance: { store } }, evolution, id) => {
        const draft = evolution.draft(id, "approve");
        await assert.rejects(evolution.decide(id, "approve", signed(draft, own), ACTOR), refused);
        await assert.rejects(changeApprovers(store, become(evolution.approvers().set)), refused);
      },
    ));
});

Deno.test("a person gets out by a reset, whatever became of the list of approvers", async () => {
  await withApprover(async (fixture, key) => {
    const { evolution, instance: { store }, root, open } = fixture;
    await evolution.apply(await decideWith(evolution, key, "90 days.\n"), PERSON);
    await addBlocks(fixture);
    Deno.removeSync(`${root}/skills/approvers.json`);
    using next = OpenKey.generate("Grace");
    await resetApprovers(store, { keys: [next], required: 1, signers: [next], actor: PERSON });
    // What the approvers before have decided is law still, and the list names them again.
    await assertServed(open, "90 days.\n");
    await evolution.apply(await decideWith(evolution, next, "60 days.\n"), PERSON);
    await assertServed(open, "60 days.\n");
    assert.deepEqual((await evolution.audit()).unprovenEpochs, [2]);
  });
});

Deno.test("an agent that forges a decision on the chain is found out", async () => {
  await withApprover(async ({ evolution, instance: { store }, root, open, reopen }, key) => {
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
    const { doctor, verify } = await reported(await open());
    for (const found of [doctor.join("\n"), verify]) assert.match(found, /does not count/);
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
    const { doctor, verify } = await reported(await open([pin]));
    for (const found of [doctor.join(), verify]) assert.match(found, /not those KAIROS_APPROVER/);
    await assert.rejects(
      pinned.propose(skillRequest("audit_rules", { title: "x" }), ACTOR),
      fails(/KAIROS_APPROVER/),
    );
    const free = await (await open([])).evolution();
    assert.equal((await free.inForce()).status, "decided", "without a pin nothing tells");
    assert.deepEqual((await reported(await open([]))).doctor, []);
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

Deno.test("an agent that becomes approver first is stopped by a pin, and shows without one", async () => {
  using mine = OpenKey.generate("Grace");
  const pin = parsePin("KAIROS_APPROVER", setFingerprint({ keys: [mine], required: 1 }));
  using own = OpenKey.generate("Agent");
  await withLaw(async ({ instance: { store }, root, reopen }) => {
    const before = await openInstance(root, { mode: "write", clock: () => NOON, pins: [pin] });
    // The person has pinned the key and not begun with it yet: until then nothing changes.
    const waiting = await before.evolution();
    await assert.rejects(
      waiting.propose(skillRequest("audit_rules", EVIL), ACTOR),
      fails(/not those KAIROS_APPROVER asks for/),
    );
    const first = { keys: [own], required: 1, signers: [own], base: null, actor: ACTOR };
    await changeApprovers(store, first);
    const pinned = await (await openInstance(root, {
      mode: "write",
      clock: () => NOON,
      pins: [pin],
    })).evolution();
    assert.match((await pinned.inForce()).problems.join(), /not those KAIROS_APPROVER asks for/);
    await assert.rejects(
      pinned.propose(skillRequest("audit_rules", EVIL), ACTOR),
      fails(/not those KAIROS_APPROVER asks for/),
    );
    assert.equal(await contentInForce(pinned, "audit_rules"), FIRST);
    // Without a pin nobody can tell a first key from another; it is on the chain and shown everywhere.
    const free = await reopen();
    const { set, fingerprint } = free.approvers();
    assert.deepEqual(set?.keys.map(({ id }) => id), [own.id]);
    assert.notEqual(fingerprint, pin.allowed[0]);
    const { sets } = await replayed(store);
    assert.deepEqual(sets, [own.id]);
    // The person who comes second is told, and can only begin anew, which shows for ever.
    const second = { keys: [mine], required: 1, signers: [mine], base: null, actor: PERSON };
    await assert.rejects(changeApprovers(store, second), KairosError);
    await resetApprovers(store, { keys: [mine], required: 1, signers: [mine], actor: PERSON });
    assert.deepEqual((await free.audit()).unprovenEpochs, [2]);
  });
});

/** The keys of the sets a walk over the chain finds, whatever the pointers say. */
async function replayed(store: LawFixture["instance"]["store"]): Promise<{ sets: string[] }> {
  const { set, problems } = await replayApprovers(store.ledger);
  assert.deepEqual(problems, []);
  return { sets: set?.keys.map(({ id }) => id) ?? [] };
}
