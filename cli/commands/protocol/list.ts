/**
 * `kairos protocol list`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { protocolOf } from "../../definition_document.ts";
import { definitionJson, definitionTable } from "../../render/protocol.ts";

/** Lists the definitions that count. */
export default defineCommand({
  about:
    "Lists the definitions of the protocol that count here, with whose they are and the actions they bring, " +
    "and warns of what was left out: a second definition of a name, an action that belongs to another.",
  examples: [{ call: "protocol list", does: "What this instance speaks" }],
  parameters: {},
  async run(context: CliContext) {
    const { definitions, warnings } = await protocolOf(await context.open());
    context.print(
      { definitions: definitions.map(definitionJson), warnings },
      () => definitionTable(definitions, context),
    );
    for (const warning of warnings) context.say(`Warning: ${warning}`);
  },
});
