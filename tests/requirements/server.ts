/** Promises tested in tests/server. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
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
      "tests/server/record_guard_test.ts: checkFreeRecords() refuses every spelling of a reserved",
    deviation: "The existing implementation takes any text",
  },
  {
    id: "resources-urls",
    sentence: "MCP lists only addresses that are URLs written the only way and can be read",
    format: "entries.md#resources",
    test: "tests/server/mcp_resources_test.ts: every address can be read",
    deviation: "In MCP names are percent-encoded; the resource tools take them as they stand",
  },
  {
    id: "pages-cost",
    sentence: "A page of entries or resources takes looks at its own entries, not at all of them",
    format: null,
    test:
      "tests/server/pages_test.ts: a page of a list looks at its own entries alone, however many there are",
  },
  {
    id: "pages-whole",
    sentence:
      "What is there all the time is named once by the pages of a list, whatever else changes meanwhile",
    format: null,
    test:
      "tests/server/pages_test.ts: pages name once what is there all the time, and nothing as it was before",
  },
  {
    id: "prompts-data",
    sentence: "What a prompt shows of the instance is marked as data and stays in its place",
    format: null,
    test: "tests/server/prompts_test.ts: promptMessages() lets no content break out of its place",
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
    id: "mcp-families",
    sentence:
      "A family of tools that a person switches off is neither listed nor callable nor recommended",
    format: null,
    test:
      "tests/server/families_test.ts: a family that is switched off is neither listed nor callable nor recommended",
  },
  {
    id: "mcp-cancel",
    sentence: "A call that a client takes back ends its work, and the server goes on",
    format: null,
    test: "tests/server/cancel_test.ts: a call that is taken back ends, and the server goes on",
  },
  {
    id: "mcp-families-prompts",
    sentence: "Prompts speak of no tool that is switched off",
    format: null,
    test: "tests/server/families_test.ts: prompts speak only of families that are on",
  },
  {
    id: "mcp-long-calls",
    sentence: "Audits, state commits and first searches tell progress and can be taken back",
    format: null,
    test:
      "tests/server/cancel_test.ts: a long call tells how far it has come, and can be taken back",
  },
  {
    id: "mcp-progress",
    sentence: "Progress is told at most ten times a second, and each time more than before",
    format: null,
    test:
      "tests/server/progress_test.ts: progressOf() tells at most ten times a second, and never less than before",
  },
  {
    id: "mcp-notices-bounded",
    sentence: "A client that takes no notices costs a bounded amount of memory",
    format: null,
    test: "tests/server/notices_test.ts: Notices keep each resource once for a client that takes",
  },
  {
    id: "mcp-subscriptions",
    sentence: "Clients subscribe to what may be read, and to a bounded number",
    format: null,
    test: "tests/server/notices_test.ts: resources/subscribe takes no more than a bounded number",
  },
  {
    id: "law-client-asked",
    sentence:
      "A client's yes to a change is its person's answer to a question that shows the change",
    format: "evolution.md#decisions",
    test:
      "tests/server/law_door_test.ts: skills_evolve asks the person before a client of 2026-07-28",
    deviation: "The existing implementation takes the agent's word that somebody approved",
  },
  {
    id: "law-client-eras",
    sentence:
      "Clients of every era are asked, and one that cannot be asked is told where to decide",
    format: null,
    test:
      "tests/server/law_client_test.ts: skills_evolve asks the person before the official client",
  },
  {
    id: "law-client-answer",
    sentence:
      "An answer counts once, in time, for the question of this process, principal, client and proposal",
    format: null,
    test:
      "tests/server/questions_test.ts: clientOf() takes an answer for the same question, era, person",
  },
  {
    id: "law-client-forged",
    sentence: "Nothing but an answer to its own question moves a proposal on",
    format: null,
    test:
      "tests/server/law_door_test.ts: skills_evolve takes nothing but an answer to its own question",
  },
  {
    id: "law-client-limits",
    sentence:
      "With approvers, against the law, or for what the person cannot be shown no client is believed",
    format: "evolution.md#decisions",
    test:
      "tests/server/law_door_test.ts: skills_evolve says where a person decides when nobody can be asked",
    deviation: "In the existing implementation approved: true is enough",
  },
  {
    id: "law-tools-in-force",
    sentence: "The tools read the law that was decided, whatever the working copy says",
    format: "evolution.md#law-in-force",
    test:
      "tests/server/law_tools_test.ts: skills_dsl_list and skills_dsl_get read the law in force",
    deviation: "The existing implementation reads the working copy",
  },
  {
    id: "law-tools-rollback",
    sentence: "Going back is a proposal, and only versions that were law can be gone back to",
    format: "evolution.md#versions",
    test: "tests/server/law_tools_test.ts: skills_rollback proposes to go back",
    deviation: "The existing implementation copies any file there, with no record",
  },
  {
    id: "law-tools-instructions",
    sentence: "Instructions for agents change by decided proposals, their other settings never",
    format: "evolution.md#kinds",
    test: "tests/server/law_tools_test.ts: instructions_update changes texts and the mode",
    deviation: "In the existing implementation approved: true is enough",
  },
  {
    id: "promote-knowledge",
    sentence: "A promoted note keeps a relation to where it came from, and its record says so",
    format: "entries.md#context",
    test: "tests/server/promote_test.ts: skills_promote carries a note to knowledge",
  },
  {
    id: "promote-law",
    sentence: "Knowledge becomes law by a decided proposal, and never when it came from elsewhere",
    format: "evolution.md#kinds",
    test: "tests/server/promote_test.ts: skills_promote makes knowledge law by a decided proposal",
    deviation: "The existing implementation only says how to go about it",
  },
  {
    id: "audit-own-templates",
    sentence: "An audit finds nothing in an instance as it begins",
    format: null,
    test: "tests/server/audit_test.ts: skills_audit finds nothing in an instance as it begins",
  },
  {
    id: "audit-findings",
    sentence: "An audit tells what deserves a look without repeating what it found",
    format: null,
    test: "tests/server/audit_test.ts: skills_audit tells age, contradictions, danger and gaps",
    deviation:
      "Words count as words, and a way around rules must name the rule in the same sentence",
  },
  {
    id: "mcp-skillset-wait",
    sentence:
      "What agents want installed or enabled waits for a person, who alone is shown what it says",
    format: "skillsets.md#decisions",
    test: "tests/server/skillset_tools_test.ts: skillset_install_archive and skillset_enable wait",
    deviation: "Others install and enable at once what a tool is given",
  },
  {
    id: "mcp-skillset-bound",
    sentence: "An approval of one content of a SkillSet enables no other, by whatever tool",
    format: "skillsets.md#decisions",
    test: "tests/server/skillset_tools_test.ts: an approval of one content of a SkillSet enables",
  },
  {
    id: "mcp-skillset-asked",
    sentence: "The person before the client is shown what a package says and decides there",
    format: "skillsets.md#decisions",
    test: "tests/server/skillset_tools_test.ts: the person before the client is shown a package",
  },
  {
    id: "mcp-skillset-refused",
    sentence: "A hostile package an agent passes on is refused and leaves no proposal",
    format: "skillsets.md#archive",
    test:
      "tests/server/skillset_tools_test.ts: skillset_install_archive refuses what install-archive",
  },
  {
    id: "mcp-skillset-budget",
    sentence: "What agents send is unpacked within a budget for each of them",
    format: "skillsets.md#limits",
    test: "tests/server/skillset_tools_test.ts: what agents send is unpacked within a budget",
  },
  {
    id: "mcp-skillset-l0",
    sentence: "Agents take no SkillSet of L0 away; they propose it",
    format: "skillsets.md#decisions",
    test: "tests/server/skillset_tools_test.ts: skillset_disable and skillset_remove propose",
  },
  {
    id: "mcp-skillset",
    sentence: "Agents see SkillSets and can pack them; what is installed is decided by people",
    format: "skillsets.md#installed",
    test: "tests/server/skillset_tools_test.ts: the tools for SkillSets show what is installed",
  },
  {
    id: "server-peers-listener",
    sentence: "The listener other machines may reach answers other instances and nothing else",
    format: "meeting.md#requests",
    test:
      "tests/server/peers_listener_test.ts: serveHttp() answers other instances on a listener of its own, and nothing else there",
    deviation: "Others serve MCP, administration and meetings on one port",
  },
  {
    id: "instructions-none",
    sentence:
      "The mode none gives agents no instructions; of a mode whose file is missing doctor tells",
    format: null,
    test: "tests/server/stdio_test.ts: instructions() adds the text of the mode, within bounds",
  },
  {
    id: "instructions-now",
    sentence: "Whoever connects or asks gets the instructions of that moment, in both eras",
    format: null,
    test:
      "tests/server/instructions_test.ts: server/discover tells the instructions of that moment",
  },
  {
    id: "chain-verify-law",
    sentence: "The tool chain_verify holds every decision about the law against the chain",
    format: "evolution.md#audit",
    test: "tests/server/law_tools_test.ts: chain_verify holds the law against the chain as well",
  },
  {
    id: "server-peers-slow",
    sentence: "Slow requests of one address leave room for all others",
    format: "meeting.md#requests",
    test: "tests/server/peers_listener_test.ts: slow bodies of one address do not pile up",
  },
  {
    id: "server-body-memory",
    sentence: "A body takes as much memory as it has bytes, in however small pieces it comes",
    format: "meeting.md#requests",
    test:
      "tests/core/read_body_test.ts: readBody() keeps no piece, whose buffer may be thousands of times as large",
  },
  {
    id: "server-package-link",
    sentence:
      "A tool leads to what is too large for an answer, and older clients are told in words",
    format: "entries.md#resources",
    test: "tests/server/skillset_tools_test.ts: skillset_package gives a link to the package",
  },
  {
    id: "memory-rest",
    sentence: "A server gives memory back while nothing happens",
    format: null,
    test:
      "tests/server/free_memory_test.ts: startFreeingMemory() frees in a program that was started",
  },
];
