/**
 * How many columns of a terminal a text takes.
 *
 * @module
 */

/** East Asian wide and full-width characters, and those shown as pictures. */
const WIDE = new RegExp(
  "[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\u33ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua000-\\ua4cf" +
    "\\ua960-\\ua97f\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6" +
    "\\u{16fe0}-\\u{18aff}\\u{1b000}-\\u{1b2ff}\\u{20000}-\\u{3fffd}]|\\p{Emoji_Presentation}",
  "u",
);

/** Marks that stand on the character before them. */
const MARK = /^[\p{Mn}\p{Me}]$/u;

/**
 * Columns a text takes in a terminal.
 *
 * @param text One line without control characters
 * @returns Its width; 2 for each East Asian wide character, 0 for a mark on another one
 *
 * @example
 * ```ts
 * import { widthOf } from "./text_width.ts";
 *
 * if (widthOf("知識 ok") !== 7) throw new Error("wide characters take two columns");
 * ```
 */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/**
 * Fills a text with spaces up to a width.
 *
 * @param text One line
 * @param width Columns
 * @returns The text, never cut
 */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** The beginning of an escape whose end was cut off. */
const HALF_ESCAPE = /\\(?:u(?:\{[0-9a-f]*)?)?$/;

/**
 * Cuts a text to a width; what is cut shows as `…`. An escape of a hidden character is cut as a whole.
 *
 * @param text One line
 * @param width Columns, at least 1
 * @returns A text of at most that width
 */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = "";
  let used = 0;
  for (const char of text) {
    used += charWidth(char);
    if (used > width - 1) break;
    cut += char;
  }
  return `${cut.replace(HALF_ESCAPE, "")}…`;
}

function charWidth(char: string): number {
  if (char < "\u0300") return 1;
  if (MARK.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}
