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
  {
    id: "mmp-address-spelling",
    sentence: "An address of a peer has one spelling; every other one is refused",
    format: "meeting.md#addresses",
    test: "tests/mmp/peer_url_test.ts: parsePeerUrl() refuses every other spelling of a host",
    deviation: "The existing implementation calls whatever it is given",
  },
  {
    id: "mmp-address-ranges",
    sentence: "Where an IP address leads is judged by one table",
    format: "meeting.md#addresses",
    test: "tests/mmp/peer_url_test.ts: judgeAddress() knows where an address leads",
  },
  {
    id: "mmp-address-pinned",
    sentence: "The address that was judged is the one that is connected to",
    format: "meeting.md#addresses",
    test:
      "tests/mmp/send_request_test.ts: sendRequest() connects to the address that was looked at, whatever the name says later",
  },
  {
    id: "mmp-address-all",
    sentence: "One address that is not allowed refuses the whole name",
    format: "meeting.md#addresses",
    test:
      "tests/mmp/send_request_test.ts: pinPeer() refuses a name of which one address must not be asked",
  },
  {
    id: "mmp-address-local",
    sentence: "An agent calls a local address only after a person did",
    format: "meeting.md#addresses",
    test:
      "tests/mmp/meet_peer_test.ts: meetPeer() lets an agent call a local address only after a person did",
  },
  {
    id: "mmp-tls",
    sentence: "An encrypted connection is one to who has the certificate of the name",
    format: "meeting.md#addresses",
    test:
      "tests/mmp/send_request_test.ts: sendRequest() checks the certificate by the name, not by the address",
    deviation: "The existing implementation speaks unencrypted to https addresses",
  },
  {
    id: "mmp-answer-bounds",
    sentence: "An answer is bounded in time and size, and reported when it is not whole",
    format: "meeting.md#asking",
    test:
      "tests/mmp/send_request_test.ts: sendRequest() reports whatever a peer does wrong and leaves no connection",
  },
  {
    id: "mmp-copied-introduction",
    sentence: "A copied introduction does not pass for an instance that proved itself",
    format: "meeting.md#asking",
    test:
      "tests/mmp/meet_peer_test.ts: meetPeer() does not take a copied introduction for a peer that proved itself",
  },
  {
    id: "mmp-answer-texts",
    sentence: "No text of a peer steers the reader's terminal",
    format: "meeting.md#asking",
    test:
      "tests/mmp/meet_peer_test.ts: PeerSession reads lists row by row and lets no text steer a terminal",
  },
  {
    id: "mmp-received-unit",
    sentence: "A received entry and what the chain says of it are one unit",
    format: "meeting.md#received",
    test:
      "tests/mmp/receive_test.ts: keepSkill() keeps an entry of L1 and two records as one block",
  },
  {
    id: "mmp-received-hops",
    sentence: "An entry is passed on three times and no more",
    format: "meeting.md#received",
    test: "tests/mmp/receive_test.ts: keepSkill() passes an entry on three times and no more",
  },
  {
    id: "mmp-received-no-say",
    sentence: "A received entry has no say here: no tools, no layer, no name of another entry",
    format: "meeting.md#received",
    test:
      "tests/mmp/receive_test.ts: receivedText() keeps where it came from and gives the document no say here",
  },
  {
    id: "mmp-received-nothing-left",
    sentence: "A transfer that dies or stalls leaves nothing",
    format: "meeting.md#received",
    test:
      "tests/mmp/receive_test.ts: fetchSkill() leaves nothing of a transfer that dies or stalls",
  },
  {
    id: "mmp-received-skillset",
    sentence: "A received SkillSet passes what any package from outside passes",
    format: "meeting.md#received",
    test:
      "tests/mmp/receive_test.ts: takeSkillSet() installs a package as any other from outside: not in use, not above L2",
  },
];
