/**
 * The records that tell an entry's life, read back from the chain. See
 * `kairos_formats/chain.md#records`.
 *
 * @module
 */

import type { RecordFields } from "../actor.ts";
import type { Block } from "../chain/block.ts";
import { parseRecord } from "../chain/parse_record.ts";

/** What can happen to an entry. */
export type KnowledgeAction = "create" | "update" | "delete" | "archive" | "unarchive";

/**
 * The own fields of a `knowledge_update` record.
 *
 * @param change Name, what happened, SHA-256 of the document before and after, why
 * @returns The fields, in order
 */
export function knowledgeUpdate(
  { name, action, previousHash, hash, reason }: {
    readonly name: string;
    readonly action: KnowledgeAction;
    readonly previousHash: string | null;
    readonly hash: string | null;
    readonly reason: string | undefined;
  },
): RecordFields {
  return {
    type: "knowledge_update",
    layer: "L1",
    knowledge_id: name,
    action,
    prev_hash: previousHash,
    next_hash: hash,
    reason: reason ?? `${TITLES[action]} knowledge: ${name}`,
  };
}

const TITLES: Record<KnowledgeAction, string> = {
  create: "Create",
  update: "Update",
  delete: "Delete",
  archive: "Archive",
  unarchive: "Unarchive",
};

/** One `knowledge_update` record with the block that carries it. */
export interface KnowledgeRecord {
  /** The block's position. */
  readonly block: number;
  /** The entry's name. */
  readonly name: string;
  /** What happened; other implementations may use other words. */
  readonly action: string;
  /** SHA-256 of the document before, or `null`. */
  readonly previousHash: string | null;
  /** SHA-256 of the document after, or `null`. */
  readonly nextHash: string | null;
  /** Why, as the writer put it. */
  readonly reason: string | null;
  /** Local time of the change with its offset. */
  readonly timestamp: string | null;
  /** Door and name of who acted; `null` in records of other implementations. */
  readonly principal: string | null;
  /** What the agent called itself; `null` when it did not. */
  readonly agentId: string | null;
  /** Other files: those a deletion kept, or those a restore put there; path to SHA-256. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * The `knowledge_update` records in one block. Items that are something else, or nothing we know, are
 * passed over: a chain may carry any text.
 *
 * @param block The block
 * @returns Its records, in order
 */
export function recordsOf(block: Block): KnowledgeRecord[] {
  return block.data.flatMap((item) => {
    // Most items are told apart without parsing them.
    if (!item.includes("knowledge_update")) return [];
    const fields = parseRecord(item);
    if (fields?.type !== "knowledge_update" || typeof fields.knowledge_id !== "string") return [];
    return [{
      block: block.index,
      name: fields.knowledge_id,
      action: text(fields.action) ?? "unknown",
      previousHash: text(fields.prev_hash),
      nextHash: text(fields.next_hash),
      reason: text(fields.reason),
      timestamp: text(fields.timestamp),
      principal: text(fields.principal),
      agentId: text(fields.agent_id),
      files: hashes(fields.files),
    }];
  });
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function hashes(value: unknown): Record<string, string> {
  if (value === null || typeof value !== "object") return {};
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}
