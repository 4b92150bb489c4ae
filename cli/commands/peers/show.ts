/**
 * `kairos peers show`
 *
 * @module
 */

import { Peers } from "../../../mmp/peers.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { PEER_ARGUMENT } from "../../peer_argument.ts";
import { peerJson, peerText } from "../../render/meeting.ts";

/** Shows one known instance. */
export default defineCommand({
  about: "Shows what is known of an instance: its key, what was decided about it, where it is.",
  examples: [{ call: "peers show 0123456789abcdef", does: "One of them" }],
  parameters: { positional: { kind: "tuple", parameters: [PEER_ARGUMENT] } },
  async run(context: CliContext, _flags: NonNullable<unknown>, reference: string) {
    const peer = new Peers((await context.open()).store).find(reference);
    context.print(peerJson(peer), () => peerText(peer));
  },
});
