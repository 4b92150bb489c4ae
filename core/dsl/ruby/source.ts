/**
 * A Ruby source and what of it could not be carried over.
 *
 * @module
 */

import type { Node } from "@ruby/prism/nodes";

/** Something in a source that the law does not hold. */
export interface Loss {
  /** Line, from 1. */
  readonly line: number;
  /** Column in UTF-16 units, from 1. */
  readonly column: number;
  /** What it is and why it was left out. */
  readonly what: string;
}

/** Most losses that are told one by one. */
const MAX_LOSSES = 1000;

/** A part of a source that is left out, with the reason. */
export class NotCarried extends Error {
  /** The part. */
  readonly node: Node;

  /**
   * @param node The part
   * @param what What it is and why it is left out
   */
  constructor(node: Node, what: string) {
    super(what);
    this.node = node;
  }
}

/** The text of a source by the byte offsets the parser gives. */
export class RubySource {
  /** What could not be carried over so far, in order of finding. */
  readonly lost: Loss[] = [];
  readonly #bytes: Uint8Array;
  readonly #lines: number[] = [0];

  /**
   * @param text The source
   */
  constructor(text: string) {
    this.#bytes = new TextEncoder().encode(text);
    for (let at = this.#bytes.indexOf(10); at >= 0; at = this.#bytes.indexOf(10, at + 1)) {
      this.#lines.push(at + 1);
    }
  }

  /**
   * @param from First byte
   * @param to Byte behind the last
   * @returns The text between them
   */
  text(from: number, to: number): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.#bytes.subarray(from, to));
  }

  /**
   * @param node A part
   * @returns Its text as it stands in the source
   */
  textOf({ location: { startOffset, length } }: Node): string {
    return this.text(startOffset, startOffset + length);
  }

  /**
   * @param offset A byte
   * @returns Its line and column, from 1
   */
  place(offset: number): { line: number; column: number } {
    let low = 0;
    for (let high = this.#lines.length; high - low > 1;) {
      const middle = (low + high) >> 1;
      if (this.#lines[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: this.text(this.#lines[low]!, offset).length + 1 };
  }

  /**
   * Does something with each part, and notes those that say they cannot be carried over.
   *
   * @param parts The parts
   * @param carry Carries one over
   */
  each(parts: readonly Node[], carry: (part: Node) => void): void {
    for (const part of parts) {
      try {
        carry(part);
      } catch (error) {
        if (!(error instanceof NotCarried)) throw error;
        if (this.lost.length > MAX_LOSSES) return;
        const place = this.place(error.node.location.startOffset);
        const isLast = this.lost.length === MAX_LOSSES;
        this.lost.push({ ...place, what: isLast ? "and more behind it" : error.message });
      }
    }
  }
}
