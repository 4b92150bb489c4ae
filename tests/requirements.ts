/**
 * What kairos promises, and the test that holds it to each promise.
 *
 * One row is one sentence of a format or of the architecture. `tests/gate/requirements_test.ts`
 * fails when a row names a test or a heading that does not exist.
 *
 * @module
 */

/** One promise and where it is tested. */
export interface Requirement {
  /** Unique name, `room-subject-number` or `room-subject`, lower case. */
  readonly id: string;
  /** The promise as one plain sentence. */
  readonly sentence: string;
  /**
   * Where the format says it: document and heading of `templates/knowledge/kairos_formats/`, such
   * as `chain.md#block-hash`; `null` for a promise about the repository, which no format states.
   */
  readonly format: `${string}.md#${string}` | null;
  /** Test file, a colon and a space, then the name of a test or step, or its beginning. */
  readonly test: `tests/${string}_test.ts: ${string}`;
  /** Where we are stricter than what the format lets others do, and why. */
  readonly deviation?: string;
}

/** Every promise that has a test. */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    id: "gate-architecture",
    sentence: "Imports point one way between rooms, and no file or room imports itself in a circle",
    format: null,
    test: "tests/gate/architecture_test.ts: architecture holds for every source of the repository",
  },
  {
    id: "gate-effects",
    sentence: "Files are touched in core/disk only, sockets in mmp and server, programs nowhere",
    format: null,
    test: "tests/gate/architecture_test.ts: checkSources() reports every effect outside its places",
  },
  {
    id: "gate-state",
    sentence: "No module keeps state, so two instances can live in one process",
    format: null,
    test: "tests/gate/architecture_test.ts: checkSources() reports state kept outside an instance",
  },
  {
    id: "gate-docs",
    sentence: "Every exported symbol of the product has a doc comment",
    format: null,
    test: "tests/gate/docs_test.ts: documentation covers every exported symbol of the product",
  },
  {
    id: "gate-portable",
    sentence: "No file of the repository names a path of somebody's machine",
    format: null,
    test: "tests/gate/docs_test.ts: no file of the repository names a path of somebody's machine",
  },
  {
    id: "chain-vectors",
    sentence:
      "A ledger of the existing implementation gets the verdict it recorded, or a listed stricter one",
    format: "chain.md#verification",
    test: "tests/chain/vectors_test.ts: verifyChain() agrees with every recorded verdict",
    deviation:
      "A wrong stored hash, a timestamp in another notation, a key that stands twice and a genesis with shifted fields are findings, though still compatible",
  },
  {
    id: "chain-hash",
    sentence: "The hash of a block covers index, canonical time, previous hash, root and items",
    format: "chain.md#the-hash-of-a-block",
    test: "tests/chain/block_test.ts: nextBlock() links to the block before and binds its items",
  },
  {
    id: "chain-genesis",
    sentence: "Block 0 is the same everywhere",
    format: "chain.md#genesis",
    test: "tests/chain/block_test.ts: GENESIS hashes to itself and is frozen in the format",
  },
  {
    id: "chain-merkle",
    sentence: "A proof leads from every item to the root and from no other",
    format: "chain.md#merkle-root",
    test: "tests/chain/merkle_test.ts: merkleProof() proves every item of every tree and no other",
  },
  {
    id: "chain-timestamps",
    sentence: "A stored time is hashed in its canonical form",
    format: "chain.md#timestamps",
    test:
      "tests/chain/timestamp_test.ts: canonicalTimestamp() renders every point in time and refuses everything else",
    deviation: "A time of day without a date is refused, as its hash would change with the day",
  },
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
    id: "chain-flips",
    sentence: "A changed byte is found unless it changes nothing the chain says",
    format: "chain.md#verification",
    test: "tests/chain/flips_test.ts: verifyChain() finds every change of a byte",
  },
  {
    id: "chain-streaming",
    sentence: "A verification comes to the same report however the bytes arrive",
    format: "chain.md#verification",
    test:
      "tests/chain/pieces_test.ts: verifyChain() comes to the same report however the bytes are cut",
  },
  {
    id: "append-constant",
    sentence: "Appending reads the same few bytes at every length",
    format: "chain.md#appending",
    test: "tests/ledger/append_test.ts: FileLedger.append() costs the same at every length",
  },
  {
    id: "append-crash",
    sentence:
      "After a crash an append is there as a whole or not at all, and always when it was acknowledged",
    format: "chain.md#appending",
    test: "tests/crash/append_test.ts: FileLedger.append() leaves the whole block or nothing",
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
    test:
      "tests/ledger/damage_test.ts: FileLedger refuses a file that was cut before its last acknowledged block",
    deviation: "The existing implementation reads a shorter chain",
  },
  {
    id: "append-gone",
    sentence: "A chain that has gone is not silently begun anew",
    format: "chain.md#appending",
    test:
      "tests/ledger/outside_test.ts: FileLedger refuses to begin anew where blocks were acknowledged",
    deviation: "The existing implementation begins anew",
  },
  {
    id: "append-kill",
    sentence: "What a server acknowledged outlives kill -9 under load",
    format: "chain.md#appending",
    test: "tests/e2e/kill_test.ts: kairos serve keeps what it acknowledged",
  },
  {
    id: "append-sync",
    sentence: "The reply comes after the sync",
    format: "chain.md#appending",
    test: "tests/e2e/sync_test.ts: kairos serve replies after the chain was synced",
  },
  {
    id: "lock-processes",
    sentence: "Many processes lose no block, and readers never see damage",
    format: "chain.md#locking",
    test: "tests/ledger/processes_test.ts: FileLedger loses no block of many processes",
  },
  {
    id: "lock-holder",
    sentence: "Who waits too long is told who holds the lock",
    format: "chain.md#locking",
    test:
      "tests/cli/chain_test.ts: a command that cannot get the lock ends with 4 and names the holder",
    deviation: "The existing implementation waits for ever",
  },
  {
    id: "verify-marker",
    sentence: "A failed verification stops appends until a repair or a verification that passes",
    format: "chain.md#verification",
    test:
      "tests/ledger/repair_test.ts: auditLedger() leaves a marker that stops appends until a repair",
  },
  {
    id: "repair-keeps",
    sentence: "A repair keeps the damaged file and records its hash and what was dropped",
    format: "chain.md#repair",
    test:
      "tests/ledger/repair_test.ts: repairLedger() keeps the intact blocks and the damaged file",
  },
  {
    id: "records-keys",
    sentence: "A record has the keys of the format first and in order",
    format: "chain.md#records",
    test:
      "tests/layers/knowledge_test.ts: a record keeps the keys of the format first and in order",
  },
  {
    id: "records-principal",
    sentence: "The principal comes from the door, never from an argument",
    format: "chain.md#records",
    test: "tests/server/tools_test.ts: callTool() takes the principal from the door",
    deviation: "The existing implementation records no principal",
  },
  {
    id: "records-guard",
    sentence: "Nobody can put what looks like a record of kairos on the chain",
    format: "chain.md#records",
    test:
      "tests/server/record_guard_test.ts: checkFreeRecords() refuses every spelling of a reserved type",
    deviation: "The existing implementation takes any text",
  },
  {
    id: "unit-crash",
    sentence: "A change of knowledge and its record are both there or neither",
    format: "entries.md#a-change-and-its-record",
    test:
      "tests/crash/knowledge_test.ts: a change of knowledge and its record are both there or neither",
    deviation: "The existing implementation reports success when the record failed",
  },
  {
    id: "unit-faults",
    sentence: "A change whose disk fails is whole or absent, and says which",
    format: "entries.md#a-change-and-its-record",
    test: "tests/layers/faults_test.ts: a change whose disk fails at any effect",
  },
  {
    id: "unit-edits",
    sentence: "An edit made while a change was interrupted is kept and told",
    format: "entries.md#a-change-and-its-record",
    test: "tests/crash/knowledge_test.ts: an edit made while a change was interrupted",
  },
  {
    id: "unit-paths",
    sentence: "An intent never reaches out of the data directory",
    format: "entries.md#a-change-and-its-record",
    test: "tests/disk/intents_test.ts: IntentLog refuses paths that lead out of the data directory",
  },
  {
    id: "objects-crash",
    sentence: "An object is complete or absent after every crash",
    format: "entries.md#objects",
    test: "tests/objects/objects_test.ts: ObjectStore.put() leaves the whole object or none",
  },
  {
    id: "objects-versions",
    sentence: "Every published version is kept",
    format: "entries.md#objects",
    test: "tests/layers/knowledge_test.ts: every published version is kept as an object",
  },
  {
    id: "objects-gc",
    sentence: "Collecting removes only what nothing refers to",
    format: "entries.md#objects",
    test: "tests/objects/collect_test.ts: collectObjects() keeps what anything refers to",
  },
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
      "tests/layers/front_matter_vectors_test.ts: parseEntryText() reads every recorded document as pinned",
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
      "tests/layers/front_matter_test.ts: parseEntryText() marks private what says so or cannot be understood",
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
    test:
      "tests/layers/contexts_test.ts: names of sessions and contexts never leave the context folder",
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
    id: "resources-urls",
    sentence: "MCP lists only addresses that are URLs written the only way and can be read",
    format: "entries.md#resources",
    test: "tests/server/mcp_resources_test.ts: every address can be read",
    deviation: "In MCP names are percent-encoded; the resource tools take them as they stand",
  },
  {
    id: "prompts-data",
    sentence: "What a prompt shows of the instance is marked as data and stays in its place",
    format: null,
    test: "tests/server/prompts_test.ts: promptMessages() lets no content break out of its place",
  },
  {
    id: "init-idempotent",
    sentence: "Making a data directory again never touches what is there",
    format: "entries.md#knowledge",
    test: "tests/cli/data_dir_test.ts: init makes a data directory and never touches what is there",
  },
  {
    id: "mcp-tools",
    sentence: "The official client drives every tool over both doors in both eras",
    format: null,
    test: "tests/e2e/mcp_client_test.ts: kairos serve drives every tool",
  },
  {
    id: "mcp-drain",
    sentence: "Everything piped in is answered before the server ends",
    format: null,
    test:
      "tests/e2e/mcp_pipe_test.ts: kairos serve answers 300 piped calls and garbage between them",
    deviation: "The existing implementation gives no answer to what is no message",
  },
  {
    id: "http-guards",
    sentence: "Each request that is none gets its status",
    format: null,
    test:
      "tests/server/http_test.ts: createApp() answers each request that is none with its status",
  },
  {
    id: "http-loopback",
    sentence: "The server listens for this machine only",
    format: null,
    test: "tests/server/http_test.ts: serveHttp() listens for this machine only",
    deviation: "The existing implementation listens everywhere by its template",
  },
  {
    id: "http-session",
    sentence: "An older client gets a session, in which the server can ask it and tell it news",
    format: null,
    test:
      "tests/server/http_sessions_test.ts: mcpEndpoint() keeps a session from initialize to DELETE",
  },
  {
    id: "http-session-idle",
    sentence: "A session nobody uses ends after a while",
    format: null,
    test: "tests/server/http_sessions_test.ts: mcpEndpoint() ends a session that is not used",
  },
  {
    id: "http-session-bound",
    sentence: "There are only so many sessions, and one that waits for an answer is never ended",
    format: null,
    test: "tests/server/http_sessions_test.ts: mcpEndpoint() bounds its sessions",
  },
  {
    id: "http-session-principal",
    sentence: "A session serves only whom it was opened for",
    format: null,
    test: "tests/server/http_sessions_test.ts: mcpEndpoint() lets nobody else use a session",
  },
  {
    id: "http-idle",
    sentence: "The server answers beside many connections that are opened and left",
    format: null,
    test: "tests/e2e/http_idle_test.ts: kairos serve --http answers beside connections",
  },
  {
    id: "http-vanish",
    sentence: "What a client held that went away is given back",
    format: null,
    test: "tests/e2e/http_idle_test.ts: kairos serve --http gives back what clients held",
  },
  {
    id: "mcp-conformance",
    sentence:
      "The protocol's own conformance suites pass, but for what the test lists with reasons",
    format: null,
    test: "tests/conformance/conformance_test.ts: createApp() conforms to the protocol",
  },
  {
    id: "cli-access",
    sentence: "A command that reads changes no byte",
    format: null,
    test: "tests/cli/contents_test.ts: ACCESS read means that no byte changes",
  },
  {
    id: "cli-json-rpc",
    sentence: "Piped JSON-RPC is served without a command and without initialize",
    format: null,
    test: "tests/e2e/cli_program_test.ts: main: piped JSON-RPC",
  },
  {
    id: "cli-confirm",
    sentence: "What takes something away asks a person and nobody else",
    format: null,
    test: "tests/cli/knowledge_test.ts: knowledge delete asks a person and nobody else",
  },
  {
    id: "cli-interrupt",
    sentence: "Ctrl-C ends at once and leaves nothing half done",
    format: null,
    test: "tests/e2e/cli_program_test.ts: main: Ctrl-C ends at once",
  },
  {
    id: "portable-alone",
    sentence: "The portable file works from an empty home without Deno",
    format: null,
    test: "tests/e2e/portable_test.ts: portable executable does the work of kairos",
  },
  {
    id: "links-rooms",
    sentence: "An instance whose rooms are links to another file system works like any other",
    format: "entries.md#names",
    test: "tests/e2e/cli_flow_test.ts: the README's commands work with every room linked",
  },
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
    id: "index-guard",
    sentence: "A search follows no link out of its folder and names nothing that is blocked",
    format: null,
    test: "tests/index/search_test.ts: search() follows no link that leads outside",
  },
  {
    id: "cli-permissions-given-up",
    sentence: "Before it reads any input a command gives up every permission its row does not name",
    format: null,
    test:
      "tests/e2e/cli_permissions_test.ts: every command gives up what the table of access does not leave it",
  },
  {
    id: "cli-permissions-enough",
    sentence: "Every command works with the permissions of its row and three variables alone",
    format: null,
    test:
      "tests/e2e/cli_permissions_test.ts: every command works with the kinds of its row, environment and user alone",
  },
  {
    id: "cli-completions-safe",
    sentence: "Completions hold no hidden character and no name that a shell would read otherwise",
    format: null,
    test:
      "tests/cli/completions_test.ts: __complete never proposes hidden characters or what would be read as an option",
  },
  {
    id: "skillset-content-hash",
    sentence:
      "The content hash of a SkillSet is that of the existing implementation, byte for byte",
    format: "skillsets.md#content-hash",
    test: "tests/skillset/pure_vectors_test.ts: contentHash() equals every recorded package",
  },
  {
    id: "skillset-versions",
    sentence: "Version constraints decide as RubyGems does",
    format: "skillsets.md#versions",
    test: "tests/skillset/pure_vectors_test.ts: satisfies() decides every recorded pair",
  },
  {
    id: "skillset-names",
    sentence:
      "Names of SkillSets are those of the existing implementation, refused with its phrases",
    format: "skillsets.md#names",
    test: "tests/skillset/pure_vectors_test.ts: checkSkillSetName() accepts and refuses",
  },
  {
    id: "skillset-manifest",
    sentence: "A manifest that two readers could understand differently is refused",
    format: "skillsets.md#manifest",
    test: "tests/skillset/manifest_test.ts: parseManifest() refuses",
    deviation:
      "An unknown layer and a field twice are errors; others accept both, and two readers " +
      "could govern one SkillSet differently",
  },
  {
    id: "skillset-archive",
    sentence:
      "One tree packs to one plain ustar archive, and every archive that is not plain is refused",
    format: "skillsets.md#archive",
    test: "tests/skillset/tar_test.ts: TarReader refuses",
    deviation:
      "Checksums, extensions, links and trailing data are refused, since others skip them " +
      "and unpack another tree than we would",
  },
  {
    id: "skillset-paths",
    sentence: "A package brings files only under names and of types that are on a list",
    format: "skillsets.md#paths",
    test: "tests/skillset/judge_test.ts: judgePlace() allows named places and types only",
    deviation: "Others look for programs in tools/ and lib/ only",
  },
  {
    id: "skillset-programs",
    sentence: "A program is seen by its first bytes, whatever it is called and wherever it lies",
    format: "skillsets.md#programs",
    test: "tests/skillset/judge_test.ts: programOf() sees programs by their bytes",
  },
  {
    id: "skillset-decoder",
    sentence: "Archives from outside are taken apart where there is no permission at all",
    format: null,
    test: "tests/skillset/decode_test.ts: decodeArchive() works in a Worker without any permission",
  },
  {
    id: "skillset-limits",
    sentence: "Counters bound what an archive may unpack to, before it is unpacked",
    format: "skillsets.md#limits",
    test: "tests/skillset/decode_test.ts: decodeArchive() refuses",
  },
  {
    id: "json-object",
    sentence:
      "JSON from outside is bounded before it is parsed and means one thing to every reader",
    format: null,
    test: "tests/core/json_object_test.ts: parseJsonObject() refuses",
  },
];
