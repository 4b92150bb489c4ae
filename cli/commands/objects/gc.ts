/**
 * `kairos objects gc`
 *
 * @module
 */

import { collectObjects, findUnreferenced } from "../../../core/objects/collect.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { flag } from "../../parameters.ts";
import { byteSize, counted } from "../../render/text.ts";

/** Removes stored versions nothing refers to. */
export default defineCommand({
  about:
    "Removes stored versions nothing refers to: no record on the chain, no line of the journal, no " +
    "document as it stands. Versions in an entry's history always stay; the files of a package stay " +
    "until what was proposed about it is rejected or has expired.",
  examples: [
    { call: "objects gc --dry-run", does: "See what would be removed" },
    { call: "objects gc", does: "Remove it" },
  ],
  parameters: { flags: { dryRun: flag("Show what would be removed and change nothing") } },
  async run(context: CliContext, { dryRun }: { readonly dryRun: boolean }) {
    const { store, evolution } = await context.open(dryRun ? "read" : undefined);
    const law = await evolution();
    const spent = () => law.spentDocuments();
    const collect = dryRun ? findUnreferenced : collectObjects;
    const { kept, unreferenced, bytes } = await collect(store, { spent });
    const objects = unreferenced.map(({ id, size }) => ({ hash: id, size }));
    context.print({ done: !dryRun, kept, bytes, objects }, () => {
      const what = `${counted(objects.length, "object")} (${byteSize(bytes)})`;
      const list = objects.map(({ hash, size }) => `${hash}  ${byteSize(size)}\n`).join("");
      return `${list}${dryRun ? "Would remove" : "Removed"} ${what}; ${kept} stay\n`;
    });
    if (dryRun && objects.length > 0) context.say("Next: kairos objects gc");
  },
});
