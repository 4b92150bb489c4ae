/**
 * `kairos context save`
 *
 * @module
 */

import { quote } from "../../../core/text.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { readDocument } from "../../document.ts";
import { argument, optionalArgument, textOption } from "../../parameters.ts";
import { shellWord } from "../../render/changes.ts";

/** Saves a context. */
export default defineCommand({
  about:
    "Saves a context, new or again. Contexts are not on the chain; the journal notes the change.",
  examples: [
    { call: "context save plan plan.md --session work", does: "Into a session of your choice" },
    { call: "context save plan < plan.md", does: "Into a new session" },
  ],
  parameters: {
    flags: { session: textOption("SESSION", "Id of the session; a new one unless given") },
    positional: {
      kind: "tuple",
      parameters: [
        argument("NAME", "The context"),
        optionalArgument("FILE", "The document; - or nothing for standard input"),
      ],
    },
  },
  async run(
    context: CliContext,
    { session }: { readonly session: string | undefined },
    name: string,
    file: string | undefined,
  ) {
    const instance = await context.open();
    const content = await readDocument(context, file, instance.config["limits.entry_bytes"]);
    const change = await instance.context.save({ session, name, content }, await context.actor());
    context.print(
      { ...change },
      () =>
        change.action === "none"
          ? `Context ${quote(name)} already says so: nothing changed\n`
          : `${change.action === "created" ? "Created" : "Updated"} context ${
            quote(name)
          } in session ${quote(change.session)}\n`,
    );
    context.say(`Next: kairos context show ${shellWord(change.session)} ${shellWord(name)}`);
  },
});
