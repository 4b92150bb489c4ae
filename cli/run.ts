/**
 * Arguments in, exit code out.
 *
 * @module
 */

import { arrange } from "./arrange.ts";
import { asksForJson, takeGlobals } from "./globals.ts";
import { type Io, OutputClosed } from "./io.ts";
import { printVersion } from "./version.ts";

/**
 * Runs one command.
 *
 * @param argv The arguments after the program's name
 * @param io Streams, environment, place
 * @returns The exit code, see `kairos help exit-codes`
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await runArranged(argv, io);
  } catch (error) {
    // A reader that has seen enough is no failure: `kairos chain log | head -1`.
    if (error instanceof OutputClosed) return 0;
    const { report } = await import("./report.ts");
    try {
      return report(io, asksForJson(argv), error);
    } catch (second) {
      if (second instanceof OutputClosed) return 1;
      throw second;
    }
  }
}

async function runArranged(argv: readonly string[], io: Io): Promise<number> {
  if (argv[0] === "__complete") {
    const { complete } = await import("./complete/complete.ts");
    await complete(argv.slice(1), io);
    return 0;
  }
  const globals = takeGlobals(argv);
  const words = arrange(globals.rest, io.stdin.isTerminal);
  if (words.length === 1 && words[0] === "version") {
    printVersion(io, globals.json);
    return 0;
  }
  const { runCommand } = await import("./app.ts");
  return await runCommand(words, globals, io);
}
