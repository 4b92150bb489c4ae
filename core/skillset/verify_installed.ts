/**
 * Whether an installed SkillSet still is what was recorded and what was signed. See
 * `kairos_formats/skillsets.md#signatures`.
 *
 * @module
 */

import type { Block } from "../chain/block.ts";
import { parseRecord } from "../chain/parse_record.ts";
import type { FileHash } from "./content_hash.ts";
import type { SkillSetDetails } from "./manager.ts";

/** The last record of a SkillSet. */
export interface SkillSetRecord {
  /** Its block. */
  readonly block: number;
  /** What was done. */
  readonly action: string;
  /** The content hash it names, or `null`. */
  readonly contentHash: string | null;
  /** Path to SHA-256 of every file, in L0; else `null`. */
  readonly fileHashes: ReadonlyMap<string, string> | null;
}

/**
 * What was found: `as_recorded`; `changed` since it was recorded; `removed`, by the chain, and still
 * there; `unrecorded` although its layer is recorded; `not_recorded` because its layer, L2, is not;
 * `broken` and unreadable.
 */
export type SkillSetVerdict =
  | "as_recorded"
  | "changed"
  | "removed"
  | "unrecorded"
  | "not_recorded"
  | "broken";

/** What was found about an installed SkillSet. */
export interface VerifiedSkillSet {
  /** The SkillSet. */
  readonly details: SkillSetDetails;
  /** Its last record, or `null`. */
  readonly record: SkillSetRecord | null;
  /** What was found. */
  readonly verdict: SkillSetVerdict;
  /** Files that are not as recorded, where every file was recorded. */
  readonly changed: readonly string[];
  /** Whether nothing is wrong, its signature included. */
  readonly isGood: boolean;
}

/**
 * Looks for the last record of a SkillSet. The chain itself is asked, as an index may be incomplete.
 *
 * @param newest The blocks, newest first
 * @param name The SkillSet
 * @returns The record, or `null`
 */
export function lastSkillSetRecord(newest: Iterable<Block>, name: string): SkillSetRecord | null {
  for (const { index, data } of newest) {
    for (const item of data.toReversed()) {
      if (!item.includes("skillset_event")) continue;
      const fields = parseRecord(item);
      if (fields?.type !== "skillset_event" || fields.skillset_name !== name) continue;
      return {
        block: index,
        action: typeof fields.action === "string" ? fields.action : "unknown",
        contentHash: typeof fields.content_hash === "string" ? fields.content_hash : null,
        fileHashes: hashesIn(fields.file_hashes),
      };
    }
  }
  return null;
}

/**
 * Holds an installed SkillSet against its last record and the signature it came with.
 *
 * @param details The SkillSet
 * @param hashes Its files that count, as they are now
 * @param record Its last record, or `null`
 * @returns What was found
 *
 * @example
 * ```ts
 * import type { SkillSetDetails } from "./manager.ts";
 * import { verifyInstalled } from "./verify_installed.ts";
 *
 * const details = { layer: "L1", contentHash: "a", problem: null, signature: null };
 * const record = { block: 1, action: "install", contentHash: "b", fileHashes: null };
 * const { verdict } = verifyInstalled(details as unknown as SkillSetDetails, [], record);
 * if (verdict !== "changed") throw new Error(verdict);
 * ```
 */
export function verifyInstalled(
  details: SkillSetDetails,
  hashes: readonly FileHash[],
  record: SkillSetRecord | null,
): VerifiedSkillSet {
  const { signature } = details;
  const verdict = verdictOf(details, record);
  const isSigned = signature === null || signature.verdict === "valid";
  return {
    details,
    record,
    verdict,
    changed: verdict === "changed" ? differing(hashes, record?.fileHashes ?? null) : [],
    isGood: (verdict === "as_recorded" || verdict === "not_recorded") && isSigned,
  };
}

function verdictOf(
  { layer, contentHash, problem }: SkillSetDetails,
  record: SkillSetRecord | null,
): SkillSetVerdict {
  if (problem !== null || contentHash === null) return "broken";
  if (layer === "L2") return "not_recorded";
  if (record === null) return "unrecorded";
  if (record.action === "remove") return "removed";
  return record.contentHash === contentHash ? "as_recorded" : "changed";
}

/** Paths whose bytes are others, that are new or that are gone. */
function differing(
  hashes: readonly FileHash[],
  recorded: ReadonlyMap<string, string> | null,
): string[] {
  if (recorded === null) return [];
  const present = new Map(hashes);
  const paths = new Set([...recorded.keys(), ...present.keys()]);
  return [...paths].filter((path) => present.get(path) !== recorded.get(path)).sort();
}

function hashesIn(value: unknown): ReadonlyMap<string, string> | null {
  if (value === null || typeof value !== "object") return null;
  const pairs = Object.entries(value);
  return new Map(pairs.filter((pair): pair is [string, string] => typeof pair[1] === "string"));
}
