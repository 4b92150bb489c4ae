/**
 * Blocks as people and models read them.
 *
 * @module
 */

import type { Block } from "../../core/chain/block.ts";
import { parseRecord } from "../../core/chain/parse_record.ts";
import { visible } from "../../core/text.ts";

/** A block in results: keys in the order of the format, nothing more. */
export interface HistoryBlock {
  /** Position in the chain. */
  index: number;
  /** When it was made. */
  timestamp: string;
  /** The items. */
  data: string[];
  /** The hash of the block before. */
  previous_hash: string;
  /** The Merkle root of the items. */
  merkle_root: string;
  /** Its hash. */
  hash: string;
}

const MAX_LINE = 200;
const MAX_TEXT = 200_000;

/**
 * A block without whatever else its file holds.
 *
 * @param block The block
 * @returns Its six keys
 */
export function historyBlock(block: Block): HistoryBlock {
  const { index, timestamp, data, previous_hash, merkle_root, hash } = block;
  return {
    index,
    timestamp,
    data: [...data],
    previous_hash,
    merkle_root,
    hash: String(hash ?? ""),
  };
}

/**
 * The type of a block, which is that of its first item.
 *
 * @param block The block
 * @returns `genesis`, the record's type, `skill_transition` for one without a type, or `unknown`
 */
export function recordTypeOf(block: Pick<Block, "index" | "data">): string {
  if (block.index === 0) return "genesis";
  const record = parseRecord(block.data[0] ?? "");
  if (record === null) return "unknown";
  if (typeof record.type === "string" && record.type !== "") return record.type;
  return "skill_id" in record && "prev_ast_hash" in record ? "skill_transition" : "unknown";
}

/**
 * A page of history as text.
 *
 * @param state State of the ledger
 * @param blocks The blocks, newest first
 * @param nextCursor Where the next page begins, or `null`
 * @returns The text, bounded whatever the blocks hold
 */
export function historyText(
  state: string,
  blocks: readonly (HistoryBlock & { type: string })[],
  nextCursor: string | null,
): string {
  let text = `Blockchain History\n${"=".repeat(50)}\n\nLedger state: ${state}\n\n`;
  let shown = 0;
  for (const block of blocks) {
    if (text.length > MAX_TEXT) break;
    text += `${blockText(block)}\n\n${"-".repeat(40)}\n\n`;
    shown++;
  }
  text += `Total: ${shown} blocks shown`;
  if (shown < blocks.length) text += ` of ${blocks.length}; ask for fewer at once to see the rest`;
  if (nextCursor !== null) text += `\nOlder blocks: call again with cursor ${nextCursor}`;
  return text;
}

function blockText(block: HistoryBlock & { type: string }): string {
  const lines = [
    `Block #${block.index} (${line(block.type)})`,
    `  Hash: ${line(block.hash).slice(0, 16)}...`,
    `  Time: ${timeText(block.timestamp)}`,
    ...detailLines(block),
  ];
  if (block.data.length > 1) lines.push(`  Items: ${block.data.length}`);
  return lines.join("\n");
}

/** Label and field of what is told of each type. */
const DETAILS: Readonly<Record<string, readonly (readonly [label: string, field: string])[]>> = {
  knowledge_update: [
    ["Layer", "layer"],
    ["Knowledge", "knowledge_id"],
    ["Action", "action"],
    ["Prev Hash", "prev_hash"],
    ["Next Hash", "next_hash"],
    ["Reason", "reason"],
  ],
  state_commit: [
    ["Commit Type", "commit_type"],
    ["Actor", "actor"],
    ["Reason", "reason"],
    ["Snapshot", "snapshot_ref"],
  ],
  skill_transition: [
    ["Skill", "skill_id"],
    ["Prev Hash", "prev_ast_hash"],
    ["Next Hash", "next_ast_hash"],
    ["Reason", "reason_ref"],
  ],
};

function detailLines({ type, data }: HistoryBlock & { type: string }): string[] {
  const details = Object.hasOwn(DETAILS, type) ? DETAILS[type]! : [];
  const record = parseRecord(data[0] ?? "") ?? {};
  const lines = details.flatMap(([label, field]) => {
    const value = Object.hasOwn(record, field) ? record[field] : null;
    if (value === null || value === undefined) return [];
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const shown = label.endsWith("Hash") && text.length > 16 ? `${text.slice(0, 16)}...` : text;
    return [`  ${label}: ${line(shown)}`];
  });
  if (type === "state_commit" && "summary" in record) {
    lines.splice(-1, 0, ...summaryLines(record.summary));
  }
  return lines.length > 0 ? lines : [`  Data: ${line(data[0] ?? "")}`];
}

function summaryLines(summary: unknown): string[] {
  if (summary === null || typeof summary !== "object") return [];
  const field = (key: string) => line(String((summary as Record<string, unknown>)[key] ?? 0));
  return [
    `  L0 Changed: ${field("L0_changed") === "true" ? "true" : "No"}`,
    `  L1: +${field("L1_added")}, ~${field("L1_modified")}, -${field("L1_deleted")}`,
    `  Promotions: ${field("promotions")}`,
  ];
}

/** `2026-11-21 07:09:06 UTC`, or the time as it stands. */
function timeText(timestamp: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(timestamp);
  return parts === null ? line(timestamp) : `${parts[1]} ${parts[2]} UTC`;
}

function line(text: string): string {
  const cut = text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text;
  return visible(cut);
}
