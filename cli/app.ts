/**
 * The command line as the argument scanner sees it: the chosen command in full, of the others what
 * lists of commands show.
 *
 * @module
 */

import {
  type ApplicationText,
  buildApplication,
  buildCommand,
  buildRouteMap,
  type Command,
  run as scan,
  text_en,
} from "@stricli/core";
import { KairosError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { quote } from "../core/text.ts";
import { accessOf } from "./access.ts";
import type { CliCommand } from "./command.ts";
import { commandOf, type CommandPath, COMMANDS, GROUPS } from "./contents.ts";
import { CliContext } from "./context.ts";
import type { Globals } from "./globals.ts";
import { commandHelp, groupHelp, overview } from "./help.ts";
import type { Io } from "./io.ts";
import { usageError } from "./usage.ts";

/** The one topic of help that is no command. */
const EXIT_CODES = "exit-codes";

/**
 * Runs the command that the arguments name.
 *
 * @param words The arguments without the options every command has
 * @param globals Those options
 * @param io Streams, environment, place
 * @returns The exit code
 * @throws {KairosError} whatever the command throws; `usage` when there is no such command
 */
export async function runCommand(
  words: readonly string[],
  globals: Globals,
  io: Io,
): Promise<number> {
  refuseInherited(words);
  const path = commandOf(words);
  const chosen = path === null ? null : (await COMMANDS[path].load()).default;
  const context = new CliContext(
    io,
    globals,
    path === null ? null : {
      path,
      access: (options) => accessOf(path, options),
      help: () => commandHelp(path, chosen!),
    },
  );
  const fail = (thrown: unknown): string => {
    context.failure ??= thrown;
    return "";
  };
  const text: ApplicationText = {
    ...text_en,
    noCommandRegisteredForInput: ({ input }) => fail(unknownCommand(words, input)),
    exceptionWhileParsingArguments: (thrown) => fail(usageError(thrown, path)),
    exceptionWhileRunningCommand: fail,
    exceptionWhileLoadingCommandFunction: fail,
    exceptionWhileLoadingCommandContext: fail,
    exceptionWhileRunningIntegrationFlag: ({ exception }) => fail(exception),
  };
  const app = buildApplication<CliContext>(rootOf(path, chosen), {
    name: "kairos",
    scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
    localization: { text },
  }, {
    help: {
      flag: {
        brief: "Explain and exit",
        global: true,
        aliases: ["h"],
        defaultForRouteMap: true,
        run: () => io.stdout.write(helpFor(words, path, chosen)),
      },
    },
  });
  await scan(app, words, context);
  if (context.failure !== null) throw context.failure;
  await context.settle();
  return context.exitCode;
}

function rootOf(
  path: CommandPath | null,
  chosen: CliCommand | null,
): ReturnType<typeof buildRouteMap<string, CliContext>> {
  const command = (at: CommandPath) => at === path ? chosen!.command : placeholder(at);
  const single: Record<string, Command<CliContext>> = {};
  const grouped = new Map<string, Record<string, Command<CliContext>>>();
  for (const at of Object.keys(COMMANDS) as CommandPath[]) {
    const [first, second] = at.split(" ");
    if (second === undefined) single[first!] = command(at);
    else grouped.set(first!, { ...grouped.get(first!), [second]: command(at) });
  }
  const groups = [...grouped].map(([name, routes]) => {
    const { brief } = GROUPS[name as keyof typeof GROUPS];
    return [name, buildRouteMap<string, CliContext>({ routes, docs: { brief } })] as const;
  });
  return buildRouteMap<string, CliContext>({
    routes: { ...single, ...Object.fromEntries(groups) },
    docs: { brief: "kairos" },
  });
}

/** A command that was not chosen: its name is all that matters. */
function placeholder(path: CommandPath): Command<CliContext> {
  return buildCommand<NonNullable<unknown>, [], CliContext>({
    loader: () => Promise.reject(new KairosError("internal", `Command ${path} was not loaded`)),
    parameters: {},
    docs: { brief: COMMANDS[path].brief },
  });
}

function helpFor(
  words: readonly string[],
  path: CommandPath | null,
  chosen: CliCommand | null,
): string {
  if (path !== null) return commandHelp(path, chosen!);
  const group = words[0] ?? "";
  return Object.hasOwn(GROUPS, group) ? groupHelp(group as keyof typeof GROUPS) : overview();
}

function unknownCommand([first = ""]: readonly string[], input: string): KairosError {
  const group = Object.hasOwn(GROUPS, first) ? `${first} ` : "";
  const known = Object.keys(COMMANDS).filter((path) => path.startsWith(group))
    .map((path) => path.slice(group.length).split(" ")[0]!);
  const meant = nearest(input, group === "" ? [...known, EXIT_CODES] : known);
  const call = meant === EXIT_CODES ? `help ${meant}` : `${group}${meant}`;
  return new KairosError("usage", `Unknown command ${quote(`${group}${input}`)}`, {
    hint: meant === undefined
      ? `List the commands with \`kairos ${group}--help\``
      : `Did you mean \`kairos ${call}\`?`,
  });
}

/** The scanner looks names up in plain objects, where `--constructor` would find something. */
function refuseInherited(words: readonly string[]): void {
  for (const word of words) {
    if (word === "--") return;
    const name = word.replace(/^--?(?:no-)?/, "").replace(/=[^]*/, "");
    const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    if ((name in {} || camel in {}) && (word.startsWith("-") || word === words[0])) {
      const kind = word.startsWith("-") ? "option" : "command";
      throw new KairosError("usage", `Unknown ${kind} ${quote(word)}`, {
        hint: "List the commands with `kairos --help`",
      });
    }
  }
}
