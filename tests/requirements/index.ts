/** Promises tested in tests/index. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "index-fresh",
    sentence: "A search answers as if its index had just been made, whatever was edited outside",
    format: null,
    test: "tests/index/fresh_test.ts: search() gives fresh answers after any edit from outside",
  },
  {
    id: "index-damage",
    sentence: "An index that is missing, cut, foreign or of another schema is made anew",
    format: null,
    test: "tests/index/fresh_test.ts: search() gives fresh answers whatever happened to the index",
  },
  {
    id: "index-optional",
    sentence: "A search never fails because its index cannot be used or written",
    format: null,
    test: "tests/index/fresh_test.ts: search() never fails because of its index",
  },
  {
    id: "index-scripts",
    sentence: "Words, parts of words and single characters are found in every script",
    format: null,
    test: "tests/index/search_test.ts: search() finds words and parts of words in any script",
  },
  {
    id: "index-query",
    sentence: "Nothing in a query is an operator",
    format: null,
    test: "tests/index/search_test.ts: search() takes nothing in a query for an operator",
  },
  {
    id: "index-law",
    sentence: "A search finds the law as it was decided, never an edit that waits for a person",
    format: "entries.md#resources",
    test: "tests/index/law_test.ts: search() finds the decided law and never an edit that waits",
  },
  {
    id: "index-law-followed",
    sentence: "A server's search finds a law as soon as it is decided, and its clients hear of it",
    format: null,
    test: "tests/index/law_test.ts: search() of a server finds a law as soon as it is decided",
  },
  {
    id: "index-files",
    sentence: "A search finds the text files beside a document, and says in which one",
    format: null,
    test: "tests/index/files_test.ts: search() finds words in references/ and scripts/, and says",
  },
  {
    id: "index-files-fresh",
    sentence: "A change of a file beside a document is noticed like one of the document",
    format: null,
    test: "tests/index/files_test.ts: search() notices every change beside a document",
  },
  {
    id: "index-guard",
    sentence: "A search follows no link out of its folder and names nothing that is blocked",
    format: null,
    test: "tests/index/search_test.ts: search() follows no link that leads outside",
  },
  {
    id: "records-walk",
    sentence: "What is found through the index of records is what a walk of the chain finds",
    format: null,
    test:
      "tests/index/records_test.ts: records.blocks() finds what a walk finds in random ledgers that grow",
  },
  {
    id: "records-damage",
    sentence:
      "An index of records that is missing, damaged, foreign, ahead or behind changes no answer",
    format: null,
    test: "tests/index/records_test.ts: records.blocks() finds what a walk finds whatever happened",
  },
  {
    id: "records-optional",
    sentence: "Nobody fails to find a record because the index cannot be used or written",
    format: null,
    test: "tests/index/records_test.ts: records.blocks() never fails because of its index",
  },
  {
    id: "records-processes",
    sentence:
      "Processes that bring the index of records up to date at once lose and double nothing",
    format: null,
    test: "tests/index/records_test.ts: records.blocks() catches up in many processes at once",
  },
  {
    id: "records-new-only",
    sentence: "Finding records walks no chain, and reads of the ledger only what is new",
    format: null,
    test: "tests/index/records_test.ts: records.blocks() walks no chain and reads new blocks only",
  },
  {
    id: "index-fusion",
    sentence: "What another ranking finds is fused with what the words find, within the filters",
    format: null,
    test:
      "tests/index/fusion_test.ts: search() fuses what other rankers find with what the words find",
  },
  {
    id: "index-stale",
    sentence: "No hit shows text that its file does not hold, while changes are followed either",
    format: null,
    test: "tests/index/follow_test.ts: search() never shows stale text, whatever others edit",
  },
  {
    id: "index-own-writes",
    sentence: "A server's search finds at once what the server itself wrote",
    format: null,
    test: "tests/index/follow_test.ts: search() finds at once what this process wrote",
  },
  {
    id: "index-no-scan",
    sentence: "A search of a server whose files are watched looks at its hits and at nothing else",
    format: null,
    test: "tests/index/follow_test.ts: search() looks at hits alone while changes are followed",
  },
  {
    id: "index-follow",
    sentence: "A server hears of every change of a file that may be read, own and of others",
    format: null,
    test: "tests/index/follow_test.ts: follow() tells what others change, file by file",
  },
  {
    id: "index-unwatched",
    sentence: "Where nothing can be watched, everything is looked at",
    format: null,
    test: "tests/index/follow_test.ts: follow() looks by itself where nothing can be watched",
  },
  {
    id: "index-flooded",
    sentence: "What goes on in the data directory keeps no room from being watched",
    format: null,
    test: "tests/index/follow_test.ts: follow() watches every room before a flood",
  },
  {
    id: "index-deaf",
    sentence: "A system that was found not to tell of changes is not relied upon",
    format: null,
    test: "tests/index/follow_test.ts: follow() relies no more on a system that does not tell",
  },
  {
    id: "index-private",
    sentence: "No notice names what may not be read",
    format: null,
    test: "tests/index/follow_test.ts: follow() tells nothing of what may not be read",
  },
  {
    id: "entries-with-words",
    sentence:
      "A list of entries with some words shows none as it was, and looks at no entry it does not show while changes are followed",
    format: null,
    test:
      "tests/index/entries_with_test.ts: knowledge_list with search never shows stale text, whatever others edit meanwhile",
  },
];
