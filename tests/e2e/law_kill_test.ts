import assert from "node:assert/strict";
import { printLaw } from "../../core/dsl/print.ts";
import { openInstance } from "../../core/instance.ts";
import { auditLedger } from "../../core/ledger/audit.ts";
import { sha256 } from "../../core/objects/objects.ts";
import { count } from "../counts.ts";
import { PERSON, testLaw } from "../evolution/law.ts";
import { withFolder } from "../support/instance.ts";
import { killWorker } from "./kill_worker.ts";

const WORKER = new URL("./law_worker.ts", import.meta.url).pathname;

/** A change of the law that was acknowledged. */
interface Acknowledged {
  readonly id: string;
  readonly block: number;
  readonly hash: string;
  readonly snapshot: string;
}

Deno.test("law, snapshots, chain and proposals agree after every kill -9", async () => {
  await withFolder(async (root) => {
    Deno.mkdirSync(`${root}/skills`);
    const law = testLaw({ evolution_enabled: true, limits: { evolutions_per_session: 1000 } });
    const made = await openInstance(root, { mode: "write" });
    await (await made.evolution()).begin(new TextEncoder().encode(printLaw(law)), PERSON);
    const acknowledged: Acknowledged[] = [];
    for (let round = 0; round < count("lawKills"); round++) {
      const enough = 1 + (round * 5) % 4;
      acknowledged.push(...await killWorker<Acknowledged>(WORKER, [root], enough));
      const reader = await openInstance(root, { mode: "read" });
      const { status, problems, drift } = await (await reader.evolution()).inForce();
      assert.deepEqual([status, problems, drift], ["decided", [], null], `round ${round}`);
    }
    assert.ok(acknowledged.length >= count("lawKills"));

    const after = await openInstance(root, { mode: "write" });
    const evolution = await after.evolution();
    const { valid, findings } = await auditLedger(after.store);
    assert.deepEqual([valid, findings], [true, []]);
    const audit = await evolution.audit();
    assert.deepEqual(audit.findings, []);
    const { file, source } = await evolution.inForce();
    assert.equal(file?.seq, audit.law?.seq);
    assert.equal(Deno.readTextFileSync(`${root}/skills/kairos.ts`), source);
    const blocks = [...after.store.ledger.newest()].reverse();
    const versions = evolution.versions();
    for (const { id, block, hash, snapshot } of acknowledged) {
      assert.equal(blocks[block]?.hash, hash);
      assert.equal(evolution.show(id).state, "applied");
      const { version, hash: object } = evolution.version(snapshot);
      assert.deepEqual([version.law?.object, version.law?.proposal], [object, id]);
      assert.equal(sha256(evolution.version(snapshot).source), object);
    }
    assert.ok(versions.every(({ law }) => law !== null), "no snapshot without its note");
    assert.ok(evolution.list().every(({ problem }) => problem === null));
  });
});
