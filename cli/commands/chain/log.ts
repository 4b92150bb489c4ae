/**
 * `kairos chain log`
 *
 * @module
 */

import type { Block } from "../../../core/chain/block.ts";
import { parseRecord } from "../../../core/chain/parse_record.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { numberOption, textOption } from "../../parameters.ts";
import { itemLines } from "../../render/blocks.ts";
import { renderTable } from "../../render/table.ts";
import { shortHash, shortTime } from "../../render/text.ts";
import { newestBlocks } from "../../walk.ts";

interface Flags {
  readonly limit: number | undefined;
  readonly type: string | undefined;
}

const LIMIT = 20;

/** Lists blocks, newest first. */
export default defineCommand({
  about: "Lists blocks, newest first. With --type only those that carry a record of that type.",
  examples: [
    { call: "chain log", does: "The newest 20 blocks" },
    {
      call: "chain log --type knowledge_update --limit 5",
      does: "The newest changes of knowledge",
    },
    { call: "chain log --json", does: "Whole blocks as a JSON array" },
  ],
  parameters: {
    flags: {
      limit: numberOption("N", `Most blocks to show; ${LIMIT} unless given`, { min: 1, max: 1e9 }),
      type: textOption("TYPE", "Only blocks with a record of this type"),
    },
  },
  async run(context: CliContext, { limit = LIMIT, type }: Flags) {
    const { store } = await context.open();
    const blocks: Block[] = [];
    for await (const block of newestBlocks(store.ledger)) {
      if (type === undefined || hasType(block, type)) blocks.push(block);
      if (blocks.length >= limit) break;
    }
    const hashes = new Map(blocks.map(({ index, hash }) => [index, hash]));
    const { style, io } = context;
    context.print(blocks, () =>
      blocks.length === 0 ? "No blocks\n" : renderTable(
        [
          { title: "BLOCK", cell: ({ block }) => String(block), right: true },
          { title: "TIME", cell: ({ time }) => shortTime(time) },
          { title: "HASH", cell: ({ block }) => shortHash(hashes.get(block) ?? null) },
          { title: "TYPE", cell: (line) => line.type, shrinksTo: 12 },
          { title: "BY", cell: ({ by }) => by, shrinksTo: 8 },
          { title: "ABOUT", cell: ({ about }) => about, shrinksTo: 16 },
        ],
        blocks.flatMap(itemLines),
        { width: io.stdout.columns, heading: style.strong },
      ));
  },
});

function hasType(block: Block, type: string): boolean {
  return block.data.some((item) => item.includes(type) && parseRecord(item)?.type === type);
}
