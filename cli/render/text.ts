/**
 * Small pieces of text that several commands show.
 *
 * @module
 */

import { visible } from "../../core/text.ts";
import { padTo, widthOf } from "../../core/text_width.ts";

/**
 * A hash as people compare it.
 *
 * @param hash 64 digits, or `null`
 * @returns Its first 12 digits, or `-`
 */
export function shortHash(hash: string | null): string {
  return hash === null ? "-" : hash.slice(0, 12);
}

/**
 * A point in time as lists show it.
 *
 * @param time Milliseconds since the epoch, or a text in ISO 8601, or `null`
 * @returns Date, time to the minute and zone; `-` for none
 */
export function shortTime(time: number | string | null): string {
  if (time === null || time === 0 || time === "") return "-";
  const text = typeof time === "number" ? new Date(time).toISOString() : time;
  const parts = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):\d{2}(?:\.\d+)?(Z|[+-]\d{2}:\d{2})$/.exec(text);
  return parts === null ? text : `${parts[1]} ${parts[2]}${parts[3]}`;
}

/**
 * A number of bytes as people read it.
 *
 * @param bytes How many
 * @returns Such as `12 B`, `3.4 KiB`
 */
export function byteSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  const step = Math.min(units.length, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** step).toFixed(1)} ${units[step - 1]}`;
}

/**
 * A number and what it counts.
 *
 * @param count How many
 * @param noun One of them
 * @param nouns Several of them
 * @returns Such as `1 entry`, `2 entries`
 */
export function counted(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}

/**
 * Labels and values, one pair a line, the values in one column.
 *
 * @param pairs Label and value; hidden characters are made visible
 * @returns The lines, each ended by a newline
 */
export function renderPairs(pairs: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(0, ...pairs.map(([label]) => widthOf(label)));
  return pairs.map(([label, value]) => `${padTo(label, width)}  ${visible(value)}`.trimEnd() + "\n")
    .join("");
}
