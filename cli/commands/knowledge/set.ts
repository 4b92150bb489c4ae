/**
 * `kairos knowledge set`
 *
 * @module
 */

import { KairosError } from "../../../core/errors.ts";
import { originText } from "../../../core/layers/origin.ts";
import { quote } from "../../../core/text.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { readDocument } from "../../document.ts";
import { argument, optionalArgument, textOption } from "../../parameters.ts";
import { printChange, shellWord } from "../../render/changes.ts";

interface Flags {
  readonly reason: string | undefined;
  readonly ifHash: string | undefined;
}

/** Makes an entry or replaces its document. */
export default defineCommand({
  about:
    "Makes an entry or replaces its document. The document begins with front matter between two " +
    "lines of ---. The same document again changes nothing.",
  examples: [
    { call: "knowledge set notes notes.md", does: "Publish a file" },
    {
      call: 'knowledge set notes --reason "New port" < notes.md',
      does: "From standard input, with a reason",
    },
    {
      call: "knowledge set notes notes.md --if-hash 3f5a…",
      does: "Only if nobody changed it meanwhile",
    },
  ],
  parameters: {
    flags: {
      reason: textOption("TEXT", "Why; goes on the chain"),
      ifHash: textOption("SHA256", "Only if the document still has this hash"),
    },
    positional: {
      kind: "tuple",
      parameters: [
        argument("NAME", "The entry"),
        optionalArgument("FILE", "The document; - or nothing for standard input"),
      ],
    },
  },
  async run(
    context: CliContext,
    { reason, ifHash }: Flags,
    name: string,
    file: string | undefined,
  ) {
    if (ifHash !== undefined && !/^[0-9a-f]{64}$/.test(ifHash)) {
      throw new KairosError(
        "usage",
        `Cannot use ${quote(ifHash)} for --if-hash: it is no SHA-256`,
        {
          hint: `Take "hash" from \`kairos knowledge show ${shellWord(name)} --json\``,
        },
      );
    }
    const instance = await context.open();
    const content = await readDocument(context, file, instance.config["limits.entry_bytes"]);
    const write = { name, content, reason, baseHash: ifHash };
    const actor = await context.actor();
    // A condition on the present document asks for one to be there.
    const change = ifHash === undefined
      ? await instance.knowledge.set(write, actor)
      : await instance.knowledge.update(write, actor);
    printChange(context, change, `kairos history ${shellWord(name)}`);
    const origin = instance.lent(instance.view()).entries.get(name)?.origin ?? null;
    if (change.action === "create" && origin !== null) {
      context.say(`It comes before that of ${originText(origin)} from now on`);
    }
    const { problem } = instance.knowledge.get(name);
    if (problem !== null) {
      context.say(`Problem in line ${problem.line}: ${problem.message}`);
    }
  },
});
