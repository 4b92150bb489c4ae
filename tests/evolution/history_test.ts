import assert from "node:assert/strict";
import { changeApprovers, loadApprovers, replayApprovers } from "../../core/evolution/approvers.ts";
import { isSetRecord } from "../../core/evolution/approver_set.ts";
import { parsePin } from "../../core/evolution/pin.ts";
import { openInstance } from "../../core/instance.ts";
import { OpenKey } from "../../core/keys/sealed_key.ts";
import { ACTOR, NOON } from "../support/instance.ts";
import { contentInForce, evolve, PERSON, skillRequest, withLaw } from "./law.ts";

/** Copies a data directory, as somebody with access to the files can. */
function copy(from: string, to: string): void {
  Deno.mkdirSync(to);
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (isDirectory) copy(`${from}/${name}`, `${to}/${name}`);
    else Deno.copyFileSync(`${from}/${name}`, `${to}/${name}`);
  }
}

const open = (root: string, pins: ReturnType<typeof parsePin>[] = []) =>
  openInstance(root, { mode: "write", clock: () => NOON, pins });

Deno.test("approvers vouch for the history before them: their record does not fit behind another", async () => {
  await withLaw(async ({ instance: { store }, root }) => {
    const forged = `${root} forged`;
    copy(root, forged);
    using key = OpenKey.generate("Grace");
    const change = { keys: [key], required: 1, signers: [key], base: null, actor: PERSON };
    const { fingerprint } = await changeApprovers(store, change);
    const pins = [parsePin("KAIROS_APPROVER", fingerprint)];
    const genuine = await (await open(root, pins)).evolution();
    assert.equal((await genuine.inForce()).status, "decided");
    assert.deepEqual((await genuine.audit()).findings, []);
    const record = [...store.ledger.newest()].flatMap(({ data }) => data).find(isSetRecord)!;

    // The same beginning, then a decision nobody signed, then the approvers' own record.
    const made = await open(forged);
    await evolve(await made.evolution(), "audit_rules", { content: "Never look.\n" });
    const pointer = await made.store.exclusive(() => {
      const { pointer, at } = made.store.foresee(record);
      made.store.append([record], at);
      return pointer;
    });
    const file = { version: 1, epoch: 1, number: 1, sets: [pointer] };
    Deno.writeTextFileSync(`${forged}/skills/approvers.json`, JSON.stringify(file));

    const found = await open(forged, pins);
    const { problem, set } = loadApprovers(found.store, pins);
    assert.match(problem!, /approver set 1 does not hold: another history stands before it/);
    assert.equal(set, null);
    const evolution = await found.evolution();
    assert.notEqual((await evolution.inForce()).status, "decided");
    await assert.rejects(
      evolution.propose(skillRequest("audit_rules", { title: "x" }), ACTOR),
      { code: "refused" },
    );
    const { findings } = await evolution.audit();
    assert.match(findings.map(({ message }) => message).join("\n"), /another history/);
    const { problems } = await replayApprovers(found.store.ledger);
    assert.equal(problems.length, 1);
    // Without a pin it shows as well, since the record is there.
    const unpinned = await (await open(forged)).evolution();
    assert.notEqual((await unpinned.inForce()).status, "decided");
    assert.equal(await contentInForce(genuine, "audit_rules"), "Look after 180 days.\n");
  });
});

Deno.test("changeApprovers() names the block its record follows, whatever came in while a person typed", async () => {
  await withLaw(async ({ instance: { store } }) => {
    using key = OpenKey.generate("Grace");
    const change = { keys: [key], required: 1, signers: [key], base: null, actor: PERSON };
    const [, , approvers] = await Promise.all([
      store.exclusive(() => store.append(["one"])),
      store.exclusive(() => store.append(["two"])),
      changeApprovers(store, change),
      store.exclusive(() => store.append(["three"])),
    ]);
    assert.equal(approvers.problem, null);
    const blocks = [...store.ledger.newest()];
    const block = blocks.find(({ data }) => isSetRecord(data[0]!))!;
    assert.equal(approvers.set?.head, block.previous_hash);
    assert.deepEqual((await replayApprovers(store.ledger)).problems, []);
  });
});
