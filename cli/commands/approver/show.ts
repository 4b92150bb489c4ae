/**
 * `kairos approver show`
 *
 * @module
 */

import { loadApprovers } from "../../../core/evolution/approvers.ts";
import { readPins } from "../../approver_home.ts";
import { approverText, approverView } from "../../approver_view.ts";
import { defineCommand } from "../../command.ts";

/** Shows who decides. */
export default defineCommand({
  about:
    "Shows whose keys sign decisions about the law, and the fingerprint to compare and to pin. Exit " +
    "code 3 when they cannot be proven or are not those you pinned.",
  examples: [
    { call: "approver show", does: "Who decides" },
    { call: "approver show --json", does: "For programs" },
  ],
  parameters: {},
  async run(context) {
    const pins = readPins(context);
    const view = approverView(loadApprovers((await context.open()).store, pins));
    context.print(view, () => approverText(view));
    if (view.problem !== null) context.say("Next: kairos chain verify");
    else if (view.fingerprint === null) context.say("Next: kairos approver init");
    else if (view.pin === "unpinned") {
      context.say(`Next: export KAIROS_APPROVER=${view.fingerprint}`);
    }
    return view.problem === null ? 0 : 3;
  },
});
