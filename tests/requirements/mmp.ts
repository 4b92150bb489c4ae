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
    id: "mmp-block-stranger",
    sentence:
      "A person can turn away who never proved a key, and turns no owner of an id away by it",
    format: "meeting.md#trust",
    test:
      "tests/mmp/peers_test.ts: Peers.block() turns away who never proved a key: by address, whole id or fingerprint",
  },
  {
    id: "mmp-trust-one-key",
    sentence: "An id belongs to the key a person trusts alone, and names one peer",
    format: "meeting.md#trust",
    test:
      "tests/mmp/peers_test.ts: Peers.trust() leaves an id to one key, whichever of them was met how",
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
    id: "mmp-copied-introduction",
    sentence: "A copied introduction does not pass for an instance that proved itself",
    format: "meeting.md#asking",
    test:
      "tests/mmp/meet_peer_test.ts: meetPeer() does not take a copied introduction for a peer that proved itself",
  },
  {
    id: "mmp-exchanges",
    sentence:
      "Recorded exchanges of the existing implementation are answered as they were, or stricter as listed",
    format: "meeting.md#requests",
    test:
      "tests/mmp/exchanges_vectors_test.ts: meetingApp() answers the recorded exchanges as they were answered, or stricter",
    deviation:
      "Private entries, paths and what may not travel are told to nobody; what is no JSON object is 400; RSA of 1024 bits is not verified; a message is from its session",
  },
  {
    id: "mmp-switched-off",
    sentence: "Nobody is answered while the settings are missing, unreadable or say no",
    format: "meeting.md#requests",
    test:
      "tests/mmp/exchanges_vectors_test.ts: meetingApp() answers nobody where meetings are not installed or switched off",
  },
  {
    id: "mmp-settings-reloaded",
    sentence: "Settings count without a new start",
    format: "meeting.md#settings",
    test: "tests/mmp/attacks_test.ts: settings count without a new start",
  },
  {
    id: "mmp-replay",
    sentence: "A replayed introduction earns public reads, and nothing is kept",
    format: "meeting.md#proof",
    test: "tests/mmp/attacks_test.ts: a replayed introduction earns no more than anybody has",
    deviation:
      "Others take it for its owner. Its timestamp is looked at by nobody, because it is not signed; that of a proof is",
  },
  {
    id: "mmp-proof-once",
    sentence: "A proof is good once, for one asker and one role",
    format: "meeting.md#proof",
    test:
      "tests/mmp/attacks_test.ts: a proof is good once, here, for whom it was made, and not as an answer",
  },
  {
    id: "mmp-id-before-owner",
    sentence: "Who takes an id before its owner came does not stand in the owner's way",
    format: "meeting.md#trust",
    test: "tests/mmp/attacks_test.ts: an instance id that was stolen before its owner came",
  },
  {
    id: "mmp-id-after-owner",
    sentence: "Nobody takes an id after its owner came",
    format: "meeting.md#trust",
    test: "tests/mmp/attacks_test.ts: an instance id cannot be stolen after its owner came",
    deviation: "Others verify any key for any id",
  },
  {
    id: "mmp-key-changed",
    sentence: "A changed key is refused until a person trusts it; a blocked one is refused",
    format: "meeting.md#trust",
    test: "tests/mmp/attacks_test.ts: a changed key is refused until a person trusts it",
    deviation: "Others overwrite the old key",
  },
  {
    id: "mmp-from-session",
    sentence: "Who sends a message is known by the session",
    format: "meeting.md#messages",
    test: "tests/mmp/attacks_test.ts: nobody sends in the name of another",
    deviation: "Others believe the message",
  },
  {
    id: "mmp-private",
    sentence: "What is not public is there for nobody: no name, hash or content",
    format: "meeting.md#offers",
    test: "tests/mmp/attacks_test.ts: a private entry is there for nobody",
    deviation: "Others list private entries with hash and path, and hand them out",
  },
  {
    id: "mmp-unreadable-private",
    sentence: "Front matter that hides what it says makes an entry private",
    format: "meeting.md#offers",
    test: "tests/mmp/catalog_test.ts: Catalog tells nothing of what says that it is private",
    deviation: "Others let the default decide",
  },
  {
    id: "mmp-no-paths",
    sentence: "No answer holds a path of this machine",
    format: "meeting.md#offers",
    test: "tests/mmp/attacks_test.ts: no answer holds a path of this machine",
    deviation: "Others tell absolute paths",
  },
  {
    id: "mmp-offers",
    sentence: "What is recorded as public is offered, and nothing that cannot be read",
    format: "meeting.md#offers",
    test: "tests/mmp/catalog_test.ts: Catalog offers what is recorded as public",
    deviation: "A summary is never a line of the front matter",
  },
  {
    id: "mmp-offers-fresh",
    sentence: "Lists follow changes of kairos at once, and contents are those of the files",
    format: "meeting.md#offers",
    test: "tests/mmp/catalog_test.ts: Catalog notices changes of kairos at once",
  },
  {
    id: "mmp-skillsets-shared",
    sentence: "Only SkillSets that are enabled, shared and may travel are offered",
    format: "meeting.md#offers",
    test:
      "tests/mmp/catalog_test.ts: Catalog offers SkillSets that are shared, in use and may travel",
    deviation: "Others offer disabled ones, and all without programs",
  },
  {
    id: "mmp-body-size",
    sentence: "A body of more than 1 MiB is refused before it is read",
    format: "meeting.md#requests",
    test: "tests/mmp/floods_test.ts: a body of 40 MB is refused before it is read",
    deviation: "Others have no limit",
  },
  {
    id: "mmp-body-time",
    sentence: "A slow body is given up, and others are answered meanwhile",
    format: "meeting.md#requests",
    test: "tests/mmp/floods_test.ts: a slow body is given up",
  },
  {
    id: "mmp-slow-heads",
    sentence: "Requests whose head never ends hold nobody up",
    format: "meeting.md#requests",
    test: "tests/server/peers_listener_test.ts: heads that never end hold nobody up",
  },
  {
    id: "mmp-json",
    sentence: "JSON of every bad kind is refused with 400",
    format: "meeting.md#requests",
    test: "tests/mmp/floods_test.ts: JSON of every bad kind is refused with 400",
    deviation: "Others answer some with 500 and take others for an empty object",
  },
  {
    id: "mmp-json-values",
    sentence:
      "What a body costs to read is bounded by how many values it has, not by its size alone",
    format: "meeting.md#requests",
    test: "tests/mmp/wire_json_test.ts: parseWire() reads no more values than it may",
    deviation: "Others read any number",
  },
  {
    id: "mmp-no-mirror",
    sentence: "Nothing large is sent back to whom it came from",
    format: "meeting.md#messages",
    test: "tests/mmp/messages_test.ts: answerMessage() sends nothing large back",
    deviation: "Others echo any payload",
  },
  {
    id: "mmp-session-flood",
    sentence: "A flood of sessions stays within its bounds and ends no proven one",
    format: "meeting.md#sessions",
    test: "tests/mmp/floods_test.ts: a flood of sessions stays within its bounds",
    deviation: "Others keep any number",
  },
  {
    id: "mmp-sessions-of-address",
    sentence: "One address does not take all sessions",
    format: "meeting.md#sessions",
    test:
      "tests/mmp/sessions_test.ts: Sessions of one address make room among themselves, however many it opens",
    deviation: "Others keep any number",
  },
  {
    id: "mmp-rates",
    sentence: "Rates of sessions, contents and addresses are exact",
    format: "meeting.md#sessions",
    test: "tests/mmp/floods_test.ts: rates are exact",
    deviation: "Others limit neither contents nor addresses",
  },
  {
    id: "mmp-session-hour",
    sentence: "A session lasts an hour from its beginning; only a digest of its token is kept",
    format: "meeting.md#sessions",
    test: "tests/mmp/sessions_test.ts: Sessions last their hour from the beginning",
  },
  {
    id: "mmp-journal",
    sentence: "Every contact is in the journal, without tokens",
    format: "meeting.md#sessions",
    test: "tests/mmp/attacks_test.ts: every contact is in the journal",
    deviation: "Others note nothing",
  },
  {
    id: "mmp-existing-peer",
    sentence: "The existing implementation is met as it answers, and what it gives is taken",
    format: "meeting.md#asking",
    test:
      "tests/mmp/recorded_peer_test.ts: meetPeer() meets the existing implementation as it was recorded, and takes what it gives",
  },
  {
    id: "mmp-two-instances",
    sentence:
      "Two instances exchange entries and SkillSets through the real program, both directions",
    format: "meeting.md#asking",
    test:
      "tests/e2e/meeting_test.ts: two instances meet and exchange entries and SkillSets, both directions",
  },
  {
    id: "mmp-three-instances",
    sentence: "Three instances pass an entry on until the limit",
    format: "meeting.md#received",
    test:
      "tests/e2e/meeting_test.ts: three instances pass an entry on, with where it came from, until the limit",
  },
  {
    id: "mmp-portable",
    sentence: "Instances of the portable file meet and pass entries on as those of the source do",
    format: "meeting.md#asking",
    test: "tests/e2e/meeting_test.ts: instances of the portable file meet and pass on the same way",
  },
  {
    id: "mmp-guide-lines",
    sentence:
      "Every line of the guide's meeting by hand works, and the 401 says how to get a token",
    format: "meeting.md#by-hand",
    test:
      "tests/e2e/curl_test.ts: the guide's meeting by hand works line by line, and says how to get a token",
  },
  {
    id: "mmp-tls-listener",
    sentence: "Over TLS nothing is said to a listener whose certificate is not trusted",
    format: "meeting.md#addresses",
    test:
      "tests/e2e/meeting_test.ts: instances meet over TLS where the certificate is trusted, and nowhere else",
  },
  {
    id: "mmp-contacts",
    sentence: "Contacts are gathered and written together, and those beyond a bound are counted",
    format: "meeting.md#sessions",
    test: "tests/mmp/contacts_test.ts: Contacts that cannot be written now wait",
  },
  {
    id: "mmp-offers-told",
    sentence: "Lists are made anew when a change is told, and once a second where nobody tells",
    format: "meeting.md#offers",
    test: "tests/mmp/catalog_test.ts: Catalog looks again when a change is told",
  },
  {
    id: "mmp-turned-away",
    sentence: "A session ends at once when a person turns its peer away, in whatever process",
    format: "meeting.md#sessions",
    test:
      "tests/mmp/attacks_test.ts: a session ends at once when a person blocks its peer or says that another key is right",
  },
  {
    id: "mmp-peer-names",
    sentence: "No name or id somebody chose is taken for another's id or fingerprint",
    format: "meeting.md#trust",
    test:
      "tests/mmp/peers_test.ts: Peers.find() takes no chosen name or id for another's id or fingerprint",
  },
  {
    id: "mmp-proof-elsewhere",
    sentence: "Our proof goes to nobody who could use it at another instance in our name",
    format: "meeting.md#proof",
    test:
      "tests/mmp/meet_peer_test.ts: meetPeer() gives nobody a proof that could be used at another peer",
  },
  {
    id: "mmp-not-offered",
    sentence: "What is not offered takes as long to look for as what does not exist",
    format: "meeting.md#offers",
    test:
      "tests/mmp/catalog_test.ts: Catalog looks at no file for what it does not offer, as for what is not there",
  },
  {
    id: "mmp-skill-signed",
    sentence: "An entry counts as its giver's only when it is signed with the giver's key",
    format: "meeting.md#offers",
    test:
      "tests/server/meeting_tools_test.ts: meeting_acquire_skill keeps nothing at once that was slipped in between it and whom the law lets",
  },
  {
    id: "mmp-journal-bounded",
    sentence:
      "Strangers cannot fill the disk with journal lines, and are told apart from who proves itself",
    format: "meeting.md#peers",
    test:
      "tests/mmp/floods_test.ts: strangers who make up names fill no disk, and leave room for who proves who it is",
  },
  {
    id: "mmp-private-in-sets",
    sentence: "A document that says it is private is handed out with no SkillSet either",
    format: "meeting.md#offers",
    test:
      "tests/mmp/catalog_test.ts: Catalog hands out no SkillSet with a document that says that it is private",
  },
  {
    id: "mmp-no-address",
    sentence: "A request whose address cannot be read is refused, and no stranger writes logs",
    format: "meeting.md#requests",
    test:
      "tests/server/peers_listener_test.ts: serveHttp() answers other instances on a listener of its own, and nothing else there",
  },
  {
    id: "mmp-settings-told",
    sentence: "What is wrong with the settings is told by the server and by doctor, with its place",
    format: "meeting.md#settings",
    test:
      "tests/cli/peer_listener_test.ts: serve --http says what is wrong with meeting.yml, with a listener for others and without",
  },
  {
    id: "mmp-closed-noted",
    sentence: "What closes the meetings of a running server is in the journal",
    format: "meeting.md#settings",
    test:
      "tests/mmp/attacks_test.ts: what keeps everybody out is in the journal once, each time it begins",
  },
  {
    id: "mmp-propose",
    sentence: "What others are told of a definition is printed, and nothing is sent or kept",
    format: "meeting.md#adopting",
    test:
      "tests/cli/protocol_test.ts: kairos protocol propose prints what others are told of a definition, and keeps nothing",
  },
  {
    id: "mmp-forgotten-addresses",
    sentence: "No agent calls a local peer any more that was forgotten, at no address it had",
    format: "meeting.md#addresses",
    test:
      "tests/cli/meet_test.ts: kairos peers forget takes back that agents may call a peer, wherever it was met",
  },
  {
    id: "mmp-narrow-net",
    sentence:
      "Run from source, the program can be limited to the known peers and its own listeners",
    format: "meeting.md#addresses",
    test:
      "tests/e2e/narrow_net_test.ts: the command doctor prints lets the program call the known peers and nobody else",
  },
  {
    id: "mmp-doctor",
    sentence: "Of a peer with another key doctor warns, and says how to trust it",
    format: "meeting.md#trust",
    test:
      "tests/cli/meet_test.ts: kairos doctor warns of a peer with another key, and how to trust it",
  },
];
