/**
 * `kairos context show`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument } from "../../parameters.ts";
import { fullEntryJson } from "../../render/entries.ts";

/** Prints a context. */
export default defineCommand({
  about: "Prints the document of a context as it is stored.",
  examples: [{ call: "context show work plan", does: "The context plan of the session work" }],
  isLong: true,
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [argument("SESSION", "Id of the session"), argument("NAME", "The context")],
    },
  },
  async run(context: CliContext, _flags: NonNullable<unknown>, session: string, name: string) {
    const entry = (await context.open()).context.get(session, name);
    context.print({ session, ...fullEntryJson(entry) }, () => context.body(entry.text));
    if (entry.problem !== null) context.say(`Problem: ${entry.problem.message}`);
  },
});
