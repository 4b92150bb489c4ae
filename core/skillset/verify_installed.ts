/**
 * Whether an installed SkillSet still is what was recorded and what was signed. In L2 what was done stands
 * in the journal instead of the chain; it tells of a change, and proves nothing against whoever can edit
 * it. See `kairos_formats/skillsets.md#records` and `kairos_formats/skillsets.md#signatures`.
 *
 * @module
 */

import type { Block } from "../chain/block.ts";
import { parseRecord } from "../chain/parse_record.ts";
import type { JournalLine } from "../journal/journal.ts";
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

/** The last line of the journal that names the content of a SkillSet. */
export interface SkillSetNote {
  /** When it was written: local time, whole seconds, numeric offset. */
  readonly timestamp: string;
  /** What was done. */
  readonly action: string;
  /** The content hash it names. */
  readonly contentHash: string;
}

/** What is said of a SkillSet. */
export interface SaidOfSkillSet {
  /** Its last record, or `null`. */
  readonly record: SkillSetRecord | null;
  /** Its last line in the journal, or `null`. */
  readonly note: SkillSetNote | null;
}

/**
 * What was found: `as_recorded`, or in L2 `as_noted`; `changed` since; `removed`, by what is said of it,
 * and still there; `unrecorded` although its layer is recorded; `not_recorded` because its layer, L2, is
 * not, and the journal says nothing; `broken` and unreadable.
 */
export type SkillSetVerdict =
  | "as_recorded"
  | "as_noted"
  | "changed"
  | "removed"
  | "unrecorded"
  | "not_recorded"
  | "broken";

/** Verdicts with which nothing is wrong. */
const GOOD: readonly SkillSetVerdict[] = ["as_recorded", "as_noted", "not_recorded"];

/** What lines of the journal about SkillSets begin with. */
const NOTED = "skillset_";

/** What was found about an installed SkillSet. */
export interface VerifiedSkillSet extends SaidOfSkillSet {
  /** The SkillSet. */
  readonly details: SkillSetDetails;
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
 * Looks for what the journal says of a SkillSet.
 *
 * @param lines Lines of the journal, newest last
 * @param name The SkillSet
 * @returns The newest line that names its content, or `null`
 */
export function lastSkillSetNote(
  lines: readonly JournalLine[],
  name: string,
): SkillSetNote | null {
  const hashOf = ({ details }: JournalLine) => details?.["content_hash"];
  const line = lines.findLast((line) =>
    line.skill_id === name && line.action.startsWith(NOTED) && typeof hashOf(line) === "string"
  );
  if (line === undefined) return null;
  const { timestamp, action } = line;
  return { timestamp, action: action.slice(NOTED.length), contentHash: String(hashOf(line)) };
}

/**
 * Holds an installed SkillSet against what was said of it last, and the signature it came with.
 *
 * @param details The SkillSet
 * @param hashes Its files that count, as they are now
 * @param said Its last record, and its last line in the journal
 * @returns What was found
 *
 * @example
 * ```ts
 * import type { SkillSetDetails } from "./manager.ts";
 * import { verifyInstalled } from "./verify_installed.ts";
 *
 * const details = { layer: "L1", contentHash: "a", problem: null, signature: null };
 * const record = { block: 1, action: "install", contentHash: "b", fileHashes: null };
 * const said = { record, note: null };
 * const { verdict } = verifyInstalled(details as unknown as SkillSetDetails, [], said);
 * if (verdict !== "changed") throw new Error(verdict);
 * ```
 */
export function verifyInstalled(
  details: SkillSetDetails,
  hashes: readonly FileHash[],
  said: SaidOfSkillSet,
): VerifiedSkillSet {
  const { signature, layer } = details;
  const verdict = verdictOf(details, said);
  // A record from when another layer governed it says nothing of what is there now.
  const recorded = layer === "L2" ? null : said.record?.fileHashes ?? null;
  const isSigned = signature === null || signature.verdict === "valid";
  return {
    ...said,
    details,
    verdict,
    changed: verdict === "changed" ? differing(hashes, recorded) : [],
    isGood: GOOD.includes(verdict) && isSigned,
  };
}

function verdictOf(
  { layer, contentHash, problem }: SkillSetDetails,
  { record, note }: SaidOfSkillSet,
): SkillSetVerdict {
  if (problem !== null || contentHash === null) return "broken";
  const isL2 = layer === "L2";
  const said = isL2 ? note : record;
  if (said === null) return isL2 ? "not_recorded" : "unrecorded";
  if (said.action === "remove") return "removed";
  if (said.contentHash !== contentHash) return "changed";
  return isL2 ? "as_noted" : "as_recorded";
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
