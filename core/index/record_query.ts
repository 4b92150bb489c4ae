/**
 * A filter for records as a question to the index.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { asksRecords, type RecordFilter } from "../layers/record_facts.ts";

/** Longest name that is compared; the block itself tells longer ones apart. */
const MAX_NAME = 200;

/**
 * A text as the index keeps it.
 *
 * @param text Any text
 * @returns Its beginning, without what a database stumbles over
 */
export function shortened(text: string): string {
  return text.slice(0, MAX_NAME).toWellFormed().replaceAll("\0", " ");
}

/**
 * The question for blocks that may fit a filter, newest first; the number of them is its last value.
 *
 * @param filter The filter
 * @returns SQL and the values for it
 *
 * @example
 * ```ts
 * import { recordQuery } from "./record_query.ts";
 *
 * const { values } = recordQuery({ type: "knowledge_update", below: 7 });
 * if (values.join() !== "7,knowledge_update") throw new Error(values.join());
 * ```
 */
export function recordQuery(
  filter: RecordFilter,
): { sql: string; values: (string | number | Uint8Array)[] } {
  const { type, layer, entries, principal, agent, since, until, object, below } = filter;
  const values: (string | number | Uint8Array)[] = [];
  const terms: string[] = [];
  const term = (sql: string, ...wanted: (string | number | Uint8Array)[]) => {
    terms.push(sql);
    values.push(...wanted);
  };
  // The table whose index gives the order goes first.
  const [tables, id] = asksRecords(filter)
    ? ["chain_records r CROSS JOIN chain_blocks b ON b.id = r.block", "r.block"]
    : object !== undefined
    ? ["chain_objects o CROSS JOIN chain_blocks b ON b.id = o.block", "o.block"]
    : ["chain_blocks b", "b.id"];
  if (below !== undefined) term(`${id} < ?`, below);
  for (const [name, wanted] of Object.entries({ type, layer, principal, agent })) {
    if (wanted !== undefined) term(`r.${name} = ?`, shortened(wanted));
  }
  if (entries !== undefined) {
    term(`r.entry IN (${entries.map(() => "?").join(", ")})`, ...entries.map(shortened));
  }
  if (object !== undefined) {
    const isFirst = tables.startsWith("chain_objects");
    const sql = isFirst
      ? "o.hash = ?"
      : `EXISTS (SELECT 1 FROM chain_objects o WHERE o.hash = ? AND o.block = ${id})`;
    term(sql, Buffer.from(object, "hex"));
  }
  if (since !== undefined) term("b.time >= ?", since);
  if (until !== undefined) term("b.time < ?", until);
  const where = terms.length === 0 ? "" : `WHERE ${terms.join(" AND ")}`;
  const sql = `SELECT DISTINCT b.id, b.at, b.size, b.hash FROM ${tables} ${where}
    ORDER BY ${id} DESC LIMIT ?`;
  return { sql, values };
}
