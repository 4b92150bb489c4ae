/**
 * The outcome of the last whole verification, `storage/verify_status.json`.
 *
 * A memory aid for status displays: nothing is decided by it.
 *
 * @module
 */

import type { VerifyReport } from "../core/chain/verify.ts";
import { type Disk, parentOf, writeAtomic } from "../core/disk/mod.ts";

/** The outcome of a verification. */
export interface VerifyStatus {
  /** When it ended, UTC. */
  readonly at: string;
  /** How many blocks were read. */
  readonly height: number;
  /** `ok`, `failed`, or `absent` when there was no chain. */
  readonly outcome: "ok" | "failed" | "absent";
  /** Verdict of the existing verifier's rules. */
  readonly compatible: boolean;
  /** Verdict of all rules. */
  readonly valid: boolean;
  /** How many findings there were. */
  readonly findings: number;
}

const NAME = "storage/verify_status.json";
const MAX_STATUS = 64 * 1024;

/**
 * Reads the last outcome, whichever process wrote it.
 *
 * @param disk The disk
 * @param root The data directory
 * @returns The outcome, or `null` when there is none that can be read
 */
export function readVerifyStatus(disk: Disk, root: string): VerifyStatus | null {
  try {
    const bytes = disk.read(`${root}/${NAME}`, MAX_STATUS);
    return bytes === null ? null : parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return null;
  }
}

/**
 * Writes an outcome down.
 *
 * @param disk The disk
 * @param root The data directory
 * @param status The outcome
 * @throws {KairosError} `io`
 */
export function writeVerifyStatus(disk: Disk, root: string, status: VerifyStatus): void {
  const path = `${root}/${NAME}`;
  disk.makeFolder(parentOf(path));
  writeAtomic(disk, path, new TextEncoder().encode(JSON.stringify(status, null, 2)));
}

/**
 * The outcome in a report.
 *
 * @param report The report
 * @param at When the verification ended, milliseconds since the epoch
 * @returns The outcome
 */
export function statusOf(report: VerifyReport, at: number): VerifyStatus {
  const { state, compatible, valid, length, findingCount } = report;
  return {
    at: new Date(at).toISOString(),
    height: length,
    outcome: state === "absent" ? "absent" : valid ? "ok" : "failed",
    compatible,
    valid,
    findings: findingCount,
  };
}

function parse(value: unknown): VerifyStatus | null {
  if (value === null || typeof value !== "object") return null;
  const { at, height, outcome, compatible, valid, findings } = value as Record<string, unknown>;
  if (typeof at !== "string" || at.length > 40 || typeof height !== "number") return null;
  if (outcome !== "ok" && outcome !== "failed" && outcome !== "absent") return null;
  if (typeof compatible !== "boolean" || typeof valid !== "boolean") return null;
  return { at, height, outcome, compatible, valid, findings: Number(findings) || 0 };
}
