/**
 * `kairos protocol evaluate`
 *
 * @module
 */

import { ERROR_MEANINGS } from "../../../core/errors.ts";
import { takenActions } from "../../../core/protocol/adoption.ts";
import { evaluateExtension } from "../../../core/protocol/evolution.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { DEFINITION, protocolOf, readDefinitionDocument } from "../../definition_document.ts";
import { evaluationText } from "../../render/protocol.ts";

/** Judges a definition. */
export default defineCommand({
  about:
    "Judges a definition of the protocol: whether it brings new words only, and what it needs is there. " +
    "Nothing is kept. Exit code 5 when it is rejected.",
  examples: [
    { call: "protocol evaluate debate.md", does: "May it be adopted" },
    { call: "protocol evaluate received_debate_20260120_103000", does: "What a peer gave" },
  ],
  parameters: { positional: { kind: "tuple", parameters: [DEFINITION] } },
  async run(context: CliContext, _flags: NonNullable<unknown>, what: string) {
    const instance = await context.open();
    const given = await readDefinitionDocument(context, instance, what);
    const protocol = await protocolOf(instance);
    const verdict = evaluateExtension(given.text, protocol.definitions.map(({ name }) => name));
    const warnings = verdict.status === "passed"
      ? takenActions({ name: verdict.extension_name, actions: verdict.actions }, protocol)
        .map(({ detail }) => detail)
      : [];
    const { from, hash } = given;
    context.print(
      { ...verdict, from, content_hash: hash, warnings },
      () => evaluationText(verdict),
    );
    for (const warning of warnings) context.say(`Warning: ${warning}`);
    if (verdict.status === "rejected") return ERROR_MEANINGS.refused.exit;
    context.say(`Next: kairos protocol adopt ${what}`);
    return 0;
  },
});
