/**
 * `kairos approver reset`
 *
 * @module
 */

import { resetApprovers } from "../../../core/evolution/approvers.ts";
import { checkPinned, KEY_OPTIONS, ownKey } from "../../approver_begin.ts";
import { type KeyChoice, readPins } from "../../approver_home.ts";
import { printApprovers } from "../../approver_view.ts";
import { defineCommand } from "../../command.ts";
import { confirm } from "../../confirm.ts";
import type { CliContext } from "../../context.ts";
import { flag } from "../../parameters.ts";

/** Begins anew without the present approvers. */
export default defineCommand({
  about:
    "Begins anew with your key alone, without the present approvers: for when their keys are lost. " +
    "The new epoch is unproven, and every verification says so for ever.",
  examples: [{ call: "approver reset", does: "Ask, then begin anew" }],
  parameters: { flags: { ...KEY_OPTIONS, yes: flag("Do not ask; the passphrase still is") } },
  async run(context: CliContext, { yes, ...choice }: KeyChoice & { readonly yes: boolean }) {
    const { store } = await context.open();
    const pins = readPins(context);
    await confirm(
      context,
      "Begin a new epoch without the present approvers, which shows as unproven for ever",
      yes,
    );
    using key = await ownKey(context, choice);
    checkPinned(pins, key);
    const approvers = await resetApprovers(store, {
      keys: [key],
      required: 1,
      signers: [key],
      actor: await context.actor(),
    });
    printApprovers(context, approvers, pins);
  },
});
