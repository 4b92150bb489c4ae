/**
 * The table of contents: every command, what it is for, and where it is.
 *
 * Nothing of a command is loaded before it is chosen.
 *
 * @module
 */

import type { CliCommand, Example } from "./command.ts";

/** One command in the table. */
export interface Content {
  /** What it is for, one line. */
  readonly brief: string;
  /** Loads it. */
  load(): Promise<{ readonly default: CliCommand }>;
}

/** A group of commands. */
export interface Group {
  /** What it is about, one line. */
  readonly brief: string;
  /** Calls that work. */
  readonly examples: readonly Example[];
}

/** Groups of commands by their first word. */
export const GROUPS = {
  chain: {
    brief: "The chain: look, verify, record, repair",
    examples: [
      { call: "chain log --limit 5", does: "What happened last" },
      { call: "chain verify", does: "Check that nothing was altered" },
    ],
  },
  knowledge: {
    brief: "Project knowledge, layer L1: every change is on the chain",
    examples: [
      { call: "knowledge set notes notes.md", does: "Publish a document" },
      { call: "knowledge diff notes", does: "What the last change did" },
    ],
  },
  context: {
    brief: "Session context, layer L2: notes of work in progress",
    examples: [
      { call: "context list", does: "The sessions" },
      { call: "context save plan plan.md --session work", does: "Keep a note" },
    ],
  },
  skillset: {
    brief: "SkillSets: knowledge in packages, safe to take from strangers",
    examples: [
      { call: "skillset install ./my_pack", does: "Install a folder" },
      { call: "skillset info my_pack", does: "What is in it" },
    ],
  },
  state: {
    brief: "State commits: what all layers hold at one moment",
    examples: [
      { call: 'state commit "Before the rewrite"', does: "A point to come back to" },
      { call: "state restore last --dry-run", does: "What going back would do" },
    ],
  },
  objects: {
    brief: "Stored versions",
    examples: [{ call: "objects gc --dry-run", does: "What nothing refers to any more" }],
  },
  skills: {
    brief: "The law, layer L0: skills in force, versions, changes to propose",
    examples: [
      { call: "skills list", does: "The skills in force" },
      { call: "skills verify", does: "Whether their statements hold" },
      { call: "skills adopt", does: "Propose what you edited in skills/kairos.ts" },
    ],
  },
  proposals: {
    brief: "Proposals: changes of the law that wait for a person",
    examples: [
      { call: "proposals list --state pending", does: "What waits for you" },
      { call: "proposals approve 0a1b2c3d", does: "Look at it, decide, put it in force" },
    ],
  },
  peers: {
    brief: "Peers: the instances this one knows",
    examples: [
      { call: "peers list", does: "Whom this instance knows" },
      { call: "peers trust 0123456789abcdef", does: "Its key is the right one" },
    ],
  },
  protocol: {
    brief: "The protocol of meetings: what this instance speaks, and definitions from elsewhere",
    examples: [
      { call: "protocol list", does: "What this instance speaks" },
      { call: "protocol adopt debate.md", does: "Propose to take a definition over" },
    ],
  },
  approver: {
    brief: "Approvers: whose keys sign decisions about the law",
    examples: [
      { call: "approver init", does: "Make your key; from then on it decides" },
      { call: "approver show", does: "Who decides, and the fingerprint to pin" },
    ],
  },
  identity: {
    brief: "Identity: who this instance is to others",
    examples: [{ call: "identity show", does: "Its id and the fingerprint of its key" }],
  },
} as const satisfies Record<string, Group>;

/** Every command by its words, in the order help shows them. */
export const COMMANDS = {
  start: {
    brief: "Begin: make a data directory if there is none, and serve it",
    load: () => import("./commands/start.ts"),
  },
  init: {
    brief: "Make a data directory, or complete one",
    load: () => import("./commands/init.ts"),
  },
  serve: {
    brief: "Serve MCP over standard input and output, or over HTTP",
    load: () => import("./commands/serve.ts"),
  },
  status: {
    brief: "Show the state of the data directory",
    load: () => import("./commands/status.ts"),
  },
  "chain status": {
    brief: "Show length and last block",
    load: () => import("./commands/chain/status.ts"),
  },
  "chain verify": {
    brief: "Verify every block",
    load: () => import("./commands/chain/verify.ts"),
  },
  "chain log": {
    brief: "List blocks, newest first",
    load: () => import("./commands/chain/log.ts"),
  },
  "chain show": {
    brief: "Show one block",
    load: () => import("./commands/chain/show.ts"),
  },
  "chain record": {
    brief: "Put a text on the chain",
    load: () => import("./commands/chain/record.ts"),
  },
  "chain repair": {
    brief: "Go on with the intact part of a damaged chain",
    load: () => import("./commands/chain/repair.ts"),
  },
  "knowledge list": {
    brief: "List the entries",
    load: () => import("./commands/knowledge/list.ts"),
  },
  "knowledge search": {
    brief: "Search knowledge, contexts and law",
    load: () => import("./commands/knowledge/search.ts"),
  },
  "knowledge show": {
    brief: "Print an entry, present or past",
    load: () => import("./commands/knowledge/show.ts"),
  },
  "knowledge set": {
    brief: "Make an entry or replace its document",
    load: () => import("./commands/knowledge/set.ts"),
  },
  "knowledge delete": {
    brief: "Remove an entry; its versions stay",
    load: () => import("./commands/knowledge/delete.ts"),
  },
  "knowledge archive": {
    brief: "Take an entry out of use",
    load: () => import("./commands/knowledge/archive.ts"),
  },
  "knowledge unarchive": {
    brief: "Bring an archived entry back",
    load: () => import("./commands/knowledge/unarchive.ts"),
  },
  "knowledge history": {
    brief: "List the versions of an entry: who made them, and whether they are kept",
    load: () => import("./commands/knowledge/history.ts"),
  },
  "knowledge diff": {
    brief: "Compare versions of an entry",
    load: () => import("./commands/knowledge/diff.ts"),
  },
  "knowledge restore": {
    brief: "Publish a past version again",
    load: () => import("./commands/knowledge/restore.ts"),
  },
  history: {
    brief: "List the versions of an entry: who made them, and whether they are kept",
    load: () => import("./commands/history.ts"),
  },
  blame: {
    brief: "Show who brought each line of an entry",
    load: () => import("./commands/blame.ts"),
  },
  "context list": {
    brief: "List the sessions, or the contexts of one",
    load: () => import("./commands/context/list.ts"),
  },
  "context show": {
    brief: "Print a context",
    load: () => import("./commands/context/show.ts"),
  },
  "context save": {
    brief: "Save a context",
    load: () => import("./commands/context/save.ts"),
  },
  "context delete": {
    brief: "Remove a context, or a whole session",
    load: () => import("./commands/context/delete.ts"),
  },
  "skillset list": {
    brief: "List the SkillSets",
    load: () => import("./commands/skillset/list.ts"),
  },
  "skillset info": {
    brief: "Show a SkillSet and what is in it",
    load: () => import("./commands/skillset/info.ts"),
  },
  "skillset install": {
    brief: "Install a SkillSet from a folder",
    load: () => import("./commands/skillset/install.ts"),
  },
  "skillset upgrade": {
    brief: "Compare SkillSets with the versions that ship, and upgrade them",
    load: () => import("./commands/skillset/upgrade.ts"),
  },
  "skillset enable": {
    brief: "Bring a SkillSet into use",
    load: () => import("./commands/skillset/enable.ts"),
  },
  "skillset disable": {
    brief: "Take a SkillSet out of use",
    load: () => import("./commands/skillset/disable.ts"),
  },
  "skillset share": {
    brief: "Offer a SkillSet to other instances",
    load: () => import("./commands/skillset/share.ts"),
  },
  "skillset unshare": {
    brief: "Stop offering a SkillSet to other instances",
    load: () => import("./commands/skillset/unshare.ts"),
  },
  "skillset remove": {
    brief: "Remove a SkillSet; its files stay as objects",
    load: () => import("./commands/skillset/remove.ts"),
  },
  "skillset diff": {
    brief: "Compare folders, packages and installed SkillSets",
    load: () => import("./commands/skillset/diff.ts"),
  },
  "skillset import": {
    brief: "Take an Agent Skill over as a SkillSet",
    load: () => import("./commands/skillset/import.ts"),
  },
  "skillset export": {
    brief: "Write a SkillSet as Agent Skills",
    load: () => import("./commands/skillset/export.ts"),
  },
  "skillset key": {
    brief: "Show the key that signs your packages",
    load: () => import("./commands/skillset/key.ts"),
  },
  "skillset package": {
    brief: "Pack a SkillSet for others",
    load: () => import("./commands/skillset/package.ts"),
  },
  "skillset install-archive": {
    brief: "Install a package somebody sent",
    load: () => import("./commands/skillset/install_archive.ts"),
  },
  package: {
    brief: "Pack a SkillSet for others",
    load: () => import("./commands/package.ts"),
  },
  "install-archive": {
    brief: "Install a package somebody sent",
    load: () => import("./commands/install_archive.ts"),
  },
  verify: {
    brief: "Verify a package, an installed SkillSet, or this instance",
    load: () => import("./commands/verify.ts"),
  },
  "state status": {
    brief: "Show what changed since the last state commit",
    load: () => import("./commands/state/status.ts"),
  },
  "state commit": {
    brief: "Commit what all layers hold now",
    load: () => import("./commands/state/commit.ts"),
  },
  "state history": {
    brief: "List the state commits, or print one",
    load: () => import("./commands/state/history.ts"),
  },
  "state diff": {
    brief: "Compare state commits, or one with the present",
    load: () => import("./commands/state/diff.ts"),
  },
  "state restore": {
    brief: "Bring back what a state commit holds",
    load: () => import("./commands/state/restore.ts"),
  },
  "objects gc": {
    brief: "Remove stored versions nothing refers to",
    load: () => import("./commands/objects/gc.ts"),
  },
  "skills list": {
    brief: "List the skills of the law in force",
    load: () => import("./commands/skills/list.ts"),
  },
  "skills show": {
    brief: "Print a skill, or the whole law",
    load: () => import("./commands/skills/show.ts"),
  },
  "skills verify": {
    brief: "Judge every statement of the law by what the instance says about itself",
    load: () => import("./commands/skills/verify.ts"),
  },
  "skills propose": {
    brief: "Propose a new or changed skill",
    load: () => import("./commands/skills/propose.ts"),
  },
  "skills adopt": {
    brief: "Propose the law as you edited it",
    load: () => import("./commands/skills/adopt.ts"),
  },
  "skills convert": {
    brief: "Propose a law written in Ruby",
    load: () => import("./commands/skills/convert.ts"),
  },
  "skills versions": {
    brief: "List the kept versions of the law",
    load: () => import("./commands/skills/versions.ts"),
  },
  "skills diff": {
    brief: "Compare versions of the law",
    load: () => import("./commands/skills/diff.ts"),
  },
  "skills rollback": {
    brief: "Propose an earlier version of the law",
    load: () => import("./commands/skills/rollback.ts"),
  },
  "skills snapshot": {
    brief: "Keep a copy of the law in force",
    load: () => import("./commands/skills/snapshot.ts"),
  },
  "proposals list": {
    brief: "List proposals and how far they have come",
    load: () => import("./commands/proposals/list.ts"),
  },
  "proposals show": {
    brief: "Show what a proposal would change",
    load: () => import("./commands/proposals/show.ts"),
  },
  "proposals approve": {
    brief: "Say yes to a proposal and put it in force",
    load: () => import("./commands/proposals/approve.ts"),
  },
  "proposals reject": {
    brief: "Say no to a proposal",
    load: () => import("./commands/proposals/reject.ts"),
  },
  "proposals export": {
    brief: "Print a proposal for an approver on another machine",
    load: () => import("./commands/proposals/export.ts"),
  },
  "proposals apply": {
    brief: "Put an approved proposal in force",
    load: () => import("./commands/proposals/apply.ts"),
  },
  "approver init": {
    brief: "Make an approver key, the first of this instance",
    load: () => import("./commands/approver/init.ts"),
  },
  "approver show": {
    brief: "Show who decides, and the fingerprint to pin",
    load: () => import("./commands/approver/show.ts"),
  },
  "approver add": {
    brief: "Add somebody's key to the approvers",
    load: () => import("./commands/approver/add.ts"),
  },
  "approver remove": {
    brief: "Remove a key from the approvers",
    load: () => import("./commands/approver/remove.ts"),
  },
  "approver reset": {
    brief: "Begin anew without the approvers, visibly for ever",
    load: () => import("./commands/approver/reset.ts"),
  },
  "approver passphrase": {
    brief: "Change the passphrase of a key",
    load: () => import("./commands/approver/passphrase.ts"),
  },
  "approver recover": {
    brief: "Set a new passphrase with the recovery code",
    load: () => import("./commands/approver/recover.ts"),
  },
  "approver sign": {
    brief: "Sign a decision about an instance that is elsewhere",
    load: () => import("./commands/approver/sign.ts"),
  },
  "approver export-key": {
    brief: "Print your public key for another approver",
    load: () => import("./commands/approver/export_key.ts"),
  },
  "identity show": {
    brief: "Show who this instance is to other instances",
    load: () => import("./commands/identity/show.ts"),
  },
  "identity export": {
    brief: "Print the public key and the signed identity",
    load: () => import("./commands/identity/export.ts"),
  },
  meet: {
    brief: "Meet another instance: who it is, what it offers, take something of it",
    load: () => import("./commands/meet.ts"),
  },
  "peers list": {
    brief: "List the instances this one knows",
    load: () => import("./commands/peers/list.ts"),
  },
  "peers show": {
    brief: "Show what is known of one",
    load: () => import("./commands/peers/show.ts"),
  },
  "peers trust": {
    brief: "Say that a key is the right one",
    load: () => import("./commands/peers/trust.ts"),
  },
  "peers forget": {
    brief: "Forget one and begin anew with it",
    load: () => import("./commands/peers/forget.ts"),
  },
  "peers block": {
    brief: "Turn one away",
    load: () => import("./commands/peers/block.ts"),
  },
  "peers token": {
    brief: "Print a session token for curl",
    load: () => import("./commands/peers/token.ts"),
  },
  "protocol list": {
    brief: "List the definitions that count, and what was left out",
    load: () => import("./commands/protocol/list.ts"),
  },
  "protocol evaluate": {
    brief: "Judge a definition without keeping anything",
    load: () => import("./commands/protocol/evaluate.ts"),
  },
  "protocol propose": {
    brief: "Print what is said of a definition to propose it to others",
    load: () => import("./commands/protocol/propose.ts"),
  },
  "protocol adopt": {
    brief: "Propose to adopt a definition",
    load: () => import("./commands/protocol/adopt.ts"),
  },
  call: {
    brief: "Call a tool as an agent would",
    load: () => import("./commands/call.ts"),
  },
  doctor: {
    brief: "Look for what is wrong and say how to mend it",
    load: () => import("./commands/doctor.ts"),
  },
  completions: {
    brief: "Print the script that completes commands in a shell",
    load: () => import("./commands/completions.ts"),
  },
  version: {
    brief: "Print the version",
    load: () => import("./commands/version.ts"),
  },
  help: {
    brief: "Explain a command, or `help exit-codes`",
    load: () => import("./commands/help.ts"),
  },
} as const satisfies Record<string, Content>;

/** The words of a command. */
export type CommandPath = keyof typeof COMMANDS;

/**
 * Which command a call names.
 *
 * @param words The arguments
 * @returns Its words, or `null` when they name none
 */
export function commandOf(words: readonly string[]): CommandPath | null {
  const path = Object.hasOwn(GROUPS, words[0] ?? "") ? `${words[0]} ${words[1]}` : words[0] ?? "";
  return Object.hasOwn(COMMANDS, path) ? path as CommandPath : null;
}
