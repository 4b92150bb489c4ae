/**
 * `kairos knowledge show`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, textOption } from "../../parameters.ts";
import { recordJson } from "../../render/records.ts";
import { readLibrary } from "../../../core/layers/library.ts";
import { originText } from "../../../core/layers/origin.ts";
import { fullEntryJson, originJson } from "../../render/entries.ts";

/** Prints an entry. */
export default defineCommand({
  about:
    "Prints the document of an entry as it is stored. A version is a block number, or at least 6 " +
    "digits of the document's SHA-256, as `kairos history` lists them.",
  examples: [
    { call: "knowledge show notes", does: "The document as it is now" },
    { call: "knowledge show notes --version 12 > old.md", does: "As block 12 published it" },
  ],
  isLong: true,
  parameters: {
    flags: { version: textOption("VERSION", "A past version instead of the present one") },
    positional: { kind: "tuple", parameters: [argument("NAME", "The entry")] },
  },
  async run(
    context: CliContext,
    { version }: { readonly version: string | undefined },
    name: string,
  ) {
    const instance = await context.open();
    if (version !== undefined) {
      const { record, text } = await instance.knowledge.version(name, version);
      context.print({ name, record: recordJson(record), content: text }, () => context.body(text));
      return;
    }
    const entry = readLibrary(instance, name);
    const { origin } = entry;
    const json = { ...fullEntryJson(entry), ...originJson(entry) };
    context.print(json, () => context.body(entry.text));
    if (origin !== null) context.say(`From ${originText(origin)}; read only`);
    if (entry.problem !== null) context.say(`Problem: ${entry.problem.message}`);
  },
});
