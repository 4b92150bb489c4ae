/**
 * `kairos completions`
 *
 * @module
 */

import { SCRIPTS, type Shell, SHELLS } from "../complete/scripts.ts";
import { KairosError } from "../../core/errors.ts";
import { quote } from "../../core/text.ts";
import { defineCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { argument } from "../parameters.ts";

/** Prints the script of a shell. */
export default defineCommand({
  about: `Prints the script that completes commands, options and names of entries, sessions and ` +
    `tools in a shell: ${
      SHELLS.join(", ")
    }. The script says where to put it; it calls \`kairos\`, ` +
    `which must be found by that name.`,
  examples: [
    { call: "completions bash", does: "The script; its first lines say where it goes" },
    { call: "completions powershell", does: "For PowerShell" },
  ],
  parameters: {
    positional: { kind: "tuple", parameters: [argument("SHELL", SHELLS.join(", "))] },
  },
  run(context: CliContext, _flags: NonNullable<unknown>, shell: string) {
    if (!isShell(shell)) {
      throw new KairosError("usage", `There are no completions for ${quote(shell)}`, {
        hint: `Name one of ${SHELLS.join(", ")}`,
      });
    }
    const script = SCRIPTS[shell];
    context.print({ shell, script }, () => script);
    return Promise.resolve();
  },
});

function isShell(name: string): name is Shell {
  return Object.hasOwn(SCRIPTS, name);
}
