/**
 * How much a package may be. Counters come first, the time is the second line.
 *
 * @module
 */

import { type Config, SETTINGS } from "../config/settings.ts";
import { ALLOWED_TYPES } from "./judge_path.ts";

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

/** The limits, unless the settings say otherwise. */
export const PACKAGE_LIMITS: PackageLimits = {
  inputBytes: SETTINGS["exchange.input_bytes"].default,
  outputBytes: SETTINGS["exchange.output_bytes"].default,
  fileBytes: SETTINGS["exchange.file_bytes"].default,
  entries: SETTINGS["exchange.entries"].default,
  depth: SETTINGS["exchange.depth"].default,
  ratio: SETTINGS["exchange.ratio"].default,
  milliseconds: 30_000,
  allowedTypes: ALLOWED_TYPES,
};

/** The settings that limit packages. */
export type ExchangeConfig = Pick<
  Config,
  | "exchange.input_bytes"
  | "exchange.output_bytes"
  | "exchange.file_bytes"
  | "exchange.entries"
  | "exchange.depth"
  | "exchange.ratio"
  | "exchange.allowed_types"
>;

/**
 * The limits as the settings have them.
 *
 * @param config The settings
 * @returns The limits
 */
export function packageLimits(config: ExchangeConfig): PackageLimits {
  return {
    ...PACKAGE_LIMITS,
    inputBytes: config["exchange.input_bytes"],
    outputBytes: config["exchange.output_bytes"],
    fileBytes: config["exchange.file_bytes"],
    entries: config["exchange.entries"],
    depth: config["exchange.depth"],
    ratio: config["exchange.ratio"],
    allowedTypes: config["exchange.allowed_types"],
  };
}
