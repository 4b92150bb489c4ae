/** Promises tested in tests/cli. */

import type { Requirement } from "./requirement.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "lock-holder",
    sentence: "Who waits too long is told who holds the lock",
    format: "chain.md#locking",
    test: "tests/cli/chain_test.ts: a command that cannot get the lock ends with 4 and names the",
    deviation: "The existing implementation waits for ever",
  },
  {
    id: "init-idempotent",
    sentence: "Making a data directory again never touches what is there",
    format: "entries.md#knowledge",
    test: "tests/cli/data_dir_test.ts: init makes a data directory and never touches what is there",
  },
  {
    id: "cli-tasks",
    sentence: "The tasks and what is shipped carry no permission that no command needs",
    format: null,
    test: "tests/cli/permissions_test.ts: the tasks carry what ACCESS leaves some command",
  },
  {
    id: "cli-access",
    sentence: "A command that reads changes no byte",
    format: null,
    test: "tests/cli/contents_test.ts: ACCESS read means that no byte changes",
  },
  {
    id: "cli-index-unasked",
    sentence: "Verifying, doctor and the law in force are the same whatever the index says",
    format: null,
    test: "tests/cli/lying_index_test.ts: verify, doctor and the law in force are the same",
  },
  {
    id: "cli-find",
    sentence: "What finds by the index makes it where there is none, and changes nothing else",
    format: null,
    test: "tests/cli/contents_test.ts: ACCESS find means that the index is brought up to date",
  },
  {
    id: "cli-verify",
    sentence: "One command verifies whatever is named and does not guess what it is",
    format: null,
    test: "tests/cli/verify_test.ts: verify does not guess what fits several kinds, or none",
  },
  {
    id: "cli-verify-skillset",
    sentence: "An installed SkillSet is held against its last record on the chain",
    format: "skillsets.md#records",
    test: "tests/cli/verify_test.ts: verify holds an installed SkillSet against its record",
  },
  {
    id: "cli-confirm",
    sentence: "What takes something away asks a person and nobody else",
    format: null,
    test: "tests/cli/knowledge_test.ts: knowledge delete asks a person and nobody else",
  },
  {
    id: "cli-completions-safe",
    sentence: "Completions hold no hidden character and no name that a shell would read otherwise",
    format: null,
    test:
      "tests/cli/completions_test.ts: __complete never proposes hidden characters or what would be",
  },
  {
    id: "cli-passphrase-terminal",
    sentence: "A passphrase is read from a terminal only, and nothing typed is shown",
    format: "approvers.md#what-this-stops",
    test:
      "tests/cli/approver_test.ts: approver: no passphrase is read from anywhere but a terminal",
  },
  {
    id: "cli-decide",
    sentence: "At the terminal a person decides about the law, and no option or pipe does",
    format: "evolution.md#decisions",
    test:
      "tests/cli/law_test.ts: proposals: a person decides at the terminal, and nothing else does",
    deviation: "In the existing implementation the agent says approved: true",
  },
  {
    id: "cli-decide-keys",
    sentence: "Where there are approvers the passphrase of a key decides, and nothing else",
    format: "approvers.md#decision-text",
    test:
      "tests/cli/law_test.ts: proposals approve signs with the keys of the approvers, and only so",
  },
  {
    id: "cli-law-shown",
    sentence:
      "Status, doctor and verify show the law in force, undecided edits and what does not fit",
    format: "evolution.md#law-in-force",
    test:
      "tests/cli/law_test.ts: status, doctor and chain verify show the law in force and what does not fit",
  },
  {
    id: "cli-pin",
    sentence: "A pin reaches every command: other approvers stop every change of the law",
    format: "approvers.md#pin",
    test:
      "tests/cli/law_test.ts: a pin of other approvers stops every change of the law, through any command",
  },
  {
    id: "cli-skillset",
    sentence: "The commands for SkillSets tell what they did, for people and for programs",
    format: null,
    test: "tests/cli/skillset_test.ts: skillset install, list, info, disable, enable and remove",
  },
  {
    id: "cli-install-archive-refuses",
    sentence:
      "A package that is refused ends in exit code 5, with its reason and without control characters",
    format: "skillsets.md#archive",
    test: "tests/cli/skillset_test.ts: install-archive refuses with exit code 5",
  },
  {
    id: "cli-skillset-broken",
    sentence: "A broken SkillSet stops no other command",
    format: "skillsets.md#installed",
    test: "tests/cli/skillset_test.ts: a SkillSet that is broken stops no other command",
  },
  {
    id: "cli-skillset-upgrade",
    sentence: "Upgrades are shown as differences first and made when that is said",
    format: "skillsets.md#upgrades",
    test: "tests/cli/skillset_test.ts: skillset upgrade shows what ships, and makes the change",
  },
  {
    id: "cli-skillset-decision",
    sentence: "What is to be done with an L0 SkillSet becomes a proposal, and the answer says so",
    format: "skillsets.md#decisions",
    test: "tests/cli/skillset_test.ts: skillset disable and remove of L0 make a proposal",
  },
  {
    id: "cli-skillset-diff",
    sentence: "What a package would change can be seen before it is installed",
    format: null,
    test: "tests/cli/skillset_test.ts: skillset diff compares folders, packages",
  },
  {
    id: "cli-foreign-text",
    sentence: "What somebody else wrote has no power over a screen, also where a report is piped",
    format: null,
    test: "tests/cli/skillset_test.ts: what somebody else wrote has no power over a screen",
  },
  {
    id: "cli-pages",
    sentence: "Long output stops at every page of a terminal, and nowhere else",
    format: null,
    test: "tests/cli/pager_test.ts: long output stops at every page of a terminal, and only there",
  },
  {
    id: "cli-sign-elsewhere",
    sentence: "Two people decide on two machines with their keys, and no one of them alone",
    format: "approvers.md#signing-elsewhere",
    test: "tests/cli/signing_test.ts: approver sign: two people decide on two machines",
  },
  {
    id: "cli-state-commits",
    sentence: "The status and the doctor tell of the last state commit and what changed since",
    format: "state.md#pending-changes",
    test: "tests/cli/state_test.ts: status and doctor tell of state commits",
  },
  {
    id: "cli-sides",
    sentence: "Whoever decides sees in what two values differ, however long they are",
    format: "evolution.md#proposals",
    test: "tests/cli/proposal_view_test.ts: diffText() lets two values look different",
  },
  {
    id: "doctor-drift",
    sentence: "Doctor names the entries whose documents are not what their newest records say",
    format: "chain.md#records",
    test:
      "tests/cli/look_test.ts: doctor names the entries that were edited since their last record",
  },
];
