/**
 * `kairos chain verify`
 *
 * @module
 */

import { defineCommand } from "../../command.ts";
import { verifyInstance } from "../../verify_instance.ts";

/** Verifies every block. */
export default defineCommand({
  about:
    "Verifies every block. Two verdicts: `compatible` is what other implementations check and " +
    "what appending depends on, `valid` also covers what they do not look at. Damage leaves a " +
    "marker that stops appends; a clean outcome takes it away. Then every decision about the law and " +
    "every approver set is held against the chain. Exit code 3 when something is found.",
  examples: [
    { call: "chain verify", does: "Verify the chain" },
    { call: "chain verify --json", does: "Both verdicts and all findings, for programs" },
  ],
  parameters: {},
  run: (context) => verifyInstance(context),
});
