/** Promises tested in tests/disk. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "unit-paths",
    sentence: "An intent never reaches out of the data directory",
    format: "entries.md#a-change-and-its-record",
    test: "tests/disk/intents_test.ts: IntentLog refuses paths that lead out of the data directory",
  },
];
