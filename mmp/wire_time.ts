/**
 * Times as they travel between instances: UTC, whole seconds.
 *
 * @module
 */

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/**
 * A time as it is sent.
 *
 * @param now Milliseconds since the epoch
 * @returns `YYYY-MM-DDTHH:MM:SSZ`
 *
 * @example
 * ```ts
 * import { isWireTime, wireTime } from "./wire_time.ts";
 *
 * if (wireTime(999) !== "1970-01-01T00:00:00Z" || !isWireTime(wireTime(0))) throw new Error("another form");
 * ```
 */
export function wireTime(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}

/**
 * Whether a value has the form of {@linkcode wireTime}.
 *
 * @param value Any value
 * @returns `false` for every other form
 */
export function isWireTime(value: unknown): value is string {
  return typeof value === "string" && TIME.test(value);
}
