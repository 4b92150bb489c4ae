/** Promises tested in tests/e2e. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "append-kill",
    sentence: "What a server acknowledged outlives kill -9 under load",
    format: "chain.md#appending",
    test: "tests/e2e/kill_test.ts: kairos serve keeps what it acknowledged",
  },
  {
    id: "skillset-kill",
    sentence: "After kill -9 of any command a SkillSet is old or new, and the chain says the same",
    format: "skillsets.md#records",
    test: "tests/e2e/skillset_kill_test.ts: a SkillSet is old or new after every kill -9",
  },
  {
    id: "append-sync",
    sentence: "The reply comes after the sync",
    format: "chain.md#appending",
    test: "tests/e2e/sync_test.ts: kairos serve replies after the chain was synced",
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
    id: "http-idle",
    sentence:
      "The server answers beside many connections that are opened and left, half a header sent",
    format: null,
    test: "tests/e2e/http_idle_test.ts: kairos serve --http answers beside connections",
  },
  {
    id: "http-own-host",
    sentence: "A request for another host is refused, whether its line or its header names it",
    format: null,
    test: "tests/e2e/mcp_http_socket_test.ts: kairos serve --http refuses requests that mean two",
  },
  {
    id: "http-all-connections",
    sentence: "A client that holds all connections the system allows loses them again",
    format: null,
    test: "tests/e2e/mcp_http_socket_test.ts: kairos serve --http outlives a client that holds",
  },
  {
    id: "http-vanish",
    sentence: "What a client held that went away is given back",
    format: null,
    test: "tests/e2e/http_idle_test.ts: kairos serve --http gives back what clients held",
  },
  {
    id: "cli-json-rpc",
    sentence: "Piped JSON-RPC is served without a command and without initialize",
    format: null,
    test: "tests/e2e/cli_program_test.ts: main: piped JSON-RPC",
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
    id: "cli-permissions-given-up",
    sentence: "Before it reads any input a command gives up every permission its row does not name",
    format: null,
    test:
      "tests/e2e/cli_permissions_test.ts: every command gives up what the table of access does not",
  },
  {
    id: "cli-permissions-enough",
    sentence:
      "Every command works with the permissions of its row and the variables it knows alone",
    format: null,
    test: "tests/e2e/cli_permissions_test.ts: every command works with the kinds of its row,",
  },
  {
    id: "mcp-skills",
    sentence:
      "The official client lists, reads and verifies knowledge entries as skills, through both doors",
    format: null,
    test:
      "tests/e2e/mcp_skills_test.ts: kairos serve lets the official client use entries as skills",
  },
  {
    id: "mcp-notices",
    sentence: "Clients of both eras are told of changes at both doors, whoever made them",
    format: null,
    test: "tests/e2e/notices_test.ts: kairos serve tells a client what others change",
  },
  {
    id: "e2e-package-pipe",
    sentence: "Packages go through pipes of processes and arrive whole or not at all",
    format: "skillsets.md#envelope",
    test: "tests/e2e/package_pipe_test.ts: packages go through pipes",
  },
  {
    id: "e2e-package-closed",
    sentence: "Packing ends quietly when nobody reads any more",
    format: null,
    test: "tests/e2e/package_pipe_test.ts: package ends quietly",
  },
  {
    id: "state-commit-kill",
    sentence: "State commits that were acknowledged outlive kill -9 and can be restored",
    format: "state.md#the-record",
    test: "tests/e2e/state_kill_test.ts: state commits that were acknowledged",
  },
  {
    id: "state-restore-kill",
    sentence: "A restore that was killed leaves every entry whole and can be finished",
    format: "state.md#restoring",
    test: "tests/e2e/state_kill_test.ts: a restore of the state that was killed",
  },
  {
    id: "law-convert-kill",
    sentence: "A conversion that was killed is proposed, decided and made, or not at all",
    format: "ruby_law.md#what-is-lost",
    test: "tests/e2e/state_kill_test.ts: a conversion of the law that was killed",
  },
  {
    id: "e2e-package-portable",
    sentence: "Packages go through pipes of the portable file as through those of the source",
    format: null,
    test: "tests/e2e/package_pipe_test.ts: packages go through pipes of the portable file",
  },
  {
    id: "e2e-package-terminal",
    sentence: "Whoever installs a package and pipes none is shown how",
    format: null,
    test: "tests/e2e/package_pipe_test.ts: install-archive shows its help to a person",
  },
  {
    id: "e2e-package-readers",
    sentence: "Packages are plain archives to programs that share no code with kairos",
    format: "skillsets.md#archive",
    test: "tests/e2e/package_readers_test.ts: packFiles() writes archives that tar unpacks",
  },
];
