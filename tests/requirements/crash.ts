/** Promises tested in tests/crash. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "append-crash",
    sentence: "After a crash an append is there as a whole or not at all, and always when it was " +
      "acknowledged",
    format: "chain.md#appending",
    test: "tests/crash/append_test.ts: FileLedger.append() leaves the whole block or nothing",
  },
  {
    id: "unit-crash",
    sentence: "A change of knowledge and its record are both there or neither",
    format: "entries.md#a-change-and-its-record",
    test: "tests/crash/knowledge_test.ts: a change of knowledge and its record are both there or",
    deviation: "The existing implementation reports success when the record failed",
  },
  {
    id: "unit-edits",
    sentence: "An edit made while a change was interrupted is kept and told",
    format: "entries.md#a-change-and-its-record",
    test: "tests/crash/knowledge_test.ts: an edit made while a change was interrupted",
  },
  {
    id: "crash-approvers",
    sentence: "After every crash chain and pointers name the same approvers",
    format: "approvers.md#approvers-json",
    test:
      "tests/crash/approvers_test.ts: chain and pointers name the same approvers after every crash",
  },
  {
    id: "crash-skillset",
    sentence: "After every crash a change of a SkillSet is there as a whole or not at all",
    format: "skillsets.md#records",
    test: "tests/crash/skillsets_test.ts: a change of a SkillSet is there as a whole",
  },
];
