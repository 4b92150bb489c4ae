/**
 * `kairos protocol adopt`
 *
 * @module
 */

import { adoptionOf, takenActions } from "../../../core/protocol/adoption.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { DEFINITION, protocolOf, readDefinitionDocument } from "../../definition_document.ts";
import { proposeLaw, REASON } from "../../propose_law.ts";

/** Proposes to adopt a definition. */
export default defineCommand({
  about:
    "Proposes to adopt a definition of the protocol. It counts once it is approved, and not before, as " +
    "the entry of its name, behind all that counts already. A newer version of one that was adopted " +
    "takes its place. Exit code 5 when it is rejected.",
  examples: [
    { call: "protocol adopt debate.md --reason 'we argue'", does: "Propose a definition" },
    { call: "protocol adopt received_debate_20260120_103000", does: "Propose what a peer gave" },
  ],
  parameters: {
    flags: REASON,
    positional: { kind: "tuple", parameters: [DEFINITION] },
  },
  async run(
    context: CliContext,
    { reason }: { readonly reason: string | undefined },
    what: string,
  ) {
    const instance = await context.open();
    const given = await readDefinitionDocument(context, instance, what);
    const protocol = await protocolOf(instance);
    const { name, path, text, origin, actions } = adoptionOf(
      given,
      protocol,
      instance.store.clock(),
    );
    await proposeLaw(context, await instance.evolution(), {
      kind: "protocol_adopt",
      subject: name,
      files: { [path]: text },
      reason: reason ?? `Adopt the definition ${name}`,
      origin,
      found: takenActions({ name, actions }, protocol),
    });
  },
});
