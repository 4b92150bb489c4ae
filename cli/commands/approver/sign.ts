/**
 * `kairos approver sign`
 *
 * @module
 */

import { signDecision } from "../../../core/evolution/decision.ts";
import { encodeSigned, MAX_REQUEST, readRequest } from "../../../core/evolution/signing.ts";
import { KairosError } from "../../../core/errors.ts";
import { readKeyFile } from "../../../core/keys/key_file.ts";
import { visible } from "../../../core/text.ts";
import { KEY_OPTIONS } from "../../approver_begin.ts";
import { chosenKeyFile, type KeyChoice } from "../../approver_home.ts";
import { unlock } from "../../approver_keys.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { readDocument } from "../../document.ts";
import { argument } from "../../parameters.ts";
import { proposalText } from "../../proposal_view.ts";
import { styleFor } from "../../render/style.ts";
import { requireTerminal } from "../../secrets.ts";

/** Signs a decision about an instance that is elsewhere. */
export default defineCommand({
  about:
    "Shows a proposal of an instance that is elsewhere, as `kairos proposals export` printed it, and " +
    "signs the decision with your key. Needs the key and nothing of the instance. What is shown is " +
    "worked out here from the contents in the file. Asks on a terminal only.",
  examples: [
    { call: "approver sign request.json > ada.json", does: "Look at it and sign it" },
    {
      call: "approver sign request.json --key-file /media/stick/ada.json > signed.json",
      does: "With a key on a stick",
    },
  ],
  parameters: {
    flags: KEY_OPTIONS,
    positional: {
      kind: "tuple",
      parameters: [argument("FILE", "What `kairos proposals export` printed")],
    },
  },
  async run(context: CliContext, choice: KeyChoice, file: string) {
    requireTerminal(context);
    const { disk, io } = context;
    const { facts, stored } = readRequest(await readDocument(context, file, MAX_REQUEST));
    if (Date.parse(facts.expires) <= Date.now()) {
      throw new KairosError("refused", `Cannot sign: the proposal expired at ${facts.expires}`, {
        hint: "Have the change proposed again",
      });
    }
    const sealed = readKeyFile(disk, (await chosenKeyFile(context, choice)).path);
    io.stderr.write(
      proposalText(stored, {
        columns: io.stderr.columns,
        style: styleFor(io.stderr.isTerminal, io.env),
        body: (text) => visible(text, "\n\t"),
      }) +
        `\nInstance ${facts.instance.slice(0, 16)}, epoch ${facts.epoch}, decision ${facts.seq}\n` +
        `To ${facts.verdict} this, give the passphrase\n`,
    );
    using key = await unlock(context, sealed);
    // The signatures are JSON whether or not it was asked for.
    io.stdout.write(encodeSigned({ facts, signatures: [signDecision(facts, key)] }));

    context.say(
      `Next: kairos proposals ${facts.verdict} ${stored.proposal.id} --signature FILE, back there`,
    );
  },
});
