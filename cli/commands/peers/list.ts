/**
 * `kairos peers list`
 *
 * @module
 */

import { Peers } from "../../../mmp/peers.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { peerJson, peerTable } from "../../render/meeting.ts";

/** Lists the known instances. */
export default defineCommand({
  about:
    "Lists the instances this one knows: those whose key was proven or trusted, those that were only " +
    "met, those that are blocked. Ids that do not derive from their key come last.",
  examples: [{ call: "peers list", does: "Whom this instance knows" }],
  parameters: {},
  async run(context: CliContext) {
    const peers = new Peers((await context.open()).store).list();
    context.print(peers.map(peerJson), () => peerTable(peers, context));
    if (peers.length === 0) context.say("Nobody yet: kairos meet URL");
  },
});
