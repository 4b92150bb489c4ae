/** Promises about the law in force, tested in tests/evolution, tests/crash and tests/e2e. */

import type { Requirement } from "./requirement.ts";

const AGENT = "tests/evolution/agent_test.ts" as const;
const APPROVER = "tests/evolution/agent_approver_test.ts" as const;
const POINTER = "tests/evolution/agent_pointer_test.ts" as const;
const UNSEEN =
  "Without a pin, or a copy elsewhere, neither doctor nor verify can tell: the other chain is whole";
const EVOLUTION = "tests/evolution/evolution_test.ts";

/** The rows. */
export const ROWS: readonly Requirement[] = [
  {
    id: "law-decided",
    sentence:
      "The law changes by a proposal, a person's decision and its application, each recorded",
    format: "evolution.md#decisions",
    test: `${EVOLUTION}: Evolution carries a change from proposal to law`,
    deviation: "The existing implementation takes the agent's word that somebody approved",
  },
  {
    id: "law-foreign",
    sentence: "A law in Ruby beside a law of kairos is named and not obeyed",
    format: "evolution.md#law-in-force",
    test: "tests/cli/law_test.ts: status, doctor and chain verify show the law in force and what",
  },
  {
    id: "law-on-the-chain",
    sentence: "Each record of the law is told by its type and by what it did",
    format: "evolution.md#records",
    test: "tests/cli/law_test.ts: status, doctor and chain verify show the law in force and what",
  },
  {
    id: "law-converted-rules",
    sentence: "Who converts a law in Ruby is told which rules hold, since none of it becomes them",
    format: "ruby_law.md#what-is-lost",
    test: "tests/cli/law_test.ts: skills convert proposes a law in Ruby and tells what is lost",
  },
  {
    id: "law-once",
    sentence: "An instance begins with a law once",
    format: "evolution.md#law-in-force",
    test: `${EVOLUTION}: Evolution.begin() begins once in the life of an instance`,
  },
  {
    id: "law-checks",
    sentence: "What a mechanical check finds is refused before anything is recorded",
    format: "evolution.md#checks",
    test: `${EVOLUTION}: Evolution.propose() refuses what a mechanical check finds`,
    deviation: "The existing implementation looks at deny :all only",
  },
  {
    id: "law-immutable",
    sentence: "No kind of change touches an immutable skill; the way leads over the list",
    format: "evolution.md#checks",
    test: "tests/evolution/immutable_test.ts: no kind of change touches an immutable skill",
  },
  {
    id: "law-one-skill",
    sentence: "A definition of one skill that defines another is refused",
    format: "evolution.md#kinds",
    test: `${EVOLUTION}: Evolution.propose() refuses a definition that smuggles in another skill`,
  },
  {
    id: "law-origin",
    sentence: "What came from a peer or an import never becomes law",
    format: "evolution.md#checks",
    test: `${EVOLUTION}: Evolution keeps content of peers and imports out of the law`,
  },
  {
    id: "law-origin-peer",
    sentence: "What a peer gave never becomes law, also under another name or as a definition",
    format: "evolution.md#checks",
    test: "tests/server/promote_origin_test.ts: what a peer gave never becomes law",
    deviation: "The existing implementation does not look where knowledge comes from",
  },
  {
    id: "law-origin-import",
    sentence: "What was imported never becomes law, also as a copy",
    format: "evolution.md#checks",
    test: "tests/server/promote_origin_test.ts: what was imported never becomes law",
  },
  {
    id: "law-limit",
    sentence: "The limit of changes counts by principal across processes",
    format: "evolution.md#limits",
    test: `${EVOLUTION}: Evolution counts changes of a principal across processes`,
    deviation: "The existing implementation counts per process",
  },
  {
    id: "law-config",
    sentence: "The configuration tightens the law and never loosens it",
    format: "evolution.md#what-the-law-asks",
    test: `${EVOLUTION}: config.yml tightens the law and never loosens it`,
  },
  {
    id: "law-adopt",
    sentence: "An edit of the working copy is obeyed only once a person decided it",
    format: "evolution.md#law-in-force",
    test: `${EVOLUTION}: Evolution.adopt() turns an edit of the working copy into a proposal`,
  },
  {
    id: "law-edits-kept",
    sentence: "An edit of the working copy that a change replaces is kept",
    format: "evolution.md#law-in-force",
    test: `${EVOLUTION}: Evolution.apply() keeps an edit of the working copy that is in its way`,
  },
  {
    id: "law-versions",
    sentence: "Snapshots never overwrite each other, and only a proven one is gone back to",
    format: "evolution.md#versions",
    test: "tests/evolution/versions_test.ts: Evolution.snapshot() never overwrites a snapshot",
    deviation: "The existing implementation overwrites snapshots of the same second",
  },
  ...([
    ["approved", "that says approved changes nothing"],
    ["expired", "cannot use a decision that has expired"],
    ["document", "cannot stretch the time or the content of what was decided"],
    ["note", "cannot note a decision nobody made"],
    ["base", "cannot apply what rests on a law that has changed"],
    ["snapshot", "cannot go back to a snapshot it poisoned"],
    ["source", "that writes kairos.ts directly is reported and not obeyed"],
    ["pointer", "that writes law.json directly is reported and not obeyed", POINTER],
    ["records", "that forges records and law.json is not obeyed", POINTER],
    ["one-key", "with one of two keys the law asks for decides nothing", POINTER],
    [
      "pointer-later",
      "that brings an earlier law.json back many blocks later changes nothing",
      POINTER,
    ],
    ["replay", "cannot use a decision twice"],
    ["sign", "cannot decide where an approver has to sign", APPROVER],
    ["approvers", "that rewrites the list of approvers is reported and not obeyed", APPROVER],
    ["approvers-later", "that hides approvers behind many blocks decides nothing", APPROVER],
    ["forged", "that forges a decision on the chain is found out", APPROVER],
    ["pin", "that rewrites the whole chain is stopped by a pin", APPROVER, UNSEEN],
  ] as readonly (readonly [string, string, (typeof APPROVER | typeof POINTER)?, string?])[]).map((
    [id, what, file = AGENT, deviation],
  ): Requirement => ({
    id: `law-agent-${id}`,
    sentence: `An agent ${what}`,
    format: "evolution.md#what-this-stops-and-what-it-does-not",
    test: `${file}: an agent ${what}`,
    ...deviation === undefined ? {} : { deviation },
  })),
  {
    id: "law-required",
    sentence: "As many approvers sign as the law before asks for, and of fewer approvers all",
    format: "evolution.md#decisions",
    test:
      `${POINTER}: a law asks for as many signatures as it says, and of fewer approvers for all`,
  },
  {
    id: "law-lost",
    sentence: "What was lost of an earlier law is reported, and keeps nobody from going on",
    format: "evolution.md#audit",
    test: "tests/evolution/lost_objects_test.ts: what was lost of an earlier law is reported",
  },
  {
    id: "law-walk",
    sentence:
      "A change of the law reads the whole chain once in a process, and then what was added",
    format: "evolution.md#law-in-force",
    test: "tests/evolution/law_walk_test.ts: LawWalk reads the chain once, and then what was added",
  },
  {
    id: "law-approvers-reset",
    sentence: "A reset gets a person out, and what was decided before it stays law",
    format: "approvers.md#approvers-json",
    test: `${APPROVER}: a person gets out by a reset, whatever became of the list of approvers`,
  },
  {
    id: "law-unit",
    sentence: "A change of the law and its record are both there or neither",
    format: "entries.md#a-change-and-its-record",
    test: "tests/crash/evolution_test.ts: a change of the law and its record are both there or",
  },
  {
    id: "law-kill",
    sentence: "Law, snapshots, chain and proposals agree after every kill -9",
    format: "evolution.md#law-in-force",
    test:
      "tests/e2e/law_kill_test.ts: law, snapshots, chain and proposals agree after every kill -9",
  },
  {
    id: "law-shown-terminal",
    sentence: "At the terminal exactly what was shown is decided",
    format: "evolution.md#decisions",
    test: "tests/cli/law_test.ts: proposals: what the terminal showed is decided",
  },
  {
    id: "law-shown-honest",
    sentence: "A document that shows something else than it would change cannot be decided",
    format: "evolution.md#proposals",
    test: "tests/evolution/agent_test.ts: an agent cannot let a person see something else",
  },
  {
    id: "law-approver-first",
    sentence: "Who becomes approver first is stopped by a pin, and shows without one",
    format: "approvers.md#what-this-stops",
    test:
      "tests/evolution/agent_approver_test.ts: an agent that becomes approver first is stopped by a pin",
  },
];
