/**
 * The short ways to call kairos, written out.
 *
 * @module
 */

/**
 * Writes out what a call means that names no command.
 *
 * Without a command, JSON-RPC on standard input is served, as programs that start a server expect;
 * a person at a terminal gets help. Options without a command are those of `serve`.
 *
 * @param words The arguments without the options every command has
 * @param isTerminal Whether standard input is a terminal
 * @returns The arguments with a command
 *
 * @example
 * ```ts
 * import { arrange } from "./arrange.ts";
 *
 * if (arrange([], false).join(" ") !== "serve") throw new Error("a pipe is served");
 * if (arrange(["help", "status"], true).join(" ") !== "status --help") throw new Error("no help");
 * ```
 */
export function arrange(words: readonly string[], isTerminal: boolean): readonly string[] {
  const [first, ...others] = words;
  if (first === undefined) return isTerminal ? ["--help"] : ["serve"];
  if (first === "help") {
    return others.join(" ") === "exit-codes"
      ? words
      : others.includes("--help") || others.includes("-h")
      ? ["--help"]
      : [...others, "--help"];
  }
  if (first === "-v" || first === "--version") return ["version", ...others];
  if (first === "-h" || first === "--help" || first === "--") return words;
  return first.startsWith("-") ? ["serve", ...words] : words;
}
