import assert from "node:assert/strict";
import { inEmptyFolder, program } from "./cli_program.ts";
import { hasPseudoTerminal, onTerminal } from "./pseudo_terminal.ts";

const QUESTION = "or yes: ";

Deno.test({
  name: "the law on a terminal: proposed, looked at, approved, in force, and taken back",
  ignore: !hasPseudoTerminal(),
  fn: (t) =>
    inEmptyFolder(async (folder) => {
      const json = async (...argv: string[]) => {
        const { code, out, err } = await program(folder, [...argv, "--json"]);
        assert.equal(code, 0, err);
        return JSON.parse(out);
      };
      const inForce = async () => (await json("skills", "show", "audit_rules")).version;
      await program(folder, ["init"]);
      const { out } = await program(folder, ["skills", "show", "audit_rules"]);
      await Deno.writeTextFile(`${folder}/rules.ts`, out.replace('"1.0"', '"1.1 改"'));
      let id = "";
      await t.step("propose a file", async () => {
        ({ id } = await json("skills", "propose", "rules.ts", "--reason", "clearer"));
      });
      await t.step("list and show", async () => {
        const { proposals } = await json("proposals", "list", "--state", "pending");
        assert.deepEqual(proposals.map((one: { id: string }) => one.id), [id]);
        const { out } = await program(folder, ["proposals", "show", id]);
        assert.match(out, /^\+ {2}version: "1\.1 改",$/m);
      });
      await t.step("a program that pipes yes decides nothing", async () => {
        const { code } = await program(folder, ["proposals", "approve", id], { stdin: "yes\n" });
        assert.deepEqual([code, await inForce()], [5, "1.0"]);
      });
      await t.step("approve", async () => {
        const { code, shown } = await onTerminal(folder, ["proposals", "approve", id], [
          [QUESTION, `SHOWN ${id.slice(-8)}\r`],
        ], {});
        assert.equal(code, 0, shown);
        assert.deepEqual([await inForce(), (await json("status")).law.strength], [
          "1.1 改",
          "terminal",
        ]);
      });
      await t.step("roll back", async () => {
        const { versions } = await json("skills", "versions");
        const first = versions.find((one: { law: { seq: number } }) => one.law.seq === 0);
        const back = await json("skills", "rollback", first.name);
        const { code, shown } = await onTerminal(folder, ["proposals", "approve", back.id], [
          [QUESTION, "SHOWN yes\r"],
        ], {});
        assert.equal(code, 0, shown);
        assert.equal(await inForce(), "1.0");
        assert.equal((await program(folder, ["chain", "verify"])).code, 0);
      });
    }),
});
