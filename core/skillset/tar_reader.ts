/**
 * Takes a plain ustar archive apart while its bytes come in, one whole archive and nothing more.
 *
 * @module
 */

import { PackageRefusedError } from "./refusal.ts";
import { BLOCK, readHeader, type TarEntry } from "./tar_header.ts";

/** What is told about an archive. */
export interface TarSink {
  /**
   * An entry begins.
   *
   * @param entry The entry
   */
  entry(entry: TarEntry): void;
  /**
   * Bytes of the entry that began last; together they have its size.
   *
   * @param bytes Some of them; valid during the call only
   */
  data(bytes: Uint8Array): void;
}

/** Reads one archive. */
export class TarReader {
  readonly #sink: TarSink;
  /** A block that is not whole yet. */
  readonly #block = new Uint8Array(BLOCK);
  #filled = 0;
  /** Bytes of the present file that are still to come, then those up to the end of its last block. */
  #data = 0;
  #padding = 0;
  /** Zero blocks seen at the end. */
  #zeros = 0;

  /** @param sink Who is told */
  constructor(sink: TarSink) {
    this.#sink = sink;
  }

  /**
   * Takes the next bytes.
   *
   * @param chunk Bytes of the archive, of any length
   * @throws {PackageRefusedError} As soon as something is wrong
   */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const rest = chunk.subarray(at);
      if (this.#data > 0) {
        const part = rest.subarray(0, this.#data);
        this.#sink.data(part);
        this.#data -= part.length;
        at += part.length;
      } else if (this.#padding > 0) {
        const part = rest.subarray(0, this.#padding);
        if (part.some((byte) => byte !== 0)) throw new PackageRefusedError("trailing_data");
        this.#padding -= part.length;
        at += part.length;
      } else {
        const part = rest.subarray(0, BLOCK - this.#filled);
        this.#block.set(part, this.#filled);
        this.#filled += part.length;
        at += part.length;
        if (this.#filled === BLOCK) this.#header();
      }
    }
  }

  /**
   * Says that no more bytes come.
   *
   * @throws {PackageRefusedError} When the archive is not whole
   */
  end(): void {
    if (this.#filled > 0 || this.#data > 0 || this.#padding > 0 || this.#zeros < 2) {
      throw new PackageRefusedError("bad_tar", undefined, "it ends too early");
    }
  }

  #header(): void {
    this.#filled = 0;
    if (this.#block.every((byte) => byte === 0)) {
      this.#zeros++;
      return;
    }
    // One zero block between entries, or anything after two of them, is read differently elsewhere.
    if (this.#zeros > 0) throw new PackageRefusedError("trailing_data");
    const entry = readHeader(this.#block);
    this.#data = entry.size;
    this.#padding = (BLOCK - entry.size % BLOCK) % BLOCK;
    this.#sink.entry(entry);
  }
}
