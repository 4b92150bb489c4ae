/** Promises tested in tests/mmp. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "mmp-signed-text",
    sentence: "What is signed keeps the order of keys and has one spelling of numbers",
    format: "meeting.md#signatures",
    test:
      "tests/mmp/wire_json_test.ts: wireText() keeps the order of keys and writes one spelling of numbers",
  },
  {
    id: "mmp-signature-vectors",
    sentence: "Signatures of the existing implementation verify, and fail where they must",
    format: "meeting.md#signatures",
    test:
      "tests/mmp/wire_json_test.ts: wireText() and isRsaSignature() agree with every recorded signature",
  },
  {
    id: "mmp-key",
    sentence: "An instance has one key, for its owner only, also when many processes ask first",
    format: "meeting.md#identity",
    test:
      "tests/mmp/identity_test.ts: openMeetingKey() makes one key, for its owner only, also when many ask at once",
  },
  {
    id: "mmp-weak-keys",
    sentence: "Nothing is believed that is not signed with an RSA key of 2048 bits or more",
    format: "meeting.md#identity",
    test:
      "tests/mmp/introduction_test.ts: readIntroduction() believes nothing that is not signed with an RSA key of 2048 bits",
    deviation:
      "The existing implementation takes RSA keys of any size; short ones can be computed by others",
  },
  {
    id: "mmp-proof",
    sentence: "A proof holds for one asker, one word, one role and a few minutes",
    format: "meeting.md#proof",
    test:
      "tests/mmp/introduction_test.ts: proofProblem() accepts a proof for its asker, its word, its role and its time only",
  },
  {
    id: "mmp-pin",
    sentence: "A key is pinned by its proof or by a person, by nothing else",
    format: "meeting.md#trust",
    test: "tests/mmp/peers_test.ts: Peers.meet() pins a proven key, and nothing without a proof",
  },
  {
    id: "mmp-changed-key",
    sentence: "A changed key is refused until a person trusts it",
    format: "meeting.md#trust",
    test:
      "tests/mmp/peers_test.ts: Peers.judge() refuses another key for a known id, until a person trusts it",
    deviation: "The existing implementation warns once and then believes the new key",
  },
  {
    id: "mmp-owner",
    sentence: "Who took an id first does not stand in the way of whose key it derives from",
    format: "meeting.md#trust",
    test:
      "tests/mmp/peers_test.ts: Peers.judge() lets nobody who took an id first stand in its owner's way",
  },
  {
    id: "mmp-settings",
    sentence: "The settings of meetings are held against its settings, with line and column",
    format: "meeting.md#settings",
    test:
      "tests/mmp/settings_test.ts: loadMeetingSettings() refuses what is wrong, with line and column",
  },
];
