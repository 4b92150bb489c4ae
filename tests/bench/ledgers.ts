/**
 * Instances with chains of a given length, made quickly for benchmarks.
 *
 * @module
 */

import { type Block, encodeBlock, GENESIS, nextBlock } from "../../core/chain/block.ts";

/** A record as an update of knowledge makes it. */
export const RECORD = JSON.stringify({
  type: "knowledge_update",
  layer: "L1",
  knowledge_id: "release_checklist",
  action: "update",
  prev_hash: "5".repeat(64),
  next_hash: "a".repeat(64),
  reason: "Update knowledge: release_checklist",
  timestamp: "2026-01-20T10:30:00+00:00",
  principal: "stdio:ada",
  agent_id: "claude-code",
});

/**
 * Makes a data directory with a valid chain.
 *
 * @param root The data directory, made here
 * @param blocks How many blocks, genesis included
 */
export async function makeLedger(root: string, blocks: number): Promise<void> {
  await Deno.mkdir(`${root}/storage`, { recursive: true });
  using file = await Deno.open(`${root}/storage/blockchain.json`, { write: true, create: true });
  const encoder = new TextEncoder();
  let last: Block = GENESIS;
  let text = `[\n${encodeBlock(GENESIS)}`;
  for (let index = 1; index < blocks; index++) {
    last = nextBlock(last, [RECORD], "2026-01-20T10:30:00.123456Z");
    text += `,\n${encodeBlock(last)}`;
    if (text.length > 1 << 20) {
      file.writeSync(encoder.encode(text));
      text = "";
    }
  }
  file.writeSync(encoder.encode(`${text}\n]`));
  file.syncSync();
}
