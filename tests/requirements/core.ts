/** Promises tested in tests/core. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "json-object",
    sentence:
      "JSON from outside is bounded before it is parsed and means one thing to every reader",
    format: null,
    test: "tests/core/json_object_test.ts: parseJsonObject() refuses",
  },
  {
    id: "text-diff-bounds",
    sentence: "A comparison of texts is right within any bound of its work",
    format: null,
    test: "tests/core/text_diff_test.ts: diffLines() gives both texts back, within any bounds",
  },
  {
    id: "near-names",
    sentence:
      "Whoever mistypes a command, an option, a tool, its argument or a name is told the near one",
    format: null,
    test: "tests/core/nearest_test.ts: nearest() finds what somebody may have meant",
  },
];
