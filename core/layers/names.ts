/**
 * Names of entries and sessions: one path segment, nothing hidden in it. See
 * `kairos_formats/entries.md#names`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { isWellFormed, quote, visible } from "../text.ts";

/** Longest name in bytes, as file systems allow. */
const MAX_BYTES = 200;

/** Folders that other tools keep as backups; lists leave them out. */
const BACKUP = /(?:^|\.)bak(?:\.|$)/;

/** Names some systems reserve for devices. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/**
 * Whether lists show a folder of this name. Staged, archived and backup folders are not entries.
 *
 * @param name A folder name
 * @returns `false` for names with a leading dot and for backups
 */
export function isListed(name: string): boolean {
  return !name.startsWith(".") && !BACKUP.test(name);
}

/**
 * Refuses a name that cannot name something new.
 *
 * @param name The name
 * @param what What it is to name, for the message: `knowledge`, `context`, `session`
 * @throws {KairosError} `invalid`
 *
 * @example
 * ```ts
 * import { checkName } from "./names.ts";
 *
 * checkName("設計メモ", "knowledge");
 * ```
 */
export function checkName(name: string, what: string): void {
  const rule = brokenRule(name);
  if (rule === null) return;
  throw new KairosError("invalid", `Invalid ${what} name ${quote(name)}: ${rule}`, {
    hint: "Use letters of any script, digits, `_`, `-`, and dots or spaces inside",
  });
}

/**
 * Refuses a name that cannot be looked up: more than one path segment, or one of those lists leave
 * out. Existing data may hold names that {@linkcode checkName} would refuse today; those are read.
 *
 * @param name The name
 * @param what What it names, for the message
 * @throws {KairosError} `invalid`
 */
export function checkSegment(name: string, what: string): void {
  if (name !== "" && isListed(name) && !/[/\0]/.test(name)) return;
  throw new KairosError(
    "invalid",
    `Invalid ${what} name ${quote(name)}: not a single path segment`,
  );
}

function brokenRule(name: string): string | null {
  if (name === "" || name === "." || name === "..") return "not a single path segment";
  if (/[/\\]/.test(name)) return "not a single path segment";
  if (!isWellFormed(name) || visible(name) !== name) return "it holds hidden characters";
  if (name.startsWith(".")) return "a leading dot is reserved";
  if (BACKUP.test(name)) return "reserved for backups";
  if (DEVICE.test(name)) return "reserved by some operating systems";
  if (/[<>:"|?*]/.test(name)) return "it holds a character some file systems refuse";
  if (/^[ ]|[ .]$/.test(name)) return "it starts or ends with a space or ends with a dot";
  if (new TextEncoder().encode(name).length > MAX_BYTES) return `longer than ${MAX_BYTES} bytes`;
  return null;
}
