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
];
