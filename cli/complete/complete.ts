/**
 * `kairos __complete`: what the scripts of the shells ask for while a line is being typed.
 *
 * It is called as `__complete bash BREAKS LINE`, the line up to the cursor, or with another shell as
 * `__complete SHELL WORD... =CURRENT`. The first line of the answer says what names the shell adds
 * itself (`none`, `files`, `folders`), the others hold a word each, then a tab and what it is.
 *
 * @module
 */

import { visible } from "../../core/text.ts";
import { ACCESS } from "../access.ts";
import { takeGlobals } from "../globals.ts";
import type { Io } from "../io.ts";
import { Candidates } from "./candidates.ts";
import { propose } from "./propose.ts";
import { bashWord, powershellWord, readLine, type TypedLine } from "./shell_line.ts";

/** Most words that are proposed; nobody looks through more. */
const MOST = 1000;

/**
 * Answers a shell. Where nothing can be found, the answer is empty: a message would land in the line
 * that is being typed.
 *
 * @param argv The shell and what was typed
 * @param io Streams, environment, place
 * @throws {OutputClosed} When nobody reads the answer any more
 */
export async function complete(argv: readonly string[], io: Io): Promise<void> {
  let answer = "";
  try {
    await io.keepOnly(ACCESS.__complete.keeps);
    answer = await answerFor(argv, io);
  } catch {
    // The shell has nothing to show a message on.
  }
  io.stdout.write(answer);
}

async function answerFor([shell, ...given]: readonly string[], io: Io): Promise<string> {
  const typed = shell === "bash" ? bashLine(given) : otherLine(given);
  const { words, dataDir, isNext } = withoutGlobals(typed.words);
  if (isNext || typed.current.startsWith("--data-dir=")) return "folders\n";
  const from = new Candidates(io, dataDir);
  const { candidates, names } = await propose(words, typed.current, from);
  const shown = candidates
    .filter(({ word }) => word.startsWith(typed.current) && visible(word) === word)
    .slice(0, MOST);
  const lines = shown.map(({ word, about }) => {
    if (shell === "bash") return `${bashWord(word, typed)}\n`;
    return `${shell === "powershell" ? powershellWord(word) : word}\t${visible(about)}\n`;
  });
  return `${names}\n${lines.join("")}`;
}

function bashLine([breaks = "", line = ""]: readonly string[]): TypedLine {
  const typed = readLine(line, breaks.replace(/[^=:]/g, ""));
  return { ...typed, words: typed.words.slice(1) };
}

/** These shells take quotes off finished words, and put them on what is proposed. */
function otherLine(given: readonly string[]): TypedLine {
  const current = readLine((given.at(-1) ?? "=").slice(1), "").current;
  return { words: given.slice(0, -1), current, open: "", kept: 0 };
}

/** The words without the options every command has; `isNext` when the folder of one is being typed. */
function withoutGlobals(
  typed: readonly string[],
): { words: readonly string[]; dataDir: string | undefined; isNext: boolean } {
  const isNext = typed.at(-1) === "--data-dir" && !typed.includes("--");
  const { rest, dataDir } = takeGlobals(isNext ? typed.slice(0, -1) : typed);
  return { words: rest, dataDir, isNext };
}
