/**
 * What can follow on a command line.
 *
 * @module
 */

import type { CliCommand } from "../command.ts";
import { commandOf, type CommandPath, COMMANDS, GROUPS } from "../contents.ts";
import { RESERVED_TYPES } from "../../core/record_guard.ts";
import { kebab } from "../help.ts";
import { STATES } from "../proposal_view.ts";
import { AGENT_SKILLS, LAYERS, VERIFY_KIND_NAMES } from "../parameters.ts";
import type { Candidates } from "./candidates.ts";
import { SHELLS } from "./scripts.ts";

/** One thing that can follow. */
export interface Candidate {
  /** The whole word. */
  readonly word: string;
  /** What it is, a few words, or nothing. */
  readonly about: string;
}

/** What can follow. */
export interface Proposal {
  /** The words. */
  readonly candidates: readonly Candidate[];
  /** What the shell itself is to complete: names of files or folders, or nothing. */
  readonly names: "none" | "files" | "folders";
}

/** The options every command has. */
const COMMON: readonly Candidate[] = [
  { word: "--json", about: "Print JSON, errors too" },
  { word: "--data-dir", about: "Data directory" },
  { word: "--no-pager", about: "Do not stop at every page" },
  { word: "--help", about: "Explain and exit" },
];

/** Options of a command by the names people type; text for one that takes a value. */
type Options = ReadonlyMap<string, { readonly value: string | null; readonly brief: string }>;

/**
 * Proposes what can follow.
 *
 * @param words The finished words after the program's name, without `--data-dir` and its folder
 * @param current The word that is being typed; may be empty
 * @param from Where names come from
 * @returns What can follow; whether it begins with `current` is for the caller to see
 * @throws {KairosError} when there is no data directory to find names in
 */
export async function propose(
  words: readonly string[],
  current: string,
  from: Candidates,
): Promise<Proposal> {
  if (words[0] === "help") {
    const topics = commandsBelow(words.slice(1));
    return only(
      words.length > 1 ? topics : [...topics, { word: "exit-codes", about: "What they mean" }],
    );
  }
  const path = commandOf(words);
  if (path === null) {
    return only(current.startsWith("-") && words.length === 0 ? COMMON : commandsBelow(words));
  }
  const { command } = (await COMMANDS[path].load()).default;
  return await proposeFor(path, command, words.slice(path.split(" ").length), current, from);
}

/** Commands and groups, or the commands of a group. */
function commandsBelow(words: readonly string[]): Candidate[] {
  const all = Object.entries(COMMANDS).map(([word, { brief }]) => ({ word, about: brief }));
  const [group, ...more] = words;
  if (more.length > 0) return [];
  if (group !== undefined) {
    return all.filter(({ word }) => word.startsWith(`${group} `))
      .map(({ word, about }) => ({ word: word.slice(group.length + 1), about }));
  }
  const groups = Object.entries(GROUPS).map(([word, { brief }]) => ({ word, about: brief }));
  return [...all.filter(({ word }) => !word.includes(" ")), ...groups];
}

async function proposeFor(
  path: CommandPath,
  { parameters }: CliCommand["command"],
  words: readonly string[],
  current: string,
  from: Candidates,
): Promise<Proposal> {
  const options: Options = new Map(
    Object.entries(parameters.flags ?? {}).map(([name, flag]) => [`--${kebab(name)}`, {
      value: flag.kind === "boolean" ? null : flag.placeholder ?? "",
      brief: flag.brief,
    }]),
  );
  const placeholders = parameters.positional?.kind === "array"
    ? parameters.positional.parameter.placeholder ?? ""
    : (parameters.positional?.parameters ?? []).map(({ placeholder }) => placeholder ?? "");
  const placeholderAt = (at: number) =>
    typeof placeholders === "string" ? placeholders.split(" ")[at] ?? "" : placeholders[at] ?? "";
  const { given, open, literal } = understood(words, options, placeholderAt);
  if (open !== null) return await valuesOf(open, path, given, from);
  const assigned = /^(--[a-z-]+)=/.exec(current)?.[1];
  if (assigned !== undefined && !literal) {
    const value = options.get(assigned)?.value ?? "";
    const { candidates, names } = await valuesOf(value, path, given, from);
    const whole = candidates.map(({ word, about }) => ({ word: `${assigned}=${word}`, about }));
    return { candidates: whole, names };
  }
  if (current.startsWith("-") && !literal) {
    const own = [...options].filter(([word]) => !words.includes(word))
      .map(([word, { brief }]) => ({ word, about: brief }));
    return only([...own, ...COMMON]);
  }
  const found = await valuesOf(placeholderAt(given.count), path, given, from);
  // Behind no `--` they would be read as options.
  const safe = found.candidates.filter(({ word }) => literal || !word.startsWith("-"));
  return { candidates: safe, names: found.names };
}

/** What stands on the line already. */
interface Given {
  /** Number of arguments. */
  readonly count: number;
  /** Id of the session, or nothing. */
  readonly session: string;
}

function understood(
  words: readonly string[],
  options: Options,
  placeholderAt: (at: number) => string,
): { given: Given; open: string | null; literal: boolean } {
  let count = 0;
  let session = "";
  let open: string | null = null;
  let literal = false;
  const take = (placeholder: string, value: string) => {
    if (placeholder === "SESSION") session = value;
  };
  for (const word of words) {
    const [, name = "", value] = /^(--[a-z-]+)(?:=([^]*))?$/.exec(word) ?? [];
    if (open !== null) {
      take(open, word);
      open = null;
    } else if (literal || !word.startsWith("-") || word === "-") take(placeholderAt(count++), word);
    else if (word === "--") literal = true;
    else if (value !== undefined) take(options.get(name)?.value ?? "", value);
    else open = options.get(name)?.value ?? null;
  }
  return { given: { count, session }, open, literal };
}

/** What can stand for a placeholder. */
async function valuesOf(
  placeholder: string,
  path: CommandPath,
  { session }: Given,
  from: Candidates,
): Promise<Proposal> {
  const plain = (words: readonly string[]) => only(words.map((word) => ({ word, about: "" })));
  switch (placeholder) {
    case "NAME":
      return plain(
        path.startsWith("context ")
          ? from.contexts(session)
          : path === "package" || path.startsWith("skillset ")
          ? from.skillSets()
          : path === "knowledge show"
          ? await from.readable()
          : from.entries(path === "knowledge unarchive"),
      );
    case "SESSION":
      return plain(from.sessions());
    case "COMMIT":
      return plain(from.commits());
    case "TOOL":
      return only((await from.tools()).map(({ name, title }) => ({ word: name, about: title })));
    case "PEER":
      return only(await from.peers());
    case "PROPOSAL":
      return plain(from.proposals());
    case "SKILL":
      return plain(from.skills());
    case "SNAPSHOT":
      return plain(from.snapshots());
    case "STATE":
      return plain(STATES);
    case "SHELL":
      return plain(SHELLS);
    case "LAYER":
      return plain(LAYERS);
    case "KIND":
      return plain(VERIFY_KIND_NAMES);
    case "FORMAT":
      return plain([AGENT_SKILLS]);
    case "TYPE":
      return plain(RESERVED_TYPES);
    case "FILE":
      return { candidates: [], names: "files" };
    case "DIR":
      return { candidates: [], names: "folders" };
    default:
      return { candidates: [], names: "none" };
  }
}

function only(candidates: readonly Candidate[]): Proposal {
  return { candidates, names: "none" };
}
