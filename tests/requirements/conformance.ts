/** Promises tested in tests/conformance. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "mcp-conformance",
    sentence:
      "The protocol's own conformance suites pass, but for what the test lists with reasons",
    format: null,
    test: "tests/conformance/conformance_test.ts: createApp() conforms to the protocol",
  },
];
