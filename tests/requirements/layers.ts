/** Promises tested in tests/layers. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "records-keys",
    sentence: "A record has the keys of the format first and in order",
    format: "chain.md#records",
    test:
      "tests/layers/knowledge_test.ts: a record keeps the keys of the format first and in order",
  },
  {
    id: "unit-faults",
    sentence: "A change whose disk fails is whole or absent, and says which",
    format: "entries.md#a-change-and-its-record",
    test: "tests/layers/faults_test.ts: a change whose disk fails at any effect",
  },
  {
    id: "objects-versions",
    sentence: "Every published version is kept",
    format: "entries.md#objects",
    test: "tests/layers/knowledge_test.ts: every published version is kept as an object",
  },
  {
    id: "names-strict",
    sentence: "A new name is one visible path segment that every system accepts",
    format: "entries.md#names",
    test:
      "tests/layers/names_test.ts: checkName() refuses what leaves the folder, hides or collides",
    deviation: "The existing implementation accepts leading dots and any character but a slash",
  },
  {
    id: "names-containment",
    sentence: "No link leads a reader or writer out of its layer",
    format: "entries.md#names",
    test: "tests/layers/knowledge_test.ts: get() never reads through a link that leads outside",
  },
  {
    id: "front-matter-vectors",
    sentence:
      "Every document of the existing implementation gives its fields or a problem with a place",
    format: "entries.md#front-matter",
    test:
      "tests/layers/front_matter_vectors_test.ts: parseEntryText() reads every recorded document",
    deviation: "YAML 1.2 core; each difference is a pinned decision in the test",
  },
  {
    id: "front-matter-total",
    sentence: "Reading a document never throws, whatever the bytes",
    format: "entries.md#front-matter",
    test: "tests/layers/front_matter_test.ts: parseEntryText() never throws, whatever the bytes",
    deviation: "The existing implementation fails the whole list",
  },
  {
    id: "front-matter-private",
    sentence: "What cannot be read stays private",
    format: "entries.md#front-matter",
    test:
      "tests/layers/front_matter_test.ts: parseEntryText() marks private what says so or cannot be",
  },
  {
    id: "knowledge-list",
    sentence: "One bad entry never takes a list down",
    format: "entries.md#knowledge",
    test:
      "tests/layers/knowledge_test.ts: list() shows an entry that cannot be read with its problem",
  },
  {
    id: "knowledge-restore",
    sentence: "A deleted entry comes back with its other files",
    format: "entries.md#knowledge",
    test:
      "tests/layers/knowledge_test.ts: delete() keeps every file and restore() brings them back",
  },
  {
    id: "archive-round-trip",
    sentence: "An archived entry tells why and comes back as it was",
    format: "entries.md#archive",
    test: "tests/layers/knowledge_test.ts: archive() and unarchive() move the entry and tell why",
  },
  {
    id: "context-contained",
    sentence: "Names of sessions and contexts never leave their folder",
    format: "entries.md#context",
    test: "tests/layers/contexts_test.ts: names of sessions and contexts never leave the context",
  },
  {
    id: "resources-safety",
    sentence: "Blocked files and files beyond the limit are never served",
    format: "entries.md#resources",
    test: "tests/layers/resources_test.ts: readResource() serves nothing outside of its layers",
    deviation: "The existing implementation does not apply its own safety settings",
  },
  {
    id: "resources-versions",
    sentence:
      "Of the objects only those are served that a record names at a place that is not blocked",
    format: "entries.md#objects",
    test: "tests/layers/resource_object_test.ts: readObject() serves nothing but versions",
  },
  {
    id: "knowledge-blame",
    sentence: "A line is given to the version that brought it, and never to one by a guess",
    format: "entries.md#objects",
    test: "tests/layers/blame_test.ts: blame() names the version that brought each line",
  },
  {
    id: "knowledge-restore-fresh",
    sentence: "A restore decides on what the chain says once nobody else writes",
    format: "entries.md#objects",
    test:
      "tests/layers/restore_test.ts: KnowledgeLayer.restore() brings back the files of a deletion",
  },
  {
    id: "layers-skills-written",
    sentence: "A skill says of itself what its entry says, to every reader of front matter",
    format: null,
    test:
      "tests/layers/skill_catalog_test.ts: skillDocument() writes front matter that every reader reads alike",
  },
  {
    id: "layers-skills-skipped",
    sentence: "An entry that breaks a limit of skills is left out, and the reason can be told",
    format: null,
    test: "tests/layers/skill_catalog_test.ts: SkillCatalog skips what breaks a limit and says why",
  },
  {
    id: "entries-fresh",
    sentence:
      "What is kept of entries for readers is never older than their files while nobody tells of changes",
    format: null,
    test:
      "tests/layers/shelf_test.ts: Shelf never shows an entry as it was before an edit from outside",
  },
  {
    id: "entries-inside",
    sentence:
      "A kept entry is judged anew once a link leads it outside, be it to the very same files",
    format: null,
    test:
      "tests/layers/shelf_test.ts: Shelf notices that a path has come to lead outside, be it to the very same files",
  },
  {
    id: "kept-files-inside",
    sentence: "Files of an entry are brought back below the entry and nowhere else",
    format: "entries.md#knowledge",
    test: "tests/layers/kept_files_test.ts: files of an entry are brought back below the entry",
  },
  {
    id: "entries-beside",
    sentence:
      "A document is looked at with each reading, the files beside it when a change is told",
    format: null,
    test:
      "tests/layers/shelf_test.ts: Shelf looks at the files beside a document when a change is told",
  },
];
