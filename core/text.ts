/**
 * Text that came from outside, made safe to show to people and terminals.
 *
 * @module
 */

/**
 * Characters that steer a terminal or hide text from a reader: C0/C1 controls, bidirectional
 * overrides, zero-width characters, line and paragraph separators, Unicode tags, the BOM.
 */
const HIDDEN =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** A lone surrogate: half of a UTF-16 pair, which no UTF-8 text can carry. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Longest value shown inside a message, in UTF-16 units. */
const QUOTE_LIMIT = 200;

/**
 * Replaces every hidden character by its visible `\u{...}` escape.
 *
 * @param text Text from outside
 * @param keep Characters to leave alone, such as `"\n\t"` for bodies
 * @returns The same text without power over the reader's screen
 *
 * @example
 * ```ts
 * import { visible } from "./text.ts";
 *
 * if (visible("a\u001b[31mb") !== "a\\u{1b}[31mb") throw new Error("escape went through");
 * ```
 */
export function visible(text: string, keep = ""): string {
  return text.replace(
    HIDDEN,
    (char) => keep.includes(char) ? char : `\\u{${char.codePointAt(0)!.toString(16)}}`,
  );
}

/**
 * Quotes a value for a message: double quotes, hidden characters escaped, long text cut.
 *
 * @param value Any value; text is quoted, anything else is shown as JSON
 * @returns The quoted form
 */
export function quote(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
  const cut = text.length > QUOTE_LIMIT ? text.slice(0, QUOTE_LIMIT) + "…" : text;
  return typeof value === "string" ? `"${visible(cut).replaceAll('"', '\\"')}"` : visible(cut);
}

/**
 * Whether the text can be written as UTF-8 without loss.
 *
 * @param text Any JavaScript string
 * @returns `false` when it holds a lone surrogate
 */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}
