/**
 * Text as it is written in a law: strings in quotes, blocks of lines between backticks. See
 * `kairos_formats/law.md#text`.
 *
 * @module
 */

import { visible } from "../text.ts";

/** What a literal says, or what is wrong with it and where, counted from its first character. */
export type Literal =
  | { readonly text: string }
  | { readonly at: number; readonly message: string; readonly hint: string };

/** What the escapes of one letter stand for. */
const LETTERS: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
  "\n": "",
};

/** An escape; the last alternative takes any character, so that it matches behind every `\`. */
const ESCAPE =
  /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(0(?![0-9])|[nrtbfv\n])|([!-/:-@[-`{-~ ])|[^])/g;

/**
 * Reads what stands between the quotes or backticks.
 *
 * @param raw The text as it stands in the source, with LF line breaks
 * @param block Whether it stands between backticks, where a first line break opens a block
 * @returns Its value
 */
export function readText(raw: string, block: boolean): Literal {
  if (!block || !raw.startsWith("\n")) return unescape(raw);
  const last = raw.lastIndexOf("\n") + 1;
  const indent = raw.slice(last);
  if (!/^[ \t]*$/.test(indent)) {
    return {
      at: raw.length,
      message: "A block of text must end with its backtick on a line of its own",
      hint: "Break the line before the backtick, behind a \\ if the text ends without a line break",
    };
  }
  const lines: string[] = [];
  let at = 1;
  for (const line of raw.slice(1, last).split("\n")) {
    if (/^[ \t]*$/.test(line)) lines.push("");
    else if (line.startsWith(indent)) lines.push(line.slice(indent.length));
    else {
      return {
        at,
        message: "A line of a block of text is indented less than its closing backtick",
        hint: "Indent the line like the backtick that ends the block",
      };
    }
    at += line.length + 1;
  }
  return unescape(lines.join("\n"));
}

function unescape(raw: string): Literal {
  let text = "";
  let from = 0;
  // One escape after the other: replacing all of them at once would hold every match of a long text.
  for (const match of raw.matchAll(ESCAPE)) {
    const value = valueOf(match);
    if (value === undefined) {
      return {
        at: 0,
        message: `The text holds an escape that means nothing: ${visible(match[0])}`,
        hint: "Write \\\\ for a backslash",
      };
    }
    text += raw.slice(from, match.index) + value;
    from = match.index + match[0].length;
  }
  return { text: text + raw.slice(from) };
}

function valueOf([, brace, four, two, letter, mark]: RegExpExecArray): string | undefined {
  const digits = brace ?? four ?? two;
  if (digits === undefined) return letter === undefined ? mark : LETTERS[letter];
  const point = parseInt(digits, 16);
  if (four !== undefined) return String.fromCharCode(point);
  return point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}

/**
 * Writes text: one line as a string, several as a block. The inverse of {@linkcode readText}.
 *
 * @param text Well-formed text
 * @param indent What stands before the field it belongs to
 * @returns The literal with its quotes
 *
 * @example
 * ```ts
 * import { printText, readText } from "./text_literal.ts";
 *
 * const literal = printText("first\n  second", "  ");
 * const read = readText(literal.slice(1, -1), true);
 * if (!("text" in read) || read.text !== "first\n  second") throw new Error(literal);
 * ```
 */
export function printText(text: string, indent: string): string {
  if (!text.includes("\n")) return visible(JSON.stringify(text));
  const inner = `${indent}  `;
  const escaped = text.replace(/[\\`]|\$(?=\{)/g, "\\$&");
  // A blank at the end of a line is written so that no editor takes it away.
  const lines = visible(escaped, "\n\t").replace(
    /[ \t](?=\n|$)/g,
    (blank) => blank === " " ? "\\x20" : "\\t",
  ).split("\n");
  const ended = lines.at(-1) === ""
    ? lines.slice(0, -1)
    : [...lines.slice(0, -1), `${lines.at(-1)}\\`];
  const body = ended.map((line) => line === "" ? "\n" : `${inner}${line}\n`).join("");
  return `\`\n${body}${inner}\``;
}
