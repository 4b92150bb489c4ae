/**
 * `kairos peers trust`
 *
 * @module
 */

import { Peers } from "../../../mmp/peers.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { textOption } from "../../parameters.ts";
import { PEER_ARGUMENT } from "../../peer_argument.ts";
import { peerJson, peerText } from "../../render/meeting.ts";

/** Trusts the key of an instance. */
export default defineCommand({
  about:
    "Says that a key is the one of an instance: the key it was met with, or another one that asked to " +
    "be taken for it. Compare the fingerprint with its owner first, on another way than this one.",
  examples: [
    { call: "peers trust 0123456789abcdef", does: "The key it was met with" },
    {
      call: "peers trust 0123456789abcdef --fingerprint aa:bb:cc:...",
      does: "When it has a new key",
    },
  ],
  parameters: {
    flags: { fingerprint: textOption("FINGERPRINT", "Which key, where there are two") },
    positional: { kind: "tuple", parameters: [PEER_ARGUMENT] },
  },
  async run(
    context: CliContext,
    { fingerprint }: { readonly fingerprint: string | undefined },
    reference: string,
  ) {
    const peer = await new Peers((await context.open()).store).trust(reference, fingerprint);
    context.print(peerJson(peer), () => peerText(peer));
  },
});
