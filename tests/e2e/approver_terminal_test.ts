import assert from "node:assert/strict";
import { whole } from "../counts.ts";
import { kairos, snapshot } from "../cli/harness.ts";
import { inEmptyFolder, program } from "./cli_program.ts";
import { hasPseudoTerminal, onTerminal } from "./pseudo_terminal.ts";

const SECRET = "道に four words";
const NEW = "New passphrase: ";
const AGAIN = "The same again: ";

Deno.test({
  name: "approver on a terminal: nothing typed is shown, and only the passphrase opens the key",
  ignore: !hasPseudoTerminal() || !whole(),
  fn: (t) =>
    inEmptyFolder(async (folder) => {
      const env = { HOME: `${folder}/home` };
      await kairos(folder, ["init"]);
      await kairos(folder, ["chain", "record", "a note"]);
      const init = ["approver", "init", "--name", "ada"];
      const untouched = await snapshot(folder);
      for (const [name, key] of Object.entries({ "Ctrl-C": "\x03", "Ctrl-D": "\x04" })) {
        await t.step(`${name} gives up, and the terminal is as before`, async () => {
          const left = await onTerminal(folder, init, [[NEW, `half${key}`]], env);
          assert.deepEqual([left.code, left.echo], [5, true], left.shown);
          assert.ok(!left.shown.includes("half"));
          assert.deepEqual(await snapshot(folder), untouched);
        });
      }
      await t.step("a signal ends it, and the terminal is as before", async () => {
        const left = await onTerminal(folder, init, [[NEW, "SIGNAL 2"]], env);
        assert.deepEqual([left.code, left.echo], [130, true], left.shown);
      });
      await t.step("init", async () => {
        const typed = `${SECRET}x\x7f\r`;
        const made = await onTerminal(folder, init, [[NEW, typed], [AGAIN, typed]], env);
        assert.deepEqual([made.code, made.echo], [0, true], made.shown);
        assert.ok(!made.shown.includes(SECRET) && !made.shown.includes("four"));
        assert.match(made.shown, /Recovery code, shown only now/);
      });
      await t.step("a terminal without the passphrase gets nowhere", async () => {
        const before = await snapshot(`${folder}/.kairos`);
        const reset = ["approver", "reset", "--yes", "--name", "ada"];
        const wrong = await onTerminal(folder, reset, [["): ", "not the words\r"]], env);
        assert.equal(wrong.code, 5);
        assert.match(wrong.shown, /the passphrase does not fit/);
        assert.deepEqual(await snapshot(`${folder}/.kairos`), before);
      });
      await t.step("nor does it approve a change of the law", async () => {
        const { out } = await kairos(folder, ["skills", "show", "audit_rules"]);
        const argv = ["skills", "propose", "-", "--reason", "x", "--json"];
        const asked = await kairos(folder, argv, { stdin: out.replace('"1.0"', '"9.9"') });
        const { id } = JSON.parse(asked.out) as { id: string };
        const before = await snapshot(`${folder}/.kairos/skills`);
        const approve = ["proposals", "approve", id];
        for (const typed of ["yes\r", "\r", `${id}\r`, "\x04"]) {
          const tried = await onTerminal(folder, approve, [["): ", typed]], env);
          assert.equal(tried.code, 5, tried.shown);
          assert.deepEqual(await snapshot(`${folder}/.kairos/skills`), before);
        }
      });
      await t.step("the pin is read with the permissions the program ships with", async () => {
        const { code, out } = await program(folder, ["approver", "show", "--json"], {
          env: { ...env, KAIROS_APPROVER: "0000-1111-2222-3333-4444-5555-6666-7777" },
        });
        assert.equal(code, 3);
        assert.equal(JSON.parse(out).pin, "differs");
      });
    }),
});
