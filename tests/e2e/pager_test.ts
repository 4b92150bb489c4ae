import assert from "node:assert/strict";
import { inEmptyFolder, program } from "./cli_program.ts";
import { hasPseudoTerminal, onTerminal } from "./pseudo_terminal.ts";

Deno.test({
  name: "a person pages through long output, and the terminal is as it was afterwards",
  ignore: !hasPseudoTerminal(),
  fn: async () => {
    await inEmptyFolder(async (folder) => {
      await program(folder, ["init"]);
      const call = ["skills", "show", "l0_governance"];
      const answers = [["-- line ", " "], ["-- line ", "\r"], ["-- line ", "q"]] as const;
      const { code, shown, echo } = await onTerminal(folder, call, answers, { TERM: "xterm" }, 8);
      assert.equal(code, 0);
      assert.notEqual(echo, false);
      const [, second, third] = [...shown.matchAll(/-- line (\d+) of/g)].map(([, at]) =>
        Number(at)
      );
      assert.equal(third, second! + 1);
      assert.ok(!shown.includes("formalization_notes"), "the end was not shown");
    });
  },
});
