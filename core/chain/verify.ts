/**
 * Verification of a whole chain, streaming: memory does not grow with its length.
 *
 * Two verdicts come out. `compatible` is what the formats' existing verifier says and what appending
 * depends on; `valid` is ours and also looks at what the other never reads: the stored hash, the
 * exact genesis, duplicate keys, the notation of times. See `kairos_formats/chain.md#verification`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import { type Block, blockHash, encodeBlock, GENESIS } from "./block.ts";
import { duplicateKey } from "./json_keys.ts";
import { merkleRoot } from "./merkle.ts";
import { BlockScanner, type ScannedBlock } from "./scan.ts";
import { canonicalTimestamp } from "./timestamp.ts";

/** Every rule, and whether the existing verifier knows it (`compatible`) or only ours (`valid`). */
export const RULES = {
  /** The file is a JSON array of objects. */
  syntax: "compatible",
  /** The text is UTF-8. */
  encoding: "compatible",
  /** Block 0 hashes to the genesis hash. */
  genesis: "compatible",
  /** Block i stands at position i. */
  index: "compatible",
  /** `previous_hash` is the recomputed hash of the block before. */
  previous_hash: "compatible",
  /** `merkle_root` is the tree of `data`; not checked for block 0. */
  merkle_root: "compatible",
  /** `data` is a list of text. */
  data: "compatible",
  /** `timestamp` is a point in time. */
  timestamp: "compatible",
  /** Block 0 is the genesis block, field by field. */
  genesis_fields: "valid",
  /** The stored `hash` is the recomputed one. */
  hash: "valid",
  /** `timestamp` is there and in canonical notation. */
  timestamp_form: "valid",
  /** No key stands twice in a block. */
  duplicate_key: "valid",
} as const satisfies Record<string, "compatible" | "valid">;

/** A rule of {@linkcode RULES}. */
export type Rule = keyof typeof RULES;

/** A rule that does not hold. */
export interface Finding {
  /** The block's position, or `null` when the file as a whole is meant. */
  readonly block: number | null;
  /** The rule. */
  readonly rule: Rule;
  /** What the rule asks for. */
  readonly expected: string;
  /** What is there. */
  readonly found: string;
}

/** What a ledger file is, in the words of the format. */
export type LedgerState = "absent" | "empty" | "readable" | "corrupt" | "unreadable";

/** The outcome of a verification. */
export interface VerifyReport {
  /** State of the file as a whole. */
  readonly state: LedgerState;
  /** Whether the existing verifier accepts it; appending depends on this. */
  readonly compatible: boolean;
  /** Whether it also passes what the existing verifier does not look at. */
  readonly valid: boolean;
  /** Blocks read. */
  readonly length: number;
  /** Blocks before the first one that is damaged; what a repair keeps. */
  readonly intact: number;
  /** Recomputed hash of the last block read, or `null` when there is none. */
  readonly lastHash: string | null;
  /** The first {@linkcode MAX_FINDINGS} findings, in order. */
  readonly findings: readonly Finding[];
  /** How many there were in all. */
  readonly findingCount: number;
}

/** Most findings a report lists. */
export const MAX_FINDINGS = 100;

/** What can be told while a verification runs. */
export interface VerifyOptions {
  /** Called after each piece of input with the number of blocks read so far. */
  readonly onProgress?: (blocks: number) => void;
  /** Ends the verification early with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Verifies a ledger file.
 *
 * @param pieces The file's bytes in order, in pieces of any size
 * @param options Progress and cancellation
 * @returns Both verdicts and the findings; damage is a result, never an exception
 *
 * @example
 * ```ts
 * import { encodeLedger, GENESIS } from "./block.ts";
 * import { verifyChain } from "./verify.ts";
 *
 * const report = await verifyChain([new TextEncoder().encode(encodeLedger([GENESIS]))]);
 * if (!report.valid || report.length !== 1) throw new Error("genesis must verify");
 * ```
 */
export async function verifyChain(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const verifier = new Verifier();
  for await (const piece of pieces) {
    options.signal?.throwIfAborted();
    if (!verifier.take(piece)) break;
    options.onProgress?.(verifier.length);
  }
  return verifier.report();
}

/** What is known of the block before, as the next one must name it. */
type KnownHash = string | null;

class Verifier {
  length = 0;
  readonly #scanner = new BlockScanner();
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #lenient: TextDecoder | null = null;
  #previous: KnownHash = null;
  #findings: Finding[] = [];
  #count = 0;
  #compatible = true;
  #unreadable = false;
  #damaged = Infinity;

  /** Takes a piece; `false` when reading on is pointless. */
  take(piece: Uint8Array): boolean {
    try {
      for (const text of this.#decode(piece)) {
        for (const block of this.#scanner.push(text)) this.#check(block);
      }
    } catch (error) {
      this.#giveUp(error);
    }
    return !this.#unreadable;
  }

  report(): VerifyReport {
    if (!this.#unreadable) {
      try {
        for (const block of this.#scanner.push(this.#rest())) this.#check(block);
        this.#scanner.end();
      } catch (error) {
        this.#giveUp(error);
      }
    }
    const compatible = this.#compatible && this.length > 0;
    return {
      state: this.#state(),
      compatible,
      valid: compatible && this.#count === 0,
      length: this.length,
      intact: compatible ? this.length : Math.min(this.#damaged, this.length),
      lastHash: this.#previous,
      findings: this.#findings,
      findingCount: this.#count,
    };
  }

  #state(): LedgerState {
    if (this.#unreadable) return "unreadable";
    if (!this.#compatible) return "corrupt";
    return this.length === 0 ? "empty" : "readable";
  }

  #giveUp(error: unknown): void {
    if (!(error instanceof KairosError)) throw error;
    this.#unreadable = true;
    this.#find(this.length, "syntax", "a JSON array of blocks", error.message);
  }

  /** Decodes a piece; the first bytes that are no UTF-8 become a finding, the rest is read on. */
  *#decode(piece: Uint8Array): Generator<string> {
    if (this.#lenient !== null) {
      yield this.#lenient.decode(piece, { stream: true });
      return;
    }
    const carried = this.#carried;
    try {
      yield this.#decoder.decode(piece, { stream: true });
      this.#carried = incompleteTail(carried, piece);
      return;
    } catch {
      this.#lenient = new TextDecoder("utf-8", { ignoreBOM: true });
    }
    const bytes = concat(carried, piece);
    const good = decodablePrefix(bytes);
    yield new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, good));
    this.#find(this.length, "encoding", "UTF-8", `byte 0x${bytes[good]!.toString(16)}`);
    yield this.#lenient.decode(bytes.subarray(good), { stream: true });
  }
  #carried: Uint8Array = new Uint8Array(0);

  /** What the decoder still holds at the end of the input. */
  #rest(): string {
    if (this.#lenient !== null) return this.#lenient.decode();
    if (this.#carried.length > 0) {
      this.#find(this.length, "encoding", "UTF-8", "a character cut in two at the end");
    }
    return "";
  }

  #check({ text, value }: ScannedBlock): void {
    const at = this.length++;
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
      throw new KairosError("corrupt", `Cannot read the ledger: element ${at} is no object`);
    }
    const block = value as Partial<Record<keyof Block, unknown>>;
    const known = this.#previous;
    this.#previous = null;
    if (block.index !== at) this.#find(at, "index", String(at), quote(block.index ?? null));
    if (at > 0 && (known === null || block.previous_hash !== known)) {
      const expected = known ?? "the hash of the block before";
      this.#find(at, "previous_hash", expected, quote(block.previous_hash ?? null));
    }
    const { data } = block;
    if (!isTextList(data)) {
      this.#find(at, "data", "a list of text", quote(data ?? null));
      this.#layout(text, null);
      return;
    }
    const items = data.map((item) => JSON.stringify(item));
    if (at > 0) {
      const root = merkleRoot(data);
      if (block.merkle_root !== root) {
        this.#find(at, "merkle_root", root, quote(block.merkle_root ?? null));
      }
    }
    this.#hash(at, block, `[${items.join(",")}]`);
    this.#layout(text, encodeBlock(block as Block, items));
  }

  /** Recomputes the hash and compares what depends on it. */
  #hash(at: number, block: Partial<Record<keyof Block, unknown>>, compact: string): void {
    const time = this.#time(at, block.timestamp);
    const { index, previous_hash: previous, merkle_root: root } = block;
    if (time === null || typeof previous !== "string" || typeof root !== "string") {
      if (at === 0 && time !== null) this.#find(at, "genesis", GENESIS.hash, "another block");
      return;
    }
    const hash = blockHash(Number(index), time, previous, root, compact);
    this.#previous = hash;
    if (at === 0 && hash !== GENESIS.hash) this.#find(at, "genesis", GENESIS.hash, hash);
    if (at === 0 && !isGenesis(block)) {
      this.#find(at, "genesis_fields", "the genesis block", quote(block.hash ?? null));
    } else if (block.hash !== hash) this.#find(at, "hash", hash, quote(block.hash ?? null));
  }

  #time(at: number, stored: unknown): string | null {
    // The existing verifier takes the current time for a missing one, so nothing can be recomputed.
    if (stored === undefined || stored === null) {
      this.#find(at, "timestamp_form", "a timestamp", "none");
      if (at === 0) this.#find(at, "genesis", GENESIS.hash, "a block without a time");
      return null;
    }
    const time = typeof stored === "string" ? canonicalTimestamp(stored) : null;
    if (time === null) {
      this.#find(at, "timestamp", "a point in time", quote(stored));
      return null;
    }
    if (time !== stored) this.#find(at, "timestamp_form", time, quote(stored));
    return time;
  }

  /** A block that is not laid out as we write it may hide a key that stands twice. */
  #layout(text: string, canonical: string | null): void {
    if (canonical !== null && (text === canonical || "  " + text === canonical)) return;
    const key = duplicateKey(text);
    if (key !== null) this.#find(this.length - 1, "duplicate_key", "each key once", quote(key));
  }

  #find(block: number, rule: Rule, expected: string, found: string): void {
    this.#count++;
    if (this.#findings.length < MAX_FINDINGS) {
      this.#findings.push({ block, rule, expected, found });
    }
    if (RULES[rule] === "compatible") this.#compatible = false;
    if (rule !== "timestamp_form" && !(rule === "hash" && found === "null")) {
      this.#damaged = Math.min(this.#damaged, block);
    }
  }
}

/** Field by field: texts shifted from one field into the next hash alike. */
function isGenesis(block: Partial<Record<keyof Block, unknown>>): boolean {
  return block.timestamp === GENESIS.timestamp && block.hash === GENESIS.hash &&
    block.previous_hash === GENESIS.previous_hash && block.merkle_root === GENESIS.merkle_root;
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** The bytes of a character that is cut by the end of a piece. */
function incompleteTail(carried: Uint8Array, piece: Uint8Array): Uint8Array {
  const bytes = piece.length >= 4 ? piece : concat(carried, piece);
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.slice(bytes.length - back) : new Uint8Array(0);
    }
  }
  return new Uint8Array(0);
}

/** Length of the longest prefix without an invalid sequence. */
function decodablePrefix(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isDecodable(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function isDecodable(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
