/**
 * `kairos approver init`
 *
 * @module
 */

import { KairosError } from "../../../core/errors.ts";
import { changeApprovers, loadApprovers } from "../../../core/evolution/approvers.ts";
import { checkPinned, KEY_OPTIONS, ownKey } from "../../approver_begin.ts";
import { type KeyChoice, readPins } from "../../approver_home.ts";
import { printApprovers, unusable } from "../../approver_view.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";

/** Makes the first approver. */
export default defineCommand({
  about:
    "Makes an approver key, sealed by a passphrase, and makes it the one that decides about the law " +
    "of this instance. A key that is there already is used. Asks on a terminal only.",
  examples: [
    { call: "approver init", does: "Your key decides from now on" },
    { call: "approver init --name ada", does: "Under another name" },
  ],
  parameters: { flags: KEY_OPTIONS },
  async run(context: CliContext, choice: KeyChoice) {
    const { store } = await context.open();
    const pins = readPins(context);
    const { set, problem } = loadApprovers(store);
    if (problem !== null) throw unusable(problem);
    if (set !== null) {
      throw new KairosError("exists", "Cannot begin: this instance has approvers", {
        hint: "Look with `kairos approver show`; they let others in with `kairos approver add`",
      });
    }
    using key = await ownKey(context, choice);
    checkPinned(pins, key);
    const approvers = await changeApprovers(store, {
      keys: [key],
      required: 1,
      signers: [key],
      base: null,
      actor: await context.actor(),
    });
    printApprovers(context, approvers, pins);
  },
});
