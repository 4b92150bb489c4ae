/**
 * Moments as people name them.
 *
 * @module
 */

import { KairosError } from "../core/errors.ts";
import type { OptionalFlag } from "./parameters.ts";

const HOUR = 3_600_000;

const UNITS: Readonly<Record<string, number>> = {
  m: HOUR / 60,
  h: HOUR,
  d: 24 * HOUR,
  w: 7 * 24 * HOUR,
};

/**
 * A moment: a day, a time, or how long ago.
 *
 * @param input `2026-01-31`, `2026-01-31T10:30:00Z`, `7d`, `12h`; without a zone UTC
 * @param edge Which end of a day is meant
 * @param now Milliseconds since the epoch
 * @returns Milliseconds since the epoch
 * @throws {KairosError} `usage`
 *
 * @example
 * ```ts
 * import { momentOf } from "./moment.ts";
 *
 * const now = Date.UTC(2026, 0, 31, 12);
 * if (momentOf("12h", "start", now) !== Date.UTC(2026, 0, 31)) throw new Error("not half a day ago");
 * if (momentOf("2026-01-30", "end", now) !== Date.UTC(2026, 0, 31)) throw new Error("not its end");
 * ```
 */
export function momentOf(input: string, edge: "start" | "end", now: number): number {
  const ago = /^(\d{1,6})([mhdw])$/.exec(input);
  if (ago !== null) return now - Number(ago[1]) * UNITS[ago[2]!]!;
  const time =
    /^\d{4}-\d{2}-\d{2}(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/
      .exec(input);
  const day = input.slice(0, 10);
  const parsed = time === null ? NaN : Date.parse(`${day}T${time[1] ?? "00:00"}${time[2] ?? "Z"}`);
  // The 31st of a month with 30 days would be taken for the next month's first.
  const isDay = !Number.isNaN(parsed) && new Date(`${day}T00:00Z`).toISOString().startsWith(day);
  if (!isDay) {
    throw new KairosError("usage", "expected a date such as 2026-01-31, or such as 7d, 12h ago");
  }
  return parsed + (edge === "end" && time![1] === undefined ? 24 * HOUR : 0);
}

/**
 * An option with a moment.
 *
 * @param brief What it does
 * @param edge Which end of a day is meant
 * @returns Its description for the scanner
 */
export function momentOption(brief: string, edge: "start" | "end"): OptionalFlag<number> {
  return {
    kind: "parsed",
    brief,
    placeholder: "WHEN",
    optional: true,
    parse: (input) => momentOf(input, edge, Date.now()),
  };
}
