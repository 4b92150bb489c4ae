/** Promises tested in tests/journal. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "journal-format",
    sentence: "The journal is written to the byte as others read it",
    format: "entries.md#journal",
    test: "tests/journal/journal_test.ts: Journal.note() writes the line of the format",
  },
  {
    id: "journal-torn",
    sentence: "A line that a crash cut swallows no other",
    format: "entries.md#journal",
    test: "tests/journal/journal_test.ts: Journal.note() does not continue a line that a crash cut",
  },
];
