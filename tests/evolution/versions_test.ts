import assert from "node:assert/strict";
import { printLaw } from "../../core/dsl/print.ts";
import { KairosError } from "../../core/errors.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { AT_TERMINAL, contentInForce, evolve, PERSON, testLaw, withLaw } from "./law.ts";

Deno.test("Evolution.snapshot() never overwrites a snapshot", async () => {
  await withLaw(async ({ evolution, instance }) => {
    // The clock stands still, so that all of them ask for the same name.
    const names = [];
    for (let at = 0; at < 3; at++) names.push(await evolution.snapshot(`number ${at}`, PERSON));
    const versions = evolution.versions();
    assert.equal(new Set(versions.map(({ name }) => name)).size, 4);
    for (const name of names) {
      assert.match(name, /^kairos_20260120_103000_[0-9a-f]{8}-[123]\.ts$/);
      assert.equal(evolution.version(name).source, printLaw(testLaw()));
    }
    assert.deepEqual(
      versions.map(({ reason }) => reason).sort(),
      ["number 0", "number 1", "number 2", "the first law"],
    );
    const [block] = instance.store.ledger.newest();
    const { type, snapshot, object } = JSON.parse(block!.data[0]!);
    assert.deepEqual([type, snapshot, object], [
      "law_snapshot",
      names[2],
      sha256(printLaw(testLaw())),
    ]);
    assert.deepEqual((await evolution.audit()).findings, []);
  });
});

Deno.test("Evolution.rollback() brings an earlier law back by decision", async () => {
  await withLaw(async ({ evolution, root, reopen }) => {
    await evolve(evolution, "audit_rules", { content: "90 days.\n" });
    await evolve(evolution, "chain_awareness", { content: "More.\n" });
    const first = evolution.versions().find(({ law }) => law?.seq === 0)!;
    const { proposal } = await evolution.rollback(first.name, "it was better", PERSON);
    assert.deepEqual(
      proposal.diff.ast instanceof Array && proposal.diff.ast.length,
      2,
      "both skills are shown",
    );
    await evolution.decide(proposal.id, "approve", AT_TERMINAL, PERSON);
    await evolution.apply(proposal.id, PERSON);
    assert.equal(Deno.readTextFileSync(`${root}/skills/kairos.ts`), printLaw(testLaw()));
    assert.equal(await contentInForce(await reopen(), "chain_awareness"), "The chain.\n");
    assert.equal(evolution.versions().length, 4, "every law in force has its snapshot");
    assert.deepEqual((await evolution.audit()).findings, []);
  });
});

Deno.test("Evolution.compare() tells what differs between versions", async () => {
  await withLaw(async ({ evolution, root }) => {
    await evolve(evolution, "audit_rules", { content: "90 days.\n" });
    const [first, second] = [0, 1].map((seq) =>
      evolution.versions().find(({ law }) => law?.seq === seq)!.name
    );
    const found = await evolution.compare(first!, second!);
    assert.match(found.prose, /^-.*180 days\.\n\+.*90 days\./m);
    assert.deepEqual((await evolution.compare(second!)).ast, [], "the law in force");
    assert.ok(Array.isArray(found.ast) && found.ast.length === 1);
    const foreign = "kairos_20251121_070906.rb";
    Deno.writeTextFileSync(`${root}/skills/versions/${foreign}`, "skill :a do\nend\n");
    assert.deepEqual((await evolution.compare(foreign, first!)).ast, []);
  });
});

Deno.test("Evolution lists snapshots of another program and goes back to none of them", async () => {
  await withLaw(async ({ evolution, root }) => {
    const name = "kairos_20251121_070906.rb";
    const source = "skill :audit_rules do\nend\n";
    Deno.writeTextFileSync(`${root}/skills/versions/${name}`, source);
    assert.deepEqual(evolution.versions().at(-1), {
      name,
      timestamp: null,
      reason: null,
      law: null,
    });
    assert.equal(evolution.version(name).source, source);
    await assert.rejects(
      evolution.rollback(name, "back", PERSON),
      (error) => error instanceof KairosError && /nothing says which law/.test(error.message),
    );
  });
});
