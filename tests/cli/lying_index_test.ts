import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { document, inInstance, kairos } from "./harness.ts";

/** What an index can say that is not so, each without a trace that it was changed. */
const LIES: Readonly<Record<string, string>> = {
  "blocks elsewhere":
    "UPDATE chain_blocks SET at = at + 7, hash = zeroblob(32) WHERE id < (SELECT max(id) FROM chain_blocks)",
  "records of others":
    "UPDATE chain_records SET type = 'law_transition', entry = 'l0_governance', principal = 'cli:eve'",
  "no records at all": "DELETE FROM chain_records; DELETE FROM chain_objects",
  "another law": "UPDATE docs SET body = 'allowed_skills everything', version = 'x', settled = 1",
};

Deno.test("verify, doctor and the law in force are the same whatever the index says", async (t) => {
  await inInstance(async (folder, root) => {
    for (const body of ["one", "two", "three"]) {
      await kairos(folder, ["knowledge", "set", "a"], { stdin: document("a", body) });
    }
    const ask = async () => {
      const told = [];
      for (
        const argv of [
          ["verify"],
          ["chain", "verify"],
          ["doctor"],
          ["skills", "show", "l0_governance"],
          ["proposals", "list"],
          ["state", "status"],
        ]
      ) {
        const { code, out, err } = await kairos(folder, [...argv, "--json"]);
        told.push({ argv, code, out, err });
      }
      return told;
    };
    await kairos(folder, ["history", "a"]);
    await kairos(folder, ["knowledge", "search", "allowed_skills"]);
    const before = await ask();
    assert.equal(before[0]?.code, 0);
    for (const [name, sql] of Object.entries(LIES)) {
      await t.step(name, async () => {
        const database = new DatabaseSync(`${root}/storage/index.db`);
        database.exec(sql);
        database.close();
        assert.deepEqual(await ask(), before);
      });
    }
  });
});
