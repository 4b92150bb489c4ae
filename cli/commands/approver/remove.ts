/**
 * `kairos approver remove`
 *
 * @module
 */

import { KairosError } from "../../../core/errors.ts";
import { changeApprovers, loadApprovers } from "../../../core/evolution/approvers.ts";
import { MAX_APPROVERS } from "../../../core/evolution/approver_set.ts";
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

/** Removes a key. */
export default defineCommand({
  about:
    "Removes a key from the approvers, signed with the keys of those who are. What it decided before " +
    "stays decided.",
  examples: [
    { call: "approver remove Ben", does: "By name, or by the id of the key" },
    { call: "approver remove Ben --required 1", does: "From then on one signature is enough" },
  ],
  parameters: {
    flags: {
      required: numberOption("N", "How many must sign from then on; as before unless given", {
        min: 1,
        max: MAX_APPROVERS,
      }),
      keyFile: textsOption("PATH", "A key file to sign with, once for each"),
    },
    positional: { kind: "tuple", parameters: [argument("WHO", "Name or id of the key")] },
  },
  async run(context: CliContext, { required, keyFile }: Flags, who: string) {
    const { store } = await context.open();
    const pins = readPins(context);
    const base = presentSet(loadApprovers(store, pins));
    const matches = base.keys.filter(({ id, name }) => id === who || name === who);
    const [leaving] = matches;
    if (leaving === undefined || matches.length > 1) {
      const found = leaving === undefined ? "no approver has that name or id" : "several have it";
      throw new KairosError("not_found", `Cannot remove ${quote(who)}: ${found}`, {
        hint: "Look with `kairos approver show`",
      });
    }
    const actor = await context.actor();
    const keys = base.keys.filter((key) => key !== leaving);
    const approvers = await withApproverKeys(
      context,
      base,
      keyFile,
      (signers) =>
        changeApprovers(store, { keys, required: required ?? base.required, signers, base, actor }),
    );
    printApprovers(context, approvers, pins);
  },
});
