/**
 * Words as shells hold them while they are being typed: quotes may be open, backslashes may end a line.
 *
 * @module
 */

/** A line that is being typed. */
export interface TypedLine {
  /** The finished words. */
  readonly words: readonly string[];
  /** The word that is being typed, without its quotes. */
  readonly current: string;
  /** The quote that is open at the end, or nothing. */
  readonly open: "" | "'" | '"';
  /** Characters of the word that the shell leaves standing: it replaces what follows them. */
  readonly kept: number;
}

/**
 * Reads a line as bash would, without expanding anything.
 *
 * @param line The line up to the cursor
 * @param breaks Characters that end a word for completion though not for the shell, as `=` and `:`
 * @returns Its words
 *
 * @example
 * ```ts
 * import { readLine } from "./shell_line.ts";
 *
 * const { words, current, open } = readLine(`kairos knowledge show "my no`, "");
 * if (words.length !== 3 || current !== "my no" || open !== '"') throw new Error("not read");
 * ```
 */
export function readLine(line: string, breaks: string): TypedLine {
  const words: string[] = [];
  let current = "";
  let open: TypedLine["open"] = "";
  let kept = 0;
  let begun = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (open === "" && /\s/.test(char)) {
      if (begun) words.push(current);
      [current, kept, begun] = ["", 0, false];
      continue;
    }
    begun = true;
    if (char === open) open = "";
    else if (open === "" && (char === "'" || char === '"')) [open, kept] = [char, current.length];
    else if (char === "\\" && open !== "'") {
      const next = line[++at] ?? "";
      current += open === "" || /["\\$`]/.test(next) ? next : `\\${next}`;
    } else {
      current += char;
      if (open === "" && breaks.includes(char)) kept = current.length;
    }
  }
  return { words, current, open, kept };
}

/**
 * Writes a word so that bash reads it as it is, continuing what was typed.
 *
 * @param word The whole word
 * @param line The line it ends; what the shell leaves standing is not written again
 * @returns What to put in place of what was typed
 */
export function bashWord(word: string, { open, kept }: TypedLine): string {
  const rest = word.slice(kept);
  if (open === "'") return rest.replaceAll("'", `'\\''`);
  if (open === '"') return rest.replace(/["\\$`]/g, "\\$&");
  return rest.replace(/[^\p{L}\p{N}\p{M}_.,:=@%+/-]/gu, "\\$&");
}

/**
 * Writes a word so that PowerShell reads it as it is.
 *
 * @param word The word
 * @returns The word, quoted where it has to be
 */
export function powershellWord(word: string): string {
  return /^[\p{L}\p{N}_./=:-]+$/u.test(word)
    ? word
    // Its single quotes come in five shapes.
    : `'${word.replace(/['\u2018-\u201b]/g, "$&$&")}'`;
}
