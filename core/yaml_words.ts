/**
 * The complaints of the YAML library, for people who never read the YAML specification.
 *
 * @module
 */

import { visible } from "./text.ts";

const PLAIN_WORDS: Readonly<Record<string, string>> = {
  "bad indentation of a sequence entry": "a line indented unlike the list entries beside it",
  "can not read a block mapping entry; a multiline key may not be an implicit key":
    "a key that goes over several lines",
  "deficient indentation": "a continued line that is not indented far enough",
  "end of the stream or a document separator is expected":
    "text that belongs to no key and no list entry",
  "expected ':' after a mapping key": 'a key without ":"',
  "expected valid JSON character": "a control character",
  "missed comma between flow collection entries": "list or map entries without a comma between",
  "null byte is not allowed in input": "a NUL character",
  "tab characters must not be used in indentation": "a tab used for indentation instead of spaces",
  "the stream contains non-printable characters": "a control character",
  "unexpected end of the document within a double quoted scalar": 'a " that is never closed',
  "unexpected end of the document within a single quoted scalar": "a ' that is never closed",
  "unexpected end of the stream within a double quoted scalar": 'a " that is never closed',
  "unexpected end of the stream within a flow collection": "a [ or { that is never closed",
  "unexpected end of the stream within a single quoted scalar": "a ' that is never closed",
  "unknown escape sequence": "a backslash escape that does not exist",
};

/**
 * Says what was found where the library gave up.
 *
 * @param reason The library's reason
 * @param char The character at the place it names; undefined at the end of the text
 * @returns A noun phrase that completes "found ..."
 *
 * @example
 * ```ts
 * import { plainWords } from "./yaml_words.ts";
 *
 * const words = plainWords("unknown escape sequence", "q");
 * if (words !== "a backslash escape that does not exist") throw new Error(words);
 * ```
 */
export function plainWords(reason: string, char: string | undefined): string {
  if (reason !== "bad indentation of a mapping entry") {
    return PLAIN_WORDS[reason] ?? kindWords(reason);
  }
  if (char === ":") {
    return 'a ": " where no key can be: the value needs quotes or the line another indentation';
  }
  if (char !== undefined && "@`%]},".includes(char)) {
    return `a value that starts with ${char}, so it needs quotes`;
  }
  return "a line indented unlike the keys beside it";
}

/** For reasons that may carry the author's text, or are too rare for words of their own. */
function kindWords(reason: string): string {
  const kind = /\b(?:tag|anchor|alias|directive)\b/.exec(reason)?.[0];
  if (kind !== undefined) return `${/^a/.test(kind) ? "an" : "a"} ${kind}, which is not accepted`;
  return `text that YAML forbids (${visible(reason)})`;
}
