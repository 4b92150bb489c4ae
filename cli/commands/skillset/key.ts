/**
 * `kairos skillset key`
 *
 * @module
 */

import { SigningKey } from "../../../core/keys/signing_key.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { renderPairs } from "../../render/text.ts";

/** Shows the key that signs packages. */
export default defineCommand({
  about:
    "Shows the public part of the key with which this instance signs packages, and makes the key " +
    "when there is none. Others put the fingerprint into exchange.trusted_keys.",
  examples: [{ call: "skillset key", does: "The fingerprint to tell others" }],
  parameters: {},
  async run(context: CliContext) {
    const reading = await context.open("read");
    const isThere = SigningKey.exists(context.disk, reading.root);
    const sets = await (isThere ? reading : await context.open()).skillsets();
    const key = await sets.signingKey();
    context.print(
      key,
      () => renderPairs([["Fingerprint", key.id], ["Public key", key.public_key]]),
    );
  },
});
