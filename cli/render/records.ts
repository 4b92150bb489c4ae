/**
 * Records of knowledge for programs.
 *
 * @module
 */

import type { KnowledgeRecord } from "../../core/layers/records.ts";

/**
 * A record as plain data.
 *
 * @param record The record
 * @returns Keys in snake case, as on the chain
 */
export function recordJson(record: KnowledgeRecord): Record<string, unknown> {
  return {
    block: record.block,
    action: record.action,
    prev_hash: record.previousHash,
    next_hash: record.nextHash,
    reason: record.reason,
    timestamp: record.timestamp,
    principal: record.principal,
    agent_id: record.agentId,
    files: record.files,
  };
}
