/** Promises tested in tests/ledger. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "chain-layout",
    sentence: "A file is written to the byte as others write it",
    format: "chain.md#the-file",
    test: "tests/ledger/append_test.ts: FileLedger.append() writes the exact file of the format",
  },
  {
    id: "chain-layouts",
    sentence: "A file in any other layout is read and grows, its old blocks untouched",
    format: "chain.md#the-file",
    test: "tests/ledger/append_test.ts: FileLedger.append() goes on in any layout",
  },
  {
    id: "append-constant",
    sentence: "Appending reads the same few bytes at every length",
    format: "chain.md#appending",
    test: "tests/ledger/append_test.ts: FileLedger.append() costs the same at every length",
  },
  {
    id: "append-faults",
    sentence: "When the disk refuses anything, the ledger is as before",
    format: "chain.md#appending",
    test: "tests/ledger/faults_test.ts: FileLedger.append() leaves everything as before",
  },
  {
    id: "append-torn",
    sentence: "What an interrupted append left is kept as an object and cut",
    format: "chain.md#appending",
    test: "tests/ledger/torn_test.ts: FileLedger reads an interrupted append as undone",
    deviation: "The existing implementation refuses such a file",
  },
  {
    id: "append-damage",
    sentence: "An acknowledged block is never taken for an interrupted append",
    format: "chain.md#appending",
    test: "tests/ledger/damage_test.ts: FileLedger refuses a file that was cut before its last",
    deviation: "The existing implementation reads a shorter chain",
  },
  {
    id: "append-gone",
    sentence: "A chain that has gone is not silently begun anew",
    format: "chain.md#appending",
    test: "tests/ledger/outside_test.ts: FileLedger refuses to begin anew where blocks were",
    deviation: "The existing implementation begins anew",
  },
  {
    id: "lock-processes",
    sentence: "Many processes lose no block, and readers never see damage",
    format: "chain.md#locking",
    test: "tests/ledger/processes_test.ts: FileLedger loses no block of many processes",
  },
  {
    id: "verify-marker",
    sentence: "A failed verification stops appends until a repair or a verification that passes",
    format: "chain.md#verification",
    test: "tests/ledger/repair_test.ts: auditLedger() leaves a marker that stops appends until a",
  },
  {
    id: "repair-keeps",
    sentence: "A repair keeps the damaged file and records its hash and what was dropped",
    format: "chain.md#repair",
    test:
      "tests/ledger/repair_test.ts: repairLedger() keeps the intact blocks and the damaged file",
  },
];
