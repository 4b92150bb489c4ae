/**
 * `kairos identity show`
 *
 * @module
 */

import { visible } from "../../../core/text.ts";
import { KEY_FILE, openMeetingKey, ownIdentity } from "../../../mmp/identity.ts";
import { loadMeetingSettings } from "../../../mmp/settings.ts";
import { whyClosed } from "../../../mmp/why_closed.ts";
import { defineCommand } from "../../command.ts";
import { renderPairs } from "../../render/text.ts";

/** Shows who this instance is to others. */
export default defineCommand({
  about:
    "Shows who this instance is to other instances: its id, which derives from its key, and the " +
    "fingerprint to compare over another way. Makes the key on first use.",
  examples: [
    { call: "identity show", does: "Id and fingerprint" },
    { call: "identity show --json", does: "For programs" },
  ],
  parameters: {},
  async run(context) {
    const { store, view } = await context.open();
    const settings = loadMeetingSettings(store.disk, store.root);
    const closed = whyClosed(settings, view());
    const { identity, publicKey } = ownIdentity(await openMeetingKey(store), settings);
    const value = {
      ...identity,
      key_fingerprint: publicKey.fingerprint,
      key_file: KEY_FILE,
      is_answering: closed === null,
    };
    context.print(value, () =>
      renderPairs([
        ["Name", visible(identity.name)],
        ["Description", visible(identity.description)],
        ["Scope", visible(identity.scope)],
        ["Id", identity.instance_id],
        ["Fingerprint", publicKey.fingerprint],
        ["Key", KEY_FILE],
        ["Answers others", closed === null ? "while it is served" : `no: ${closed}`],
      ]));
    for (const warning of settings.warnings) context.say(`Warning: ${visible(warning)}`);
  },
});
