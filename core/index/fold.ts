/**
 * Text brought to one form, so that a word is found however it is written: letter case, width of
 * characters, accents of Latin and Greek letters, kinds of white space.
 *
 * @module
 */

/** Folded text, and where each of its UTF-16 units comes from. */
export interface FoldedText {
  /** The folded text. */
  readonly text: string;
  /** For each unit of it the offset in the original where its character begins. */
  readonly starts: Uint32Array;
  /** For each unit of it the offset in the original behind its character. */
  readonly ends: Uint32Array;
}

/** A character with the marks that belong to it; halfwidth kana write theirs as letters. */
const CHARACTER = /[^\p{M}\uff9e\uff9f][\p{M}\uff9e\uff9f]*|[\p{M}\uff9e\uff9f]+/gu;

/** Runs that may hold accents people leave out when they type. */
const ACCENTED = /[a-z\u00c0-\u024f\u0370-\u03ff\u1e00-\u1fff\u0300-\u036f]+/g;

const ACCENT = /[\u0300-\u036f]/g;

// deno-lint-ignore no-control-regex
const ASCII = /^[\u0000-\u007f]*$/;

/**
 * Folds a text.
 *
 * @param text Any text
 * @returns The folded text; folding it again changes nothing more
 *
 * @example
 * ```ts
 * import { foldText } from "./fold.ts";
 *
 * if (foldText("ＣＡＦÉ ｶﾞ") !== "cafe ガ") throw new Error("not folded");
 * ```
 */
export function foldText(text: string): string {
  if (ASCII.test(text)) return blanked(text.toLowerCase());
  const whole = text.toWellFormed().normalize("NFKC").toLowerCase().replaceAll("ς", "σ");
  return blanked(
    whole.replace(ACCENTED, (run) => run.normalize("NFD").replace(ACCENT, "").normalize("NFC")),
  );
}

/**
 * Folds a text and remembers where everything was.
 *
 * @param text Any text
 * @returns The folded text with its origin
 */
export function foldMapped(text: string): FoldedText {
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { 0: character, index } of text.matchAll(CHARACTER)) {
    const folded = foldText(character);
    parts.push(folded);
    for (let unit = 0; unit < folded.length; unit++) {
      starts.push(index);
      ends.push(index + character.length);
    }
  }
  return { text: parts.join(""), starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) };
}

/** A database ends text at NUL. */
function blanked(text: string): string {
  return text.replaceAll("\0", " ");
}
