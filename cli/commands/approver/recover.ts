/**
 * `kairos approver recover`
 *
 * @module
 */

import { readKeyFile, replaceKeyFile } from "../../../core/keys/key_file.ts";
import { wipe } from "../../../core/keys/passphrase.ts";
import { openSealedKey } from "../../../core/keys/sealed_key.ts";
import { KEY_OPTIONS } from "../../approver_begin.ts";
import { chosenKeyFile, type KeyChoice } from "../../approver_home.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { askRecoveryCode, requireTerminal, sealAnew, showRecoveryCode } from "../../secrets.ts";

/** Sets a new passphrase with the recovery code. */
export default defineCommand({
  about:
    "Sets a new passphrase with the recovery code, which is replaced by a new one. The key stays the " +
    "same.",
  examples: [{ call: "approver recover", does: "Ask for the code and a new passphrase" }],
  parameters: { flags: KEY_OPTIONS },
  async run(context: CliContext, choice: KeyChoice) {
    requireTerminal(context);
    const { disk } = context;
    const { path } = await chosenKeyFile(context, choice);
    const sealed = readKeyFile(disk, path);
    const secret = await askRecoveryCode(context);
    using key = await openSealedKey(sealed, "recovery", secret).finally(() => wipe(secret));
    const { sealed: renewed, code } = await sealAnew(context, key);
    replaceKeyFile(disk, path, renewed);
    showRecoveryCode(context, code);
    context.print({ id: key.id, key_file: path }, () => `Set a new passphrase for ${key.id}\n`);
  },
});
