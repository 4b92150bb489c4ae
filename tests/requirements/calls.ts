/** Promises about calls to other instances, and what is received from them. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
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
    sentence:
      "A transfer that dies or stalls leaves nothing, neither of an entry nor of a SkillSet",
    format: "meeting.md#received",
    test:
      "tests/mmp/receive_test.ts: fetchSkill() and takeSkillSet() leave nothing of a transfer that dies or stalls",
  },
  {
    id: "mmp-received-skillset",
    sentence: "A received SkillSet passes what any package from outside passes",
    format: "meeting.md#received",
    test:
      "tests/mmp/receive_test.ts: takeSkillSet() installs a package as any other from outside: not in use, not above L2",
  },
  {
    id: "mmp-received-bomb",
    sentence: "A package that is a bomb leaves nothing",
    format: "meeting.md#received",
    test: "tests/mmp/receive_test.ts: takeSkillSet() leaves nothing of a bomb in a package",
  },
  {
    id: "mmp-acquire-decided",
    sentence: "What an agent takes from a peer waits for a person, unseen by the agent",
    format: "meeting.md#connections",
    test:
      "tests/server/meeting_tools_test.ts: meeting tools connect, look, propose to take, and disconnect",
    deviation: "The existing implementation keeps it at once",
  },
  {
    id: "mmp-acquire-law",
    sentence: "The law may let an agent take from a peer that proves the key its id derives from",
    format: "evolution.md#what-the-law-asks",
    test:
      "tests/server/meeting_tools_test.ts: meeting_acquire_skill keeps at once what the law lets, and only from who proves it",
  },
  {
    id: "mmp-acquire-unit",
    sentence: "A decided entry, its records and the decision's transition are one block",
    format: "meeting.md#connections",
    test:
      "tests/server/meeting_tools_test.ts: meeting_acquire_skill keeps what a person decided, and the audit finds nothing wrong",
  },
  {
    id: "mmp-acquire-one-entry",
    sentence: "A proposal to keep an entry names the document of one new entry and nothing else",
    format: "meeting.md#connections",
    test:
      "tests/evolution/received_test.ts: parseProposal() takes no proposal of an entry that touches anything else",
  },
  {
    id: "mmp-connection-anew",
    sentence: "An agent does not go on with somebody else at the address of a connection",
    format: "meeting.md#connections",
    test:
      "tests/server/meeting_tools_test.ts: meeting tools do not go on with somebody else at the same address",
    deviation: "The existing implementation keeps bearer tokens in a file others may read",
  },
  {
    id: "mmp-net-opt-in",
    sentence: "A server on pipes keeps the network only where the settings let agents call others",
    format: "meeting.md#connections",
    test:
      "tests/cli/permissions_test.ts: narrow() leaves the net to a server on pipes only where agents may call others",
  },
  {
    id: "mmp-called-peers",
    sentence:
      "Strangers push nobody out whom this instance called, and no file grows beyond reading",
    format: "meeting.md#peers",
    test:
      "tests/mmp/peers_test.ts: Peers keeps whom this instance called when strangers fill list and address book",
  },
  {
    id: "mmp-received-public",
    sentence: "Nothing received is handed on because its author wrote so",
    format: "meeting.md#received",
    test:
      "tests/mmp/receive_test.ts: receivedText() hands nothing on because the document says so, and hides what says that",
  },
  {
    id: "mmp-skillset-giver",
    sentence: "A SkillSet that was taken says from whom, and whether that one proved its key",
    format: "skillsets.md#installed",
    test:
      "tests/mmp/receive_test.ts: takeSkillSet() says in state and journal whom a SkillSet came from, until its user installs it",
  },
  {
    id: "mmp-calls-noted",
    sentence: "A call of another instance that came to nothing is in the journal",
    format: "meeting.md#peers",
    test:
      "tests/mmp/meet_peer_test.ts: meetPeer() notes calls that came to nothing, and tells what went wrong",
  },
  {
    id: "mmp-changed-unproven",
    sentence:
      "Another key for an id is refused and reported without a proof too, and holds no proven owner up",
    format: "meeting.md#trust",
    test:
      "tests/mmp/peers_test.ts: Peers.meet() refuses another key without proof for an id that derives from none, and pins nothing",
    deviation: "The existing implementation warns once and then believes the new key",
  },
];
