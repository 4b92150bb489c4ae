/**
 * `kairos chain status`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import { chainFacts, chainPairs } from "../../render/head.ts";
import { renderPairs } from "../../render/text.ts";

/** Shows the end of the chain. */
export default defineCommand({
  about:
    "Shows length and last block of the chain. It takes the same time at every length; what it " +
    "shows is not verified.",
  examples: [
    { call: "chain status", does: "Length, last block, last hash" },
    { call: "chain status --json", does: "For programs" },
  ],
  parameters: {},
  async run(context) {
    const { store } = await context.open();
    const facts = chainFacts(store);
    context.print(facts, () => renderPairs(chainPairs(facts)));
    const broken = facts.verify_failed !== null || ["corrupt", "unreadable"].includes(facts.state);
    if (broken) context.say("Next: kairos chain verify, then kairos chain repair --dry-run");
    return broken ? 3 : 0;
  },
});
