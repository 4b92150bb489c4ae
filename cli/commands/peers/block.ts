/**
 * `kairos peers block`
 *
 * @module
 */

import { Peers } from "../../../mmp/peers.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { PEER_ARGUMENT } from "../../peer_argument.ts";
import { peerJson, peerText } from "../../render/meeting.ts";

/** Turns an instance away. */
export default defineCommand({
  about:
    "Turns an instance away from now on, whatever id its key goes by. `peers trust` takes it back. Who " +
    "proved no key is not in the list of peers: name it by its whole id or fingerprint, as the journal " +
    "has it; then whoever goes by the id is turned away too, and `peers forget` takes it back.",
  examples: [
    { call: "peers block 0123456789abcdef", does: "Turn it away" },
    { call: "peers block http://peer.example", does: "Whoever was met there" },
  ],
  parameters: { positional: { kind: "tuple", parameters: [PEER_ARGUMENT] } },
  async run(context: CliContext, _flags: NonNullable<unknown>, reference: string) {
    const peer = await new Peers((await context.open()).store).block(reference);
    context.print(peerJson(peer), () => peerText(peer));
  },
});
