/**
 * Takes a ledger file apart, block by block, while it streams in.
 *
 * The file is one JSON array. A block in the layout kairos writes is found by two searches for its
 * first and last line; anything else is walked character by character, so a file somebody formatted
 * by hand reads the same, only slower. See `kairos_formats/chain.md#the-file`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";

/** One element of the array. */
export interface ScannedBlock {
  /** Its text as it stands in the file. */
  readonly text: string;
  /** Its value; any JSON, the shape is the reader's to check. */
  readonly value: unknown;
  /** Where its text begins, in UTF-16 units from the beginning of the input. */
  readonly at: number;
}

/** Longest text of one block, in UTF-16 units. */
export const MAX_ELEMENT = 64 * 1024 * 1024;

/** Deepest nesting inside a block that is still read. */
const MAX_DEPTH = 100;

const BLOCK_HEAD = "\n  {\n";
const BLOCK_FOOT = "\n  }";

type Expectation = "array" | "first" | "element" | "separator" | "nothing";

/** Where a walk through an unusual element stands. */
interface Walk {
  at: number;
  depth: number;
  inString: boolean;
}

/**
 * Splits the text of a ledger into its elements.
 *
 * @example
 * ```ts
 * import { BlockScanner } from "./scan.ts";
 *
 * const scanner = new BlockScanner();
 * const found = [...scanner.push('[{"index": 0}, {"ind'), ...scanner.push('ex": 1}]')];
 * scanner.end();
 * if (found.length !== 2) throw new Error("an element was lost");
 * ```
 */
export class BlockScanner {
  #text = "";
  #at = 0;
  /** What was before the text at hand. */
  #passed = 0;
  #expect: Expectation;
  #walk: Walk | null = null;

  /** @param from Where the input begins: at the start of the array, or behind one of its elements */
  constructor(from: "start" | "element" = "start") {
    this.#expect = from === "start" ? "array" : "separator";
  }

  /**
   * Takes the next piece of text.
   *
   * @param text Text that follows what was pushed before
   * @returns The elements that are complete now
   * @throws {KairosError} `corrupt` where the text is no JSON array, `too_large` for an element
   *   beyond {@linkcode MAX_ELEMENT}
   */
  *push(text: string): Generator<ScannedBlock> {
    this.#text = this.#at === this.#text.length ? text : this.#text.slice(this.#at) + text;
    if (this.#walk !== null) this.#walk.at -= this.#at;
    this.#passed += this.#at;
    this.#at = 0;
    for (let block = this.#next(); block !== null; block = this.#next()) yield block;
    if (this.#text.length - this.#at > MAX_ELEMENT) {
      throw new KairosError(
        "too_large",
        "Cannot read the ledger: a block exceeds 64 Mi characters",
      );
    }
  }

  /**
   * Ends the input.
   *
   * @throws {KairosError} `corrupt` when the array is not closed
   */
  end(): void {
    this.#skipSpace();
    if (this.#expect !== "nothing") throw syntax("the array is not closed");
  }

  #next(): ScannedBlock | null {
    if (this.#walk === null) {
      const fast = this.#fast();
      if (fast !== null) return fast;
    }
    return this.#slow();
  }

  /** The next block in the usual layout, or `null` when it is incomplete or laid out otherwise. */
  #fast(): ScannedBlock | null {
    if (this.#expect === "array" && this.#text.startsWith("[" + BLOCK_HEAD, this.#at)) {
      this.#at += 1;
      this.#expect = "first";
    }
    if (this.#expect === "separator" && this.#text.startsWith("," + BLOCK_HEAD, this.#at)) {
      this.#at += 1;
      this.#expect = "element";
    }
    if (this.#expect !== "first" && this.#expect !== "element") return null;
    if (!this.#text.startsWith(BLOCK_HEAD, this.#at)) return null;
    const foot = this.#text.indexOf(BLOCK_FOOT, this.#at + BLOCK_HEAD.length - 1);
    if (foot < 0) return null;
    const text = this.#text.slice(this.#at + 1, foot + BLOCK_FOOT.length);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return null;
    }
    if (!isFlat(value)) return null;
    const at = this.#passed + this.#at + 1;
    this.#at = foot + BLOCK_FOOT.length;
    this.#expect = "separator";
    return { text, value, at };
  }

  #slow(): ScannedBlock | null {
    while (true) {
      if (this.#walk === null) this.#skipSpace();
      const char = this.#text[this.#at];
      if (char === undefined) return null;
      switch (this.#expect) {
        case "array":
          if (char !== "[") throw syntax("it does not start with an array");
          this.#step("first");
          break;
        case "separator":
          if (char !== "," && char !== "]") throw syntax("a comma or a closing bracket is missing");
          this.#step(char === "," ? "element" : "nothing");
          // A block in the usual layout may follow an unusual one.
          if (char === ",") return this.#next();
          break;
        case "nothing":
          throw syntax("something follows the closing bracket");
        case "first":
          if (char === "]") {
            this.#step("nothing");
            break;
          }
          return this.#element();
        case "element":
          return this.#element();
      }
    }
  }

  #step(expect: Expectation): void {
    this.#at += 1;
    this.#expect = expect;
  }

  #element(): ScannedBlock | null {
    this.#walk ??= { at: this.#at, depth: 0, inString: false };
    const end = walkElement(this.#text, this.#walk);
    if (end === null) return null;
    const text = this.#text.slice(this.#at, end);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw syntax("a block is not JSON", cause);
    }
    this.#walk = null;
    const at = this.#passed + this.#at;
    this.#at = end;
    this.#expect = "separator";
    return { text, value, at };
  }

  #skipSpace(): void {
    while (SPACE.has(this.#text[this.#at]!)) this.#at++;
  }
}

/** Whether nothing in a block is nested deeper than a list of plain values. */
function isFlat(value: unknown): boolean {
  const isPlain = (part: unknown) => part === null || typeof part !== "object";
  return Object.values(value as object).every((part) =>
    isPlain(part) || (Array.isArray(part) && part.every(isPlain))
  );
}

const SPACE = new Set([" ", "\t", "\n", "\r"]);

/** Continues a walk; the position after the element, or `null` when the text ends within it. */
function walkElement(text: string, walk: Walk): number | null {
  while (walk.at < text.length) {
    const char = text[walk.at]!;
    if (walk.inString) {
      if (char === "\\") {
        // The escaped character must be at hand to be skipped with its backslash.
        if (walk.at + 1 >= text.length) return null;
        walk.at++;
      } else if (char === '"') walk.inString = false;
    } else if (char === '"') walk.inString = true;
    else if (char === "{" || char === "[") {
      if (++walk.depth > MAX_DEPTH) throw syntax("a block is nested too deeply");
    } else if (walk.depth === 0 && (char === "," || char === "]")) return walk.at;
    else if (char === "}" || char === "]") {
      if (--walk.depth === 0) return walk.at + 1;
    }
    walk.at++;
  }
  return null;
}

function syntax(found: string, cause?: unknown): KairosError {
  return new KairosError("corrupt", `Cannot read the ledger: ${found}`, { cause });
}
