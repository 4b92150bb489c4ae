/**
 * The pin: which approvers somebody expects, said outside the instance, where nothing that can write
 * into the instance can change it. See `kairos_formats/approvers.md#pin`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { digitValues, groupedDigits } from "../keys/base32.ts";
import { quote } from "../text.ts";

/** The fingerprints one source allows. */
export interface Pin {
  /** Where it is said, for messages. */
  readonly source: string;
  /** Fingerprints of approver sets, any of which is fine. */
  readonly allowed: readonly string[];
}

/** Whether a set is the one that is expected. */
export type PinState = "unpinned" | "matches" | "differs";

const DIGITS = 32;
const MAX_FINGERPRINTS = 256;

/**
 * Reads a pin.
 *
 * @param source Where it is said, for messages
 * @param value A fingerprint, or a list of them
 * @returns The pin
 * @throws {KairosError} `invalid` for anything else: a pin that cannot be read must not be passed over
 *
 * @example
 * ```ts
 * import { comparePins, parsePin } from "./pin.ts";
 *
 * const pin = parsePin("KAIROS_APPROVER", "0000 1111 2222 3333 4444 5555 6666 7777");
 * const fingerprint = "0000-1111-2222-3333-4444-5555-6666-7777";
 * if (comparePins([pin], fingerprint) !== "matches") throw new Error("it is the same");
 * if (comparePins([pin], null) !== "differs") throw new Error("nobody is not somebody");
 * ```
 */
export function parsePin(source: string, value: unknown): Pin {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || list.length > MAX_FINGERPRINTS) throw unreadable(source, value);
  const allowed = list.map((one) => {
    const values = typeof one === "string" && one.length < 100 ? digitValues(one) : null;
    if (values?.length !== DIGITS) throw unreadable(source, one);
    return groupedDigits(values);
  });
  return { source, allowed };
}

/**
 * Whether approvers are those that are expected. Every source that says something must agree.
 *
 * @param pins What was said outside
 * @param fingerprint Fingerprint of the approver set, or `null` when there is none
 * @returns `differs` also when there are no approvers where some are expected
 */
export function comparePins(pins: readonly Pin[], fingerprint: string | null): PinState {
  if (pins.length === 0) return "unpinned";
  const fits = fingerprint !== null && pins.every(({ allowed }) => allowed.includes(fingerprint));
  return fits ? "matches" : "differs";
}

function unreadable(source: string, value: unknown): KairosError {
  return new KairosError(
    "invalid",
    `Cannot read the approver pin in ${source}: found ${quote(value)}, expected a fingerprint`,
    { hint: "Copy it from `kairos approver show`: eight groups of four" },
  );
}
