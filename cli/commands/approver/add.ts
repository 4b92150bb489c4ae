/**
 * `kairos approver add`
 *
 * @module
 */

import { KairosError } from "../../../core/errors.ts";
import { changeApprovers, loadApprovers } from "../../../core/evolution/approvers.ts";
import { MAX_APPROVERS } from "../../../core/evolution/approver_set.ts";
import { parsePublicLine } from "../../../core/keys/public_line.ts";
import { quote } from "../../../core/text.ts";
import { readPins } from "../../approver_home.ts";
import { withApproverKeys } from "../../approver_keys.ts";
import { presentSet, printApprovers } from "../../approver_view.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, numberOption, textsOption } from "../../parameters.ts";

interface Flags {
  readonly required: number | undefined;
  readonly keyFile: readonly string[] | undefined;
}

/** Adds a key. */
export default defineCommand({
  about:
    "Adds somebody's key to the approvers, signed with the keys of those who are. Compare the id of " +
    "the key with its owner over another way than the one it came by.",
  examples: [
    { call: "approver add kairos-approver:Ben:bGluZQ==", does: "What Ben's export-key printed" },
    {
      call: "approver add kairos-approver:Ben:bGluZQ== --required 2",
      does: "From then on two must sign",
    },
  ],
  parameters: {
    flags: {
      required: numberOption("N", "How many must sign from then on; as before unless given", {
        min: 1,
        max: MAX_APPROVERS,
      }),
      keyFile: textsOption("PATH", "A key file to sign with, once for each"),
    },
    positional: {
      kind: "tuple",
      parameters: [argument("LINE", "The line `kairos approver export-key` printed")],
    },
  },
  async run(context: CliContext, { required, keyFile }: Flags, line: string) {
    const added = parsePublicLine(line);
    const { store } = await context.open();
    const pins = readPins(context);
    const base = presentSet(loadApprovers(store, pins));
    if (base.keys.some(({ id, name }) => id === added.id || name === added.name)) {
      throw new KairosError("exists", `Cannot add ${quote(added.name)}: key or name is there`, {
        hint: "Look with `kairos approver show`",
      });
    }
    context.say(`Adding ${added.name}, key ${added.id}`);
    const actor = await context.actor();
    const approvers = await withApproverKeys(
      context,
      base,
      keyFile,
      (signers) =>
        changeApprovers(store, {
          keys: [...base.keys, added],
          required: required ?? base.required,
          signers,
          base,
          actor,
        }),
    );
    printApprovers(context, approvers, pins);
  },
});
