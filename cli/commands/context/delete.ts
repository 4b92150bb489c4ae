/**
 * `kairos context delete`
 *
 * @module
 */

import { quote } from "../../../core/text.ts";
import { confirm } from "../../confirm.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, flag, optionalArgument } from "../../parameters.ts";
import { shellWord } from "../../render/changes.ts";
import { counted } from "../../render/text.ts";

interface Flags {
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** Removes a context or a session. */
export default defineCommand({
  about:
    "Removes a context, or without NAME the whole session. Contexts have no versions: what is " +
    "removed is gone.",
  examples: [
    { call: "context delete work plan", does: "Ask, then delete one context" },
    { call: "context delete work --yes", does: "A whole session, without a question" },
  ],
  parameters: {
    flags: {
      dryRun: flag("Show what would happen and change nothing"),
      yes: flag("Do not ask"),
    },
    positional: {
      kind: "tuple",
      parameters: [
        argument("SESSION", "Id of the session"),
        optionalArgument("NAME", "The context; all of the session unless given"),
      ],
    },
  },
  async run(
    context: CliContext,
    { dryRun, yes }: Flags,
    session: string,
    name: string | undefined,
  ) {
    const before = (await context.open("read")).context;
    const names = name === undefined
      ? before.list(session).map((one) => one.name)
      : [before.get(session, name).name];
    const what = name === undefined
      ? `session ${quote(session)} with ${counted(names.length, "context")}`
      : `context ${quote(name)} of session ${quote(session)}`;
    const result = { session, contexts: names };
    if (dryRun) {
      context.print({ done: false, ...result }, () => `Delete ${what}\n`);
      const words = name === undefined ? [session] : [session, name];
      context.say(`Next: kairos context delete ${words.map(shellWord).join(" ")}`);
      return;
    }
    await confirm(context, `Delete ${what} for good`, yes);
    const layer = (await context.open()).context;
    const actor = await context.actor();
    if (name === undefined) await layer.deleteSession(session, actor);
    else await layer.delete(session, name, actor);
    context.print({ done: true, ...result }, () => `Deleted ${what}\n`);
    context.say("Next: kairos context list");
  },
});
