/**
 * Long output on a terminal, a page at a time. What was shown stays in the terminal's own history, so
 * there is no way back but that.
 *
 * @module
 */

import type { Io, ScreenSize } from "./io.ts";
import { widthOf } from "../core/text_width.ts";

/** What a key does. */
type Step = "page" | "line" | "rest" | "end";

const KEYS: Readonly<Record<string, Step>> = {
  " ": "page",
  "f": "page",
  "\x1b[6~": "page",
  "\r": "line",
  "\n": "line",
  "j": "line",
  "\x1b[B": "line",
  "G": "rest",
  "q": "end",
  "Q": "end",
  "\x03": "end",
  "\x04": "end",
  "": "end",
};

/** Colours and other marks, which take no columns. */
// deno-lint-ignore no-control-regex
const MARKS = /\x1b\[[0-9;]*m/g;
const ERASE_LINE = "\r\x1b[K";

/**
 * Writes a text to a terminal; one that is longer than the screen stops at every page.
 *
 * @param text The text
 * @param io The terminal
 *
 * @example
 * ```ts
 * import { pageText } from "./pager.ts";
 *
 * let shown = "";
 * const stdout = { size: { rows: 3, columns: 80 }, write: (text: string) => void (shown += text) };
 * const stdin = { key: () => Promise.resolve("q") };
 * await pageText("1\n2\n3\n4\n", { stdout, stdin });
 * if (!shown.startsWith("1\n2\n") || shown.includes("3\n")) throw new Error("it went on");
 * ```
 */
export async function pageText(
  text: string,
  { stdout, stdin }: {
    readonly stdout: Pick<Io["stdout"], "size" | "write">;
    readonly stdin: Pick<Io["stdin"], "key">;
  },
): Promise<void> {
  const lines = text.replace(/\n$/, "").split("\n");
  let at = 0;
  let step: Step = "page";
  while (at < lines.length && step !== "end") {
    const upTo = step === "line"
      ? at + 1
      : endOfPage(lines, at, step === "rest" ? null : stdout.size);
    stdout.write(`${lines.slice(at, upTo).join("\n")}\n`);
    at = upTo;
    if (at >= lines.length) return;
    stdout.write(
      `-- line ${at} of ${lines.length}: space goes on, Enter a line, G to the end, q ends --`,
    );
    step = await nextStep(stdin);
    stdout.write(ERASE_LINE);
  }
}

async function nextStep(stdin: Pick<Io["stdin"], "key">): Promise<Step> {
  for (;;) {
    const key = await stdin.key();
    if (Object.hasOwn(KEYS, key)) return KEYS[key]!;
  }
}

/** The line behind the last that fits; one line at least, and the prompt has its own row. */
function endOfPage(lines: readonly string[], from: number, size: ScreenSize | null): number {
  if (size === null) return lines.length;
  let rows = 0;
  let at = from;
  while (at < lines.length) {
    rows += rowsOf(lines[at]!, size.columns);
    if (rows > size.rows - 1 && at > from) break;
    at++;
  }
  return at;
}

function rowsOf(line: string, columns: number): number {
  return Math.max(1, Math.ceil(widthOf(line.replace(MARKS, "")) / columns));
}
