/** Promises about what the protocol consists of, and how it grows. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "mmp-definitions",
    sentence:
      "Definitions are data; the first owner of an action keeps it, and nothing takes over the core",
    format: "meeting.md#messages",
    test: "tests/mmp/messages_test.ts: assembleProtocol() loads early ones first",
  },
  {
    id: "mmp-evolution",
    sentence: "Definitions are judged as recorded; a name that leads elsewhere is refused",
    format: "meeting.md#adopting",
    test:
      "tests/mmp/messages_test.ts: evaluateExtension() and proposeExtension() say what is recorded",
    deviation: "Others write outside their folder for such a name",
  },
  {
    id: "mmp-adopt-decided",
    sentence:
      "A definition from elsewhere counts once a person decided it, and its record is made with it",
    format: "meeting.md#adopting",
    test:
      "tests/evolution/adopted_test.ts: an adopted definition is made by a decision, with its record beside",
    deviation: "Others adopt by a call of the one who asks",
  },
  {
    id: "mmp-adopt-alone",
    sentence: "What agents write into knowledge defines nothing: only a person's decision does",
    format: "meeting.md#messages",
    test:
      "tests/mmp/adoption_test.ts: a definition counts by a person's decision alone, whatever agents write",
    deviation: "Others take every document of knowledge for a definition that says that it is one",
  },
  {
    id: "mmp-adopt-newer",
    sentence:
      "A newer version of an adopted definition takes its place by a decision, and no other's",
    format: "meeting.md#adopting",
    test:
      "tests/mmp/adoption_test.ts: a newer version of an adopted definition takes its place by a decision",
  },
  {
    id: "mmp-adopt-judged",
    sentence:
      "A definition that brings new powers, a rank or a name that leads elsewhere is not proposed",
    format: "meeting.md#adopting",
    test:
      "tests/evolution/adopted_test.ts: a definition that was not judged cannot be proposed, whoever asks",
  },
  {
    id: "mmp-adopt-last",
    sentence: "What was adopted takes no action from what counted before it",
    format: "meeting.md#adopting",
    test: "tests/mmp/messages_test.ts: assembleProtocol() puts what was adopted last",
  },
  {
    id: "mmp-adopt-announced",
    sentence:
      "An adopted definition is announced by a running server, and no longer once its entry is gone",
    format: "meeting.md#adopting",
    test:
      "tests/mmp/adoption_test.ts: a definition a peer gave defines nothing until it is adopted",
  },
  {
    id: "mmp-compatibility",
    sentence: "What two instances have in common is found as recorded",
    format: "meeting.md#messages",
    test: "tests/mmp/messages_test.ts: negotiate() finds what is recorded for every peer",
  },
  {
    id: "mmp-spoken",
    sentence: "What another instance says it speaks is read in both forms, and bounded",
    format: "meeting.md#messages",
    test: "tests/mmp/messages_test.ts: spokenBy() reads what introductions say",
  },
];
