/**
 * Time as the chain writes it.
 *
 * A block carries `YYYY-MM-DDTHH:MM:SS.ffffffZ` and is hashed over the canonical form of what it
 * carries, so a stored timestamp in another notation still verifies. See
 * `kairos_formats/chain.md#timestamps`.
 *
 * @module
 */

/** A date, optionally a time, optionally a fraction, optionally a zone. */
const NOTATION =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?)?(?: ?(Z|UTC|GMT)|([+-]\d{2}):?(\d{2}))?$/;

/** The notation new blocks are written in, for the days every month has: canonical at a glance. */
const USUAL =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/;

/**
 * The text that goes into a block's hash for a stored timestamp.
 *
 * The fraction is cut (never rounded) to six digits, `Z` and `-00:00` become `Z`, other offsets
 * stay as they are, and a time without a zone counts as `+00:00`.
 *
 * @param stored The timestamp as found in the ledger
 * @returns The canonical text, `stored` itself when it is canonical; `null` when it is no point in
 *   time
 *
 * @example
 * ```ts
 * import { canonicalTimestamp } from "./timestamp.ts";
 *
 * const text = canonicalTimestamp("2026-01-20T10:30:00.1234567Z");
 * if (text !== "2026-01-20T10:30:00.123456Z") throw new Error("not canonical");
 * ```
 */
export function canonicalTimestamp(stored: string): string | null {
  if (USUAL.test(stored)) return stored;
  if (stored.length > 64) return null;
  const match = NOTATION.exec(stored);
  if (match === null) return null;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = ""] = match;
  if (!isCalendarDate(Number(year), Number(month), Number(day))) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const zone = zoneText(match[8], match[9], match[10]);
  if (zone === null) return null;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${
    fraction.slice(0, 6).padEnd(6, "0")
  }${zone}`;
}

/**
 * The timestamp of a new block.
 *
 * @param now Milliseconds since the Unix epoch
 * @returns UTC with six fraction digits
 */
export function blockTimestamp(now: number): string {
  return new Date(now).toISOString().replace("Z", "000Z");
}

/**
 * The timestamp inside a record: local time, whole seconds, numeric offset
 * (`2026-11-21T07:09:05+00:00`).
 *
 * @param now Milliseconds since the Unix epoch
 * @returns The local time of this process
 */
export function recordTimestamp(now: number): string {
  const offset = -new Date(now).getTimezoneOffset();
  const local = new Date(now + offset * 60_000).toISOString().slice(0, 19);
  const minutes = Math.abs(offset);
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${local}${offset < 0 ? "-" : "+"}${pad(Math.trunc(minutes / 60))}:${pad(minutes % 60)}`;
}

function isCalendarDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return month >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function zoneText(
  named: string | undefined,
  hours: string | undefined,
  minutes: string | undefined,
): string | null {
  if (named !== undefined) return "Z";
  if (hours === undefined || minutes === undefined) return "+00:00";
  if (Math.abs(Number(hours)) > 23 || Number(minutes) > 59) return null;
  return hours === "-00" && minutes === "00" ? "Z" : `${hours}:${minutes}`;
}
