/**
 * The options every command takes, wherever they stand before `--`.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import { quote } from "../core/text.ts";

/** What was asked for beside the command. */
export interface Globals {
  /** `--data-dir`, as given. */
  readonly dataDir: string | undefined;
  /** `--json`: data and errors as JSON. */
  readonly json: boolean;
  /** Whether a terminal shows long output by pages; `--no-pager` says no. */
  readonly pager: boolean;
  /** Everything else, in order. */
  readonly rest: readonly string[];
}

/**
 * Takes the options every command has out of the arguments.
 *
 * @param argv The arguments of the program
 * @returns The options and the rest
 * @throws {KairosError} `usage` for `--data-dir` without a folder, or given twice
 *
 * @example
 * ```ts
 * import { takeGlobals } from "./globals.ts";
 *
 * const { dataDir, json, rest } = takeGlobals(["status", "--json", "--data-dir=x"]);
 * if (dataDir !== "x" || !json || rest.join() !== "status") throw new Error("not taken");
 * ```
 */
export function takeGlobals(argv: readonly string[]): Globals {
  const rest: string[] = [];
  let dataDir: string | undefined;
  let json = false;
  let pager = true;
  const name = (value: string | undefined) => {
    if (value === undefined || value === "") {
      throw new KairosError("usage", "Cannot use --data-dir: no folder follows it", {
        hint: "Write it as `--data-dir FOLDER`",
      });
    }
    if (dataDir !== undefined && dataDir !== value) {
      throw new KairosError("usage", `Cannot use --data-dir twice: ${quote(value)} came second`);
    }
    dataDir = value;
  };
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === "--") {
      rest.push(...argv.slice(at));
      break;
    }
    if (word === "--json") json = true;
    else if (word === "--no-pager") pager = false;
    else if (word === "--data-dir") name(argv[++at]);
    else if (word.startsWith("--data-dir=")) name(word.slice("--data-dir=".length));
    else rest.push(...separated(word));
  }
  return { dataDir, json, pager, rest };
}

/**
 * Separates an option from a value the argument scanner would not see behind the `=`: an empty one
 * and one of several lines.
 */
function separated(word: string): string[] {
  const parts = /^(--[a-z][a-z-]*)=([^]*)$/.exec(word);
  if (parts === null || !(parts[2] === "" || parts[2]!.includes("\n"))) return [word];
  return [parts[1]!, parts[2]!];
}

/**
 * Whether arguments ask for JSON, for errors that come before they are understood.
 *
 * @param argv The arguments of the program
 * @returns `true` when `--json` stands before `--`
 */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return (end < 0 ? argv : argv.slice(0, end)).includes("--json");
}
