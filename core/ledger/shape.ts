/**
 * What was parsed from a ledger, made a {@linkcode Block} or refused.
 *
 * @module
 */

import { type Block, blockHash } from "../chain/block.ts";
import { canonicalTimestamp } from "../chain/timestamp.ts";

/**
 * Reads a block from parsed JSON. Its hash is recomputed: the stored one plays no part in linking
 * blocks, and whether it agrees is for a verification to say.
 *
 * @param value Parsed JSON
 * @returns The block with its true hash, or `null` when it is none
 */
export function asBlock(value: unknown): Block | null {
  if (value === null || typeof value !== "object") return null;
  const raw = value as Record<string, unknown>;
  const { index, timestamp, data, previous_hash, merkle_root } = raw;
  if (typeof index !== "number" || !Number.isSafeInteger(index)) return null;
  if (typeof timestamp !== "string" || typeof previous_hash !== "string") return null;
  if (typeof merkle_root !== "string" || !isTextList(data)) return null;
  const time = canonicalTimestamp(timestamp);
  if (time === null) return null;
  const hash = blockHash(index, time, previous_hash, merkle_root, JSON.stringify(data));
  return { index, timestamp, data, previous_hash, merkle_root, hash };
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
