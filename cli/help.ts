/**
 * Help: examples first, then the details.
 *
 * @module
 */

import type { CliCommand, Example } from "./command.ts";
import { type CommandPath, COMMANDS, GROUPS } from "./contents.ts";
import { padTo, widthOf } from "../core/text_width.ts";

type Row = readonly [name: string, brief: string];

/** Longest line of prose, in characters. */
const LINE = 88;

/** The options every command has. */
const COMMON: readonly Row[] = [
  ["--json", "Print JSON, errors too"],
  ["--data-dir DIR", "Data directory; else KAIROS_DATA_DIR, else the nearest .kairos upwards"],
  ["--no-pager", "Do not stop at every page of a terminal"],
  ["-h, --help", "Explain and exit"],
];

/**
 * Help for the whole program.
 *
 * @returns The text
 */
export function overview(): string {
  const commands = Object.entries(COMMANDS).filter(([path]) => !path.includes(" "));
  const groups = Object.keys(GROUPS) as (keyof typeof GROUPS)[];
  return "kairos keeps a governed memory for AI agents: knowledge whose every change is on a " +
    "tamper-evident chain.\n" +
    section("EXAMPLES", [
      ["kairos start", "Begin here: makes ./.kairos and serves it"],
      ["kairos knowledge set notes notes.md", "Publish a document"],
      ["kairos history notes", "What changed, who did it, why"],
      ["kairos chain verify", "Check that nothing was altered"],
    ]) +
    section("COMMANDS", [
      ...commands.map(([path, { brief }]): Row => [path, brief]),
    ]) +
    section(
      "GROUPS",
      groups.map((name): Row => [name, `${GROUPS[name].brief} (${subcommands(name)})`]),
    ) +
    section("OPTIONS", [["-v, --version", "Print the version"], ...COMMON]) +
    "\nWithout a command, JSON-RPC on standard input is served as by `kairos serve`.\n" +
    "Explain a command: kairos help COMMAND. Exit codes: kairos help exit-codes.\n";
}

/**
 * Help for a group of commands.
 *
 * @param group Its name
 * @returns The text
 */
export function groupHelp(group: keyof typeof GROUPS): string {
  const rows = Object.entries(COMMANDS).filter(([path]) => path.startsWith(`${group} `))
    .map(([path, { brief }]): Row => [`kairos ${path}`, brief]);
  const { brief, examples } = GROUPS[group];
  return `${brief}\n` + exampleSection(examples) + section("COMMANDS", rows) +
    section("OPTIONS", COMMON) +
    `\nExplain a command: kairos help ${group} COMMAND\n`;
}

/**
 * Help for one command.
 *
 * @param path Its words
 * @param chosen The command
 * @returns The text
 */
export function commandHelp(path: CommandPath, chosen: CliCommand): string {
  const { flags = {}, positional } = chosen.command.parameters;
  const options = Object.entries(flags).map(([name, flag]): Row => {
    const value = "placeholder" in flag && flag.placeholder !== undefined
      ? ` ${flag.placeholder}`
      : "";
    return [`--${kebab(name)}${value}`, flag.brief];
  });
  const given = positional?.kind === "array"
    ? [{ ...positional.parameter, optional: (positional.minimum ?? 0) === 0, many: true }]
    : (positional?.parameters ?? []).map((one) => ({ ...one, many: false }));
  const named = given.map(({ placeholder = "ARG", optional, many, brief }) => {
    const name = many ? `${placeholder}...` : placeholder;
    return { usage: optional === true ? `[${name}]` : name, name, brief };
  });
  const usage = ["kairos", path, ...named.map((one) => one.usage), "[OPTIONS]"].join(" ");
  return exampleSection(chosen.examples).trimStart() +
    section("USAGE", [[usage, ""]]) + `\n${wrapped(chosen.about)}\n` +
    (named.length === 0
      ? ""
      : section("ARGUMENTS", named.map((one): Row => [one.name, one.brief]))) +
    section("OPTIONS", [...options, ...COMMON]);
}

function exampleSection(examples: readonly Example[]): string {
  return section("EXAMPLES", examples.map(({ call, does }): Row => [`kairos ${call}`, does]));
}

function section(title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([name]) => widthOf(name)));
  const lines = rows.map(([name, brief]) => `  ${padTo(name, width)}  ${brief}`.trimEnd());
  return `\n${title}\n${lines.join("\n")}\n`;
}

/** Breaks a text into lines people can read. */
function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > LINE) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join("\n");
}

function subcommands(group: string): string {
  return Object.keys(COMMANDS).filter((path) => path.startsWith(`${group} `))
    .map((path) => path.slice(group.length + 1)).join(", ");
}

/**
 * The name of an option as people type it.
 *
 * @param name The name in code
 * @returns The name without dashes in front
 */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
