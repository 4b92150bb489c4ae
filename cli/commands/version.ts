/**
 * `kairos version`
 *
 * @module
 */

import { defineCommand } from "../command.ts";
import { printVersion } from "../version.ts";

/** Prints the version. */
export default defineCommand({
  about: "Prints the version of kairos.",
  examples: [
    { call: "version", does: "The version" },
    { call: "version --json", does: "With the version of Deno, for programs" },
  ],
  parameters: {},
  run: ({ io, json }) => Promise.resolve(printVersion(io, json)),
});
