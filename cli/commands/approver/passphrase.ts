/**
 * `kairos approver passphrase`
 *
 * @module
 */

import { readKeyFile, replaceKeyFile } from "../../../core/keys/key_file.ts";
import { wipe } from "../../../core/keys/passphrase.ts";
import { KEY_OPTIONS } from "../../approver_begin.ts";
import { chosenKeyFile, type KeyChoice } from "../../approver_home.ts";
import { unlock } from "../../approver_keys.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { askNewPassphrase, requireTerminal } from "../../secrets.ts";

/** Changes the passphrase of a key. */
export default defineCommand({
  about:
    "Changes the passphrase of a key. Its recovery code stays. A copy of the old file still opens " +
    "with the old passphrase.",
  examples: [{ call: "approver passphrase", does: "Ask for the old one and the new one" }],
  parameters: { flags: KEY_OPTIONS },
  async run(context: CliContext, choice: KeyChoice) {
    requireTerminal(context);
    const { disk } = context;
    const { path } = await chosenKeyFile(context, choice);
    const sealed = readKeyFile(disk, path);
    using key = await unlock(context, sealed);
    const secret = await askNewPassphrase(context);
    try {
      const passphrase = await key.seal(sealed.kind, "passphrase", secret);
      replaceKeyFile(disk, path, { ...sealed, passphrase });
    } finally {
      wipe(secret);
    }
    context.print({ id: key.id, key_file: path }, () => `Changed the passphrase of ${key.id}\n`);
  },
});
