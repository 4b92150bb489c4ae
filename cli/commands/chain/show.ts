/**
 * `kairos chain show`
 *
 * @module
 */

import type { Block } from "../../../core/chain/block.ts";
import { parseRecord } from "../../../core/chain/parse_record.ts";
import { KairosError } from "../../../core/errors.ts";
import type { Instance } from "../../../core/instance.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { wholeNumber } from "../../parameters.ts";
import { renderPairs } from "../../render/text.ts";

/** Shows one block. */
export default defineCommand({
  about: "Shows one block with everything it carries.",
  examples: [
    { call: "chain show", does: "The last block" },
    { call: "chain show 12 --json", does: "Block 12, for programs" },
  ],
  isLong: true,
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{
        placeholder: "N",
        brief: "Position of the block; the last one unless given",
        optional: true,
        parse: (input: string) =>
          wholeNumber(input.replace(/^#/, ""), { min: 0, max: Number.MAX_SAFE_INTEGER }),
      }],
    },
  },
  async run(context: CliContext, _flags: NonNullable<unknown>, index: number | undefined) {
    const block = await findBlock(await context.open(), index);
    context.print(block, () =>
      renderPairs([
        ["Block", String(block.index)],
        ["Time", block.timestamp],
        ["Hash", block.hash],
        ["Previous hash", block.previous_hash],
        ["Merkle root", block.merkle_root],
      ]) + block.data.map((item, at) =>
        `\nItem ${at}\n${context.body(itemText(item))}\n`
      ).join(""));
  },
});

async function findBlock(
  { store, records }: Pick<Instance, "store" | "records">,
  index: number | undefined,
): Promise<Block> {
  const { state, length, last, problem } = store.ledger.head();
  if (last !== null && index === undefined) return last;
  if (index !== undefined && index < length) {
    for await (const block of records.blocks({ below: index + 1 })) {
      if (block.index === index) return block;
      if (block.index < index) break;
    }
  }
  if (state === "corrupt" || state === "unreadable") {
    throw new KairosError("corrupt", `Cannot show a block: ${problem}`, {
      hint: "Look with `kairos chain verify`; mend with `kairos chain repair`",
    });
  }
  throw new KairosError(
    "not_found",
    `Cannot find block ${index ?? 0}: the chain has ${length} blocks`,
  );
}

/** A record with a line for each key, any other text as it is. */
function itemText(item: string): string {
  const record = parseRecord(item);
  return record === null ? item : JSON.stringify(record, null, 2);
}
