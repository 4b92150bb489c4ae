/**
 * `kairos chain record`
 *
 * @module
 */

import { KairosError } from "../../../core/errors.ts";
import { MAX_BLOCK_TEXT } from "../../../core/chain/block.ts";
import { checkFreeRecords } from "../../../core/record_guard.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { readDocument } from "../../document.ts";
import { argument } from "../../parameters.ts";

/** Puts texts on the chain. */
export default defineCommand({
  about:
    "Puts each TEXT as one item into a new block; without TEXT, standard input as one item. What " +
    "others would take for a record kairos makes itself is refused.",
  examples: [
    { call: 'chain record "Released 1.2 to customers"', does: "One item" },
    { call: "chain record < decision.md", does: "A file as one item" },
  ],
  parameters: {
    positional: {
      kind: "array",
      parameter: argument("TEXT", "What to record; standard input unless given"),
    },
  },
  async run(context: CliContext, _flags: NonNullable<unknown>, ...texts: string[]) {
    const items = texts.length === 0 || (texts.length === 1 && texts[0] === "-")
      ? [(await readDocument(context, texts[0], MAX_BLOCK_TEXT * 3)).replace(/\r?\n$/, "")]
      : texts;
    if (items.some((item) => item.trim() === "")) {
      throw new KairosError("invalid", "Cannot record an empty text");
    }
    checkFreeRecords(items);
    const { store } = await context.open();
    const { index, hash, timestamp, data } = await store.exclusive(() => store.append(items));
    context.print(
      { block: { index, hash, timestamp }, items: data.length },
      () => `Recorded in block ${index}\nHash ${hash}\n`,
    );
    context.say(`Next: kairos chain show ${index}`);
  },
});
