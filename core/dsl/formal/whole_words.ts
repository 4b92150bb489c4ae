/**
 * Whether text holds a word as a word, in scripts with and without spaces.
 *
 * @module
 */

/** Letters and digits of scripts that part their words by spaces. */
const SPACED =
  /[[\p{L}\p{M}\p{N}]--[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}]]/v;

/**
 * Whether a word occurs in text and is not a part of a longer one. A script without spaces has no such
 * border, so there any occurrence counts.
 *
 * @param wanted The word, or several
 * @param text The text; upper and lower case differ
 * @returns `false` for an empty word
 *
 * @example
 * ```ts
 * import { holdsWord } from "./whole_words.ts";
 *
 * if (holdsWord("bare", "it barely holds")) throw new Error("a part of a word");
 * if (!holdsWord("確認", "必ず確認する")) throw new Error("a script without spaces");
 * ```
 */
export function holdsWord(wanted: string, text: string): boolean {
  if (wanted === "") return false;
  const bindsLeft = isSpaced(codeAfter(wanted, 0));
  const bindsRight = isSpaced(codeBefore(wanted, wanted.length));
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    if (bindsLeft && isSpaced(codeBefore(text, at))) continue;
    if (!bindsRight || !isSpaced(codeAfter(text, at + wanted.length))) return true;
  }
  return false;
}

/** The code point that begins at a place; -1 at the end. */
function codeAfter(text: string, at: number): number {
  return text.codePointAt(at) ?? -1;
}

/** The code point that ends at a place; -1 at the beginning. */
function codeBefore(text: string, at: number): number {
  const unit = text.charCodeAt(at - 1);
  const isLowHalf = unit >= 0xdc00 && unit <= 0xdfff;
  return text.codePointAt(at - (isLowHalf && at > 1 ? 2 : 1)) ?? -1;
}

function isSpaced(code: number): boolean {
  // Most text is ASCII, and a hostile one may ask for every character.
  if (code < 128) {
    const isDigit = code >= 48 && code <= 57;
    return isDigit || (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  }
  return SPACED.test(String.fromCodePoint(code));
}
