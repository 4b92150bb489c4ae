/**
 * `kairos approver export-key`
 *
 * @module
 */

import { readKeyFile } from "../../../core/keys/key_file.ts";
import { publicLine } from "../../../core/keys/public_line.ts";
import { KEY_OPTIONS, ownKey } from "../../approver_begin.ts";
import { chosenKeyFile, type KeyChoice } from "../../approver_home.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { flag } from "../../parameters.ts";

/** Prints a public key. */
export default defineCommand({
  about:
    "Prints your public key as one line for an approver, who adds it with `kairos approver add`. It " +
    "is no secret; asks nothing unless the key is made.",
  examples: [
    { call: "approver export-key", does: "The line for the others" },
    { call: "approver export-key --make", does: "Make the key first, where there is none" },
  ],
  parameters: {
    flags: { ...KEY_OPTIONS, make: flag("Make the key where there is none; asks on a terminal") },
  },
  async run(context: CliContext, { make, ...choice }: KeyChoice & { readonly make: boolean }) {
    const { path } = await chosenKeyFile(context, choice);
    if (make && context.disk.statLink(path) === null) {
      (await ownKey(context, choice))[Symbol.dispose]();
    }
    const { id, name, public_key } = readKeyFile(context.disk, path);
    const line = publicLine({ id, name, public_key });
    context.print({ id, name, public_key, line }, () => `${line}\n`);
    context.say(`Key ${id}: compare it with the one who adds it, over another way`);
  },
});
