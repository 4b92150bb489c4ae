/**
 * How much a package may be. Counters come first, the time is the second line.
 *
 * @module
 */

import { ALLOWED_TYPES } from "./judge_path.ts";

const MIB = 1024 * 1024;

/** Limits of one package. */
export interface PackageLimits {
  /** Most bytes of the envelope as it comes in. */
  readonly inputBytes: number;
  /** Most bytes of the archive, unpacked. */
  readonly outputBytes: number;
  /** Most bytes of one file. */
  readonly fileBytes: number;
  /** Most entries, folders included. */
  readonly entries: number;
  /** Most names in a path, the SkillSet's folder not counted. */
  readonly depth: number;
  /** Most bytes unpacked for each byte packed. */
  readonly ratio: number;
  /** Most milliseconds for taking it apart. */
  readonly milliseconds: number;
  /** Endings of files that come in. */
  readonly allowedTypes: readonly string[];
}

/** The limits, unless the settings are tighter. */
export const PACKAGE_LIMITS: PackageLimits = {
  inputBytes: 16 * MIB,
  outputBytes: 64 * MIB,
  fileBytes: 8 * MIB,
  entries: 2000,
  depth: 16,
  ratio: 200,
  milliseconds: 30_000,
  allowedTypes: ALLOWED_TYPES,
};
