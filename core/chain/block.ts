/**
 * The block: what it holds, how it is hashed, how it is written.
 *
 * The hash is the SHA-256 of five texts joined without a separator: the index in decimal, the
 * canonical timestamp, the previous block's hash, the Merkle root, and the items as compact JSON.
 * See `kairos_formats/chain.md#the-hash-of-a-block`.
 *
 * @module
 */

import { hash } from "node:crypto";
import { KairosError } from "../errors.ts";
import { isWellFormed } from "../text.ts";
import { merkleRoot } from "./merkle.ts";

/** One link of the chain, with its keys in the order they are written. */
export interface Block {
  /** Position in the chain, from 0. */
  readonly index: number;
  /** When it was made, `YYYY-MM-DDTHH:MM:SS.ffffffZ`. */
  readonly timestamp: string;
  /** The items: any text, usually records as compact JSON. */
  readonly data: readonly string[];
  /** The hash of the block before. */
  readonly previous_hash: string;
  /** The Merkle root of the items. */
  readonly merkle_root: string;
  /** The hash of this block, 64 lower-case hexadecimal digits. */
  readonly hash: string;
}

/** Sixty-four zeros: what stands where no hash can be. */
export const ZERO_HASH = "0".repeat(64);

/** The first block of every chain. It exists before any file does. */
export const GENESIS: Block = {
  index: 0,
  timestamp: "1970-01-01T00:00:00.000000Z",
  data: ["Genesis Block"],
  previous_hash: ZERO_HASH,
  merkle_root: ZERO_HASH,
  hash: "19bcc95a7b5946ca2c1029728cb623975c2807690f8fd354ca6799878c4b7efd",
};

/** Largest sum of item lengths one block may carry, in UTF-16 units. */
export const MAX_BLOCK_TEXT = 4 * 1024 * 1024;

/** Most items one block may carry. */
export const MAX_BLOCK_ITEMS = 10_000;

/**
 * The hash of a block's content.
 *
 * @param index Position in the chain
 * @param timestamp The *canonical* timestamp
 * @param previousHash The hash of the block before
 * @param root The Merkle root of the items
 * @param compactData The items as compact JSON
 * @returns 64 lower-case hexadecimal digits
 *
 * @example
 * ```ts
 * import { blockHash, GENESIS, ZERO_HASH } from "./block.ts";
 *
 * const { timestamp, data } = GENESIS;
 * const found = blockHash(0, timestamp, ZERO_HASH, ZERO_HASH, JSON.stringify(data));
 * if (found !== GENESIS.hash) throw new Error("the preimage rule changed");
 * ```
 */
export function blockHash(
  index: number,
  timestamp: string,
  previousHash: string,
  root: string,
  compactData: string,
): string {
  return hash("sha256", `${index}${timestamp}${previousHash}${root}${compactData}`);
}

/**
 * Makes the block that follows another.
 *
 * @param previous Index and hash of the block before
 * @param items The items, at least one
 * @param timestamp The canonical timestamp of the new block
 * @returns The block, ready to be written
 * @throws {KairosError} `invalid` when an item is no well-formed Unicode text or there is none,
 *   `too_large` beyond {@linkcode MAX_BLOCK_TEXT} or {@linkcode MAX_BLOCK_ITEMS}
 */
export function nextBlock(
  previous: Pick<Block, "index" | "hash">,
  items: readonly string[],
  timestamp: string,
): Block {
  checkItems(items);
  const index = previous.index + 1;
  const root = merkleRoot(items);
  return {
    index,
    timestamp,
    data: [...items],
    previous_hash: previous.hash,
    merkle_root: root,
    hash: blockHash(index, timestamp, previous.hash, root, JSON.stringify(items)),
  };
}

/**
 * The exact text of a block inside a ledger file: two spaces of indentation, keys in order, an empty
 * list of items over three lines.
 *
 * @param block The block
 * @param items The items as JSON texts, when the caller has them already
 * @returns The text from `  {` to `  }`, without comma or newline around it
 */
export function encodeBlock(
  block: Block,
  items: readonly string[] = block.data.map((item) => JSON.stringify(item)),
): string {
  const data = items.length === 0 ? "[\n\n    ]" : `[\n      ${items.join(",\n      ")}\n    ]`;
  return `  {\n    "index": ${block.index},\n    "timestamp": ${
    JSON.stringify(block.timestamp)
  },\n    "data": ${data},\n    "previous_hash": ${
    JSON.stringify(block.previous_hash)
  },\n    "merkle_root": ${JSON.stringify(block.merkle_root)},\n    "hash": ${
    JSON.stringify(block.hash)
  }\n  }`;
}

/**
 * The exact text of a whole ledger file; for tests and small exports.
 *
 * @param blocks All blocks, genesis first
 * @returns The file's content, without a newline at the end
 */
export function encodeLedger(blocks: readonly Block[]): string {
  return `[\n${blocks.map((block) => encodeBlock(block)).join(",\n")}\n]`;
}

function checkItems(items: readonly string[]): void {
  if (items.length === 0) {
    throw new KairosError("invalid", "Cannot make a block: there is nothing to record");
  }
  const length = items.reduce((sum, item) => sum + item.length, 0);
  if (items.length > MAX_BLOCK_ITEMS || length > MAX_BLOCK_TEXT) {
    throw new KairosError(
      "too_large",
      `Cannot make a block: ${items.length} items with ${length} characters exceed ` +
        `${MAX_BLOCK_ITEMS} items or ${MAX_BLOCK_TEXT} characters`,
      { hint: "Split the record, or keep the text as knowledge and record its hash" },
    );
  }
  if (!items.every(isWellFormed)) {
    throw new KairosError("invalid", "Cannot make a block: an item holds half a character", {
      hint: "Send well-formed Unicode text; a surrogate stands alone in it",
    });
  }
}
