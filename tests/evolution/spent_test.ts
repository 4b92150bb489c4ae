import assert from "node:assert/strict";
import type { Block } from "../../core/chain/block.ts";
import type { ChangeRequest } from "../../core/evolution/change.ts";
import { collectObjects } from "../../core/objects/collect.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { kairosJson } from "../cli/harness.ts";
import { skillSet } from "../skillset/sets.ts";
import { ACTOR } from "../support/instance.ts";
import { AT_TERMINAL, type LawFixture, PERSON, withLaw } from "./law.ts";

const install = (name: string): ChangeRequest => ({
  kind: "skillset_install",
  package: skillSet(name),
  reason: "somebody sent it",
  origin: "package",
});

const DAY = 24 * 60 * 60 * 1000;

/** A file of the package. */
const OWN = sha256(skillSet("gift")[0]!.bytes);

/** What becomes of the proposal, and whether its files stay. */
const CASES: Readonly<
  Record<string, [(fixture: LawFixture, id: string) => unknown, stays: boolean]>
> = {
  "pending": [() => {}, true],
  "approved": [({ evolution }, id) => evolution.decide(id, "approve", AT_TERMINAL, PERSON), true],
  "applied": [async ({ evolution }, id) => {
    await evolution.decide(id, "approve", AT_TERMINAL, PERSON);
    await evolution.apply(id, PERSON);
  }, true],
  "rejected": [({ evolution }, id) => evolution.reject(id, AT_TERMINAL, PERSON), false],
  "expired": [({ wait }) => wait(400 * DAY), false],
  "approved and expired": [async ({ evolution, wait }, id) => {
    await evolution.decide(id, "approve", AT_TERMINAL, PERSON);
    wait(400 * DAY);
  }, false],
  "rejected by a note that no block bears out": [({ root, instance }, id) => {
    const [{ index, hash }] = [...instance.store.ledger.newest()] as [Block];
    const decision = { index, hash };
    const note = { version: 1, id, verdict: "reject", seq: 1, decision, applied: null };
    const path = `${root}/skills/proposals/${id}.state.json`;
    Deno.writeTextFileSync(path, `${JSON.stringify(note)}\n`);
  }, true],
  "rejected, and proposed once more": [async ({ evolution }, id) => {
    await evolution.reject(id, AT_TERMINAL, PERSON);
    await evolution.propose(install("gift"), ACTOR);
  }, true],
};

Deno.test("spentDocuments() frees the files of a package when it is rejected or has expired", async (t) => {
  for (const [name, [become, stays]] of Object.entries(CASES)) {
    await t.step(name, () =>
      withLaw(async (fixture) => {
        const { instance: { store }, evolution } = fixture;
        const { proposal, hash } = await evolution.propose(install("gift"), ACTOR);
        await become(fixture, proposal.id);
        const { unreferenced } = await collectObjects(store, {
          spent: () => evolution.spentDocuments(),
        });
        assert.equal(store.objects.get(OWN) !== null, stays);
        assert.equal(store.objects.get(proposal.files[0]!.new!) !== null, stays);
        assert.equal(unreferenced.length === 0, stays);
        assert.notEqual(store.objects.get(hash), null, "the document stays");
        assert.deepEqual((await evolution.audit()).findings, []);
      }));
  }
});

Deno.test("objects gc frees the files of a package that was turned down", async () => {
  await withLaw(async ({ instance: { store }, evolution, root }) => {
    const { proposal: { id } } = await evolution.propose(install("gift"), ACTOR);
    await evolution.reject(id, AT_TERMINAL, PERSON);
    const { value } = await kairosJson(root, ["objects", "gc", "--data-dir", root]);
    const { objects } = value as { objects: readonly { hash: string }[] };
    assert.ok(objects.some(({ hash }) => hash === OWN));
    assert.equal(store.objects.get(OWN), null);
  });
});
