/**
 * Cuts bytes into lines, with a bound on their length.
 *
 * @module
 */

const NEWLINE = 0x0a;

/** A line, or the news that one was too long to keep. */
export type Line = Uint8Array | "too long";

/** Collects pieces of any size and gives back whole lines. */
export class LineReader {
  readonly #maxBytes: number;
  #pieces: Uint8Array[] = [];
  #length = 0;
  #isTooLong = false;

  /** @param maxBytes Longest line in bytes; of a longer one nothing is kept */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes a piece.
   *
   * @param piece The bytes
   * @returns The lines that end in it, without their line breaks
   */
  *push(piece: Uint8Array): Generator<Line> {
    let from = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, from)) {
      this.#keep(piece.subarray(from, end));
      yield this.#take();
      from = end + 1;
    }
    this.#keep(piece.subarray(from));
  }

  /**
   * The last line, when the input ends without a line break.
   *
   * @returns The line, or `null` when nothing is left
   */
  end(): Line | null {
    return this.#length === 0 && !this.#isTooLong ? null : this.#take();
  }

  #keep(piece: Uint8Array): void {
    if (this.#isTooLong || piece.length === 0) return;
    this.#length += piece.length;
    this.#isTooLong = this.#length > this.#maxBytes;
    if (this.#isTooLong) this.#pieces = [];
    else this.#pieces.push(piece.slice());
  }

  #take(): Line {
    const line: Line = this.#isTooLong ? "too long" : join(this.#pieces, this.#length);
    this.#pieces = [];
    this.#length = 0;
    this.#isTooLong = false;
    return line;
  }
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
