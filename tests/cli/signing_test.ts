import assert from "node:assert/strict";
import { whole } from "../counts.ts";
import type { DecisionView } from "../../cli/decision_view.ts";
import { type Around, inFolder, kairos, kairosJson, snapshot } from "./harness.ts";

const ADA = "ada has four words";
const BEN = "ベンの長い合言葉だよ、ながい";

/** A person at a terminal of a machine with a home of its own. */
const at = (home: string, secrets: readonly string[] = []): Around => ({
  terminal: true,
  secrets,
  env: { HOME: home },
});

/** What a test with two machines works with: on one is the instance and Ada, on the other Ben. */
interface Machines {
  readonly here: string;
  readonly there: string;
  readonly id: string;
}

async function withMachines(test: (machines: Machines) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const [here, there] = [`${folder}/here`, `${folder}/there`];
    for (const machine of [here, there]) await Deno.mkdir(machine);
    const run = async (machine: string, argv: string[], secrets: string[]) => {
      const { code, out, err } = await kairos(machine, argv, at(machine, secrets));
      assert.equal(code, 0, err);
      return out;
    };
    await run(here, ["init"], []);
    await run(here, ["approver", "init", "--name", "tester"], [ADA, ADA]);
    const line = await run(there, ["approver", "export-key", "--make", "--name", "ben"], [
      BEN,
      BEN,
    ]);
    await run(here, ["approver", "add", line.trim(), "--required", "2"], [ADA]);
    const skill = await run(here, ["skills", "show", "audit_rules"], []);
    await Deno.writeTextFile(`${here}/draft.ts`, skill.replace('"1.0"', '"1.1"'));
    const argv = ["skills", "propose", "draft.ts", "--reason", "版を上げる"];
    const { value } = await kairosJson<{ id: string }>(here, argv);
    await test({ here, there, id: value.id });
  });
}

const versionOf = async (folder: string) =>
  (await kairosJson<{ version: string }>(folder, ["skills", "show", "audit_rules"])).value.version;

Deno.test({
  name: "approver sign: two people decide on two machines, and no one of them alone",
  ignore: !whole(),
  async fn(t) {
    await withMachines(async ({ here, there, id }) => {
      await t.step("who signs here alone decides nothing", async () => {
        const argv = ["proposals", "approve", id, "--json"];
        const { code, out, err } = await kairos(here, argv, at(here, [ADA]));
        assert.equal(code, 0, err);
        const { state, missing, signed, decided } = JSON.parse(out) as DecisionView;
        assert.deepEqual([state, missing, decided], ["pending", 1, null]);
        assert.deepEqual(signed.map(({ name }) => name), ["tester"]);
        assert.equal((await kairos(here, ["proposals", "apply", id])).code, 5);
        const show = await kairos(here, ["proposals", "show", id]);
        assert.match(show.err, /To approve it: signed by tester, 1 more needed/);
        const again = await kairos(here, ["proposals", "approve", id], at(here, [ADA]));
        assert.equal(again.code, 5, "the same key does not sign twice");
        assert.match(again.err, /0 of the 1 keys that must sign are at hand/);
      });
      await t.step("the other sees the change there and signs", async () => {
        const request = await kairos(here, ["proposals", "export", id]);
        assert.equal(request.code, 0, request.err);
        await Deno.writeTextFile(`${there}/request.json`, request.out);
        const argv = ["approver", "sign", "request.json", "--name", "ben"];
        const wrong = await kairos(there, argv, at(there, [ADA]));
        assert.deepEqual([wrong.code, wrong.out], [5, ""]);
        const piped = await kairos(there, argv, { secrets: [BEN], env: { HOME: there } });
        assert.deepEqual([piped.code, piped.out], [5, ""], "without a terminal");
        const { code, out, err } = await kairos(there, argv, at(there, [BEN]));
        assert.equal(code, 0, err);
        assert.match(err, /\+ {2}version: "1\.1",/);
        assert.match(err, /To approve this, give the passphrase/);
        assert.ok(!out.includes(BEN) && !err.includes(BEN));
        await Deno.writeTextFile(`${here}/ben.json`, out);
      });
      await t.step("a request that lies is not signed", async () => {
        const text = await Deno.readTextFile(`${there}/request.json`);
        await Deno.writeTextFile(`${there}/lie.json`, text.replace("版を上げる", "版を下げる"));
        const argv = ["approver", "sign", "lie.json", "--name", "ben"];
        const { code, out, err } = await kairos(there, argv, at(there, [BEN]));
        assert.deepEqual([code, out], [1, ""]);
        assert.match(err, /about another proposal than the one in it/);
      });
      await t.step("a signature cannot be turned into a no", async () => {
        const before = await snapshot(`${here}/.kairos/skills`);
        const argv = ["proposals", "reject", id, "--signature", "ben.json"];
        const { code, err } = await kairos(here, argv);
        assert.equal(code, 5);
        assert.match(err, /they say the opposite/);
        assert.deepEqual(await snapshot(`${here}/.kairos/skills`), before);
      });
      await t.step("brought back, it decides and puts in force", async () => {
        const argv = ["proposals", "approve", id, "--signature", "ben.json"];
        const { code, value } = await kairosJson<DecisionView>(here, argv);
        assert.deepEqual([code, value.state, value.strength, value.missing], [
          0,
          "applied",
          "key",
          0,
        ]);
        assert.equal(value.signed.length, 2);
        assert.equal(await versionOf(here), "1.1");
        assert.equal((await kairos(here, ["chain", "verify"])).code, 0);
        assert.equal((await kairos(here, argv)).code, 1, "it is used");
      });
    });
  },
});
