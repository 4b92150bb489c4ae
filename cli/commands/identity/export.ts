/**
 * `kairos identity export`
 *
 * @module
 */

import { openMeetingKey, ownIdentity } from "../../../mmp/identity.ts";
import { loadMeetingSettings } from "../../../mmp/settings.ts";
import { defineCommand } from "../../command.ts";

/** Prints what others need to know this instance again. */
export default defineCommand({
  about:
    "Prints the signed identity of this instance with its public key, as JSON. It is no secret. Makes " +
    "the key on first use.",
  examples: [
    { call: "identity export > us.json", does: "For somebody who wants to know us again" },
  ],
  parameters: {},
  async run(context) {
    const { store } = await context.open();
    const settings = loadMeetingSettings(store.disk, store.root);
    const { identity, publicKey, signature } = ownIdentity(await openMeetingKey(store), settings);
    const value = {
      identity,
      public_key: publicKey.pem,
      key_fingerprint: publicKey.fingerprint,
      identity_signature: signature,
    };
    context.print(value, () => `${JSON.stringify(value, null, 2)}\n`);
  },
});
