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

/**
 * Who acted, taken apart.
 *
 * @param principal Door and name, such as `cli:alice`, or `null`
 * @returns The two; `null` for what is not said
 */
export function doorOf(
  principal: string | null,
): { readonly door: string | null; readonly who: string | null } {
  const at = principal?.indexOf(":") ?? -1;
  if (principal === null || at < 0) return { door: null, who: principal };
  return { door: principal.slice(0, at), who: principal.slice(at + 1) };
}
