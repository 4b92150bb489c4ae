/**
 * Blocks and the items in them, for people.
 *
 * @module
 */

import type { Block } from "../../core/chain/block.ts";
import { parseRecord } from "../../core/chain/parse_record.ts";

/** What an item of a block says in one line. */
export interface ItemLine {
  /** The block's position. */
  readonly block: number;
  /** The block's timestamp. */
  readonly time: string;
  /** Type of the record; `text` for what is none. */
  readonly type: string;
  /** What it says, shortened by whoever shows it. */
  readonly about: string;
  /** Who acted, or empty. */
  readonly by: string;
}

/** Longest part of an item that a line shows, in characters; the terminal cuts further. */
const MAX_ABOUT = 300;

/**
 * The items of a block, one line each.
 *
 * @param block The block
 * @returns A line for each item
 */
export function itemLines(block: Block): ItemLine[] {
  return block.data.map((item) => {
    const at = { block: block.index, time: block.timestamp };
    const record = parseRecord(item);
    if (record === null || typeof record.type !== "string") {
      return { ...at, type: "text", about: cut(item), by: "" };
    }
    const { type, principal } = record;
    return {
      ...at,
      type,
      about: cut(aboutRecord(record)),
      by: typeof principal === "string" ? principal : "",
    };
  });
}

/** Keys that name what a record is about, in the order they are looked for. */
const SUBJECTS = ["knowledge_id", "skill_id", "skillset", "name", "id"] as const;

function aboutRecord(record: Readonly<Record<string, unknown>>): string {
  const words = [record.action, ...SUBJECTS.map((key) => record[key])]
    .filter((word): word is string => typeof word === "string").slice(0, 2);
  const reason = typeof record.reason === "string" ? record.reason : "";
  const head = words.join(" ");
  return head === "" || reason === "" ? head || reason : `${head}: ${reason}`;
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > MAX_ABOUT ? `${[...line].slice(0, MAX_ABOUT).join("")}…` : line;
}
