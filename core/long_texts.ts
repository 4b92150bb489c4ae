/**
 * Long texts in JSON that stay where they are: a value of megabytes need not be copied to be read.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** A text of printable ASCII without anything escaped, as the bytes it came in. */
export class LongText {
  /** The text, one byte a character; part of what was read, not a copy. */
  readonly bytes: Uint8Array;

  /** @param bytes The text */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** JSON with its long texts taken out. */
export interface Shortened {
  /** The rest, with a mark in the place of each. */
  readonly bytes: Uint8Array;
  /** Long texts by their marks, which nobody can know before. */
  readonly texts: ReadonlyMap<string, LongText>;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
/** What may stand between a name and its colon. */
const BLANKS: readonly number[] = [0x20, 0x09, 0x0a, 0x0d];

/**
 * Takes long values out of JSON. Whether it is JSON is for the parser to find: a mark is a text in the
 * place of a text.
 *
 * @param json The JSON
 * @param most Longest text that stays, in bytes
 * @returns The rest and the texts; those that are not plain stay, and so do the names of fields
 *
 * @example
 * ```ts
 * import { takeLongTexts } from "./long_texts.ts";
 *
 * const json = new TextEncoder().encode('{"short":"abc","long":"abcdefgh"}');
 * const { bytes, texts } = takeLongTexts(json, 5);
 * const { long } = JSON.parse(new TextDecoder().decode(bytes));
 * if (texts.get(long)?.bytes.length !== 8) throw new Error("it was not taken out");
 * ```
 */
export function takeLongTexts(json: Uint8Array, most: number): Shortened {
  const texts = new Map<string, LongText>();
  if (json.length <= most) return { bytes: json, texts };
  const parts: Uint8Array[] = [];
  let taken = 0;
  /** Where the text begins that is being read; 0 between texts. */
  let start = 0;
  let isPlain = true;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]!;
    if (start === 0) {
      if (byte !== QUOTE) continue;
      start = at + 1;
      isPlain = true;
    } else if (byte === QUOTE) {
      if (isPlain && at - start > most && !isField(json, at)) {
        const mark = crypto.randomUUID();
        texts.set(mark, new LongText(json.subarray(start, at)));
        parts.push(json.subarray(taken, start), new TextEncoder().encode(mark));
        taken = at;
      }
      start = 0;
    } else if (byte === BACKSLASH) {
      isPlain = false;
      at++;
    } else if (byte < 0x20 || byte > 0x7e) isPlain = false;
  }
  parts.push(json.subarray(taken));
  return { bytes: taken === 0 ? json : Buffer.concat(parts), texts };
}

/** Whether a text that ends here names a field: two of the same name must be seen. */
function isField(json: Uint8Array, close: number): boolean {
  let at = close + 1;
  while (BLANKS.includes(json[at]!)) at++;
  return json[at] === COLON;
}
