/**
 * Blocks and the items in them, for people.
 *
 * @module
 */

import type { Block } from "../../core/chain/block.ts";
import { parseRecord } from "../../core/chain/parse_record.ts";
import { isKind, KINDS } from "../../core/evolution/kinds.ts";
import { type LawRecord, readLawRecord } from "../../core/evolution/records.ts";
import { factsOfRecord } from "../../core/layers/record_facts.ts";

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
    const { type, principal } = record === null ? NOTHING : factsOfRecord(record);
    if (record === null || type === "") return { ...at, type: "text", about: cut(item), by: "" };
    const law = readLawRecord(item);
    return { ...at, type, about: cut(law ? aboutLaw(law) : aboutRecord(record)), by: principal };
  });
}

const NOTHING = { type: "", principal: "" };

function aboutLaw({ sort, record }: LawRecord): string {
  switch (sort) {
    case "genesis":
      return "the law this instance begins with";
    case "proposal":
      return `${record.kind} of ${record.subject}${record.reason && `: ${record.reason}`}`;
    case "decision":
      return `${record.verdict}, decision ${record.seq}, of ${record.proposal}`;
    case "transition": {
      const { kind, skill_id, seq } = record;
      const isLaw = isKind(kind) && KINDS[kind].changesLaw;
      return `${isLaw ? `${kind} of ${skill_id} in force` : skill_id}, decision ${seq}`;
    }
    case "foreign":
      return record.skill_id;
  }
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
