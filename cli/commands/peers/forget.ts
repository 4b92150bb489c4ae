/**
 * `kairos peers forget`
 *
 * @module
 */

import { LocalAddresses } from "../../../mmp/client/local_addresses.ts";
import { Peers } from "../../../mmp/peers.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { PEER_ARGUMENT } from "../../peer_argument.ts";
import { peerJson, peerText } from "../../render/meeting.ts";

/** Forgets an instance. */
export default defineCommand({
  about:
    "Forgets an instance, its key, its addresses and what was decided about it. The next time it is met as if for " +
    "the first time; what was taken from it stays.",
  examples: [{ call: "peers forget 0123456789abcdef", does: "Begin anew with it" }],
  parameters: { positional: { kind: "tuple", parameters: [PEER_ARGUMENT] } },
  async run(context: CliContext, _flags: NonNullable<unknown>, reference: string) {
    const { store } = await context.open();
    const peer = await new Peers(store).forget(reference);
    await new LocalAddresses(store).remove(peer.id);
    context.print(peerJson(peer), () => `Forgot:\n${peerText(peer)}`);
  },
});
