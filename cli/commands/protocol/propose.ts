/**
 * `kairos protocol propose`
 *
 * @module
 */

import { evaluateExtension, proposeExtension } from "../../../core/protocol/evolution.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { DEFINITION, readDefinitionDocument } from "../../definition_document.ts";
import { evaluationText, proposalText } from "../../render/protocol.ts";

/** Prints what is said of a definition to propose it to others. */
export default defineCommand({
  about:
    "Prints what is said of a definition of the protocol when it is proposed to another instance: name, " +
    "actions, what it needs, and the hash by which others know its document. Nothing is sent and nothing is " +
    "kept: hand it over as you like; who wants the definition fetches the entry once it is public.",
  examples: [
    { call: "protocol propose debate", does: "For people" },
    { call: "protocol propose debate.md --json", does: "The payload of a message" },
  ],
  parameters: { positional: { kind: "tuple", parameters: [DEFINITION] } },
  async run(context: CliContext, _flags: NonNullable<unknown>, what: string) {
    const { text, hash } = await readDefinitionDocument(context, await context.open(), what);
    const proposal = { ...proposeExtension(text), content_hash: `sha256:${hash}` };
    context.print({ ...proposal }, () => proposalText(proposal));
    const verdict = evaluateExtension(text, null);
    if (verdict.status === "rejected") context.say(`Warning: ${evaluationText(verdict).trimEnd()}`);
  },
});
