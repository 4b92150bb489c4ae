/** Promises tested in tests/objects. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "objects-crash",
    sentence: "An object is complete or absent after every crash",
    format: "entries.md#objects",
    test:
      "tests/objects/objects_test.ts: ObjectStore.put() and putAll() leave whole objects or none",
  },
  {
    id: "objects-gc",
    sentence: "Collecting removes only what nothing refers to",
    format: "entries.md#objects",
    test: "tests/objects/collect_test.ts: collectObjects() keeps what anything refers to",
  },
];
