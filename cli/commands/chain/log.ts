/**
 * `kairos chain log`
 *
 * @module
 */

import type { Block } from "../../../core/chain/block.ts";
import { matchesBlock, type RecordFilter } from "../../../core/layers/record_facts.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { comingBlocks } from "../../follow.ts";
import { momentOption } from "../../moment.ts";
import { flag, type Layer, layerOption, numberOption, textOption } from "../../parameters.ts";
import { type ItemLine, itemLines } from "../../render/blocks.ts";
import { renderJson } from "../../render/json.ts";
import { type Column, columnWidths, renderTable, type TableOptions } from "../../render/table.ts";
import { shortHash, shortTime } from "../../render/text.ts";

interface Flags {
  readonly limit: number | undefined;
  readonly type: string | undefined;
  readonly agent: string | undefined;
  readonly principal: string | undefined;
  readonly entry: string | undefined;
  readonly layer: Layer | undefined;
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly follow: boolean;
}

const LIMIT = 20;

/** Room for what comes: of number, time, hash, type, and who acted. */
const LEAST = [5, 22, 12, 16, 12];

/** Lists blocks, newest first. */
export default defineCommand({
  about:
    "Lists blocks, newest first; with options only those that carry a record which fits all of " +
    "them. With --follow the oldest of them comes first, and new ones are added as they come; with " +
    "--json each is a line then.",
  examples: [
    { call: "chain log", does: "The newest 20 blocks" },
    { call: "chain log --type knowledge_update --since 7d", does: "Changes of the last 7 days" },
    { call: "chain log --entry notes --agent claude", does: "What one agent did to one entry" },
    { call: "chain log --follow --json", does: "Blocks as they come, for programs" },
  ],
  isLong: true,
  parameters: {
    flags: {
      limit: numberOption("N", `Most blocks to show; ${LIMIT} unless given`, { min: 1, max: 1e9 }),
      type: textOption("TYPE", "Only blocks with a record of this type"),
      entry: textOption("NAME", "Only blocks about this entry, skill, SkillSet or session"),
      layer: layerOption("Only blocks about this layer"),
      agent: textOption("ID", "Only blocks of what called itself so"),
      principal: textOption("WHO", "Only blocks of who came through this door, as cli:alice"),
      since: momentOption("Only blocks since: a day, a time, or 7d, 12h ago; UTC", "start"),
      until: momentOption("Only blocks until then; a day counts as a whole", "end"),
      follow: flag("Go on with new blocks until Ctrl-C"),
    },
  },
  async run(context: CliContext, { limit = LIMIT, follow, entry, ...wanted }: Flags) {
    const { store: { ledger }, records } = await context.open();
    const filter: RecordFilter = {
      ...wanted,
      ...entry === undefined ? {} : { entries: [entry] },
    };
    // Looked at first: what is appended meanwhile comes with the following ones.
    const known = ledger.head().length;
    const blocks: Block[] = [];
    for await (const block of records.blocks({ ...filter, ...follow ? { below: known } : {} })) {
      blocks.push(block);
      if (blocks.length >= limit) break;
    }
    if (!follow) {
      context.print(blocks, () => blocks.length === 0 ? "No blocks\n" : table(context, blocks));
      return;
    }
    const oldest = blocks.toReversed();
    const least = columnWidths(columns(oldest), oldest.flatMap(itemLines), {
      width: context.io.stdout.columns,
      least: LEAST,
    });
    if (context.json) oldest.forEach((block) => printLine(context, block));
    else context.io.stdout.write(table(context, oldest, { least }));
    context.io.endsItself();
    for await (const block of comingBlocks(ledger, known, context.io.signal)) {
      if (!matchesBlock(block, filter)) continue;
      if (context.json) printLine(context, block);
      else context.io.stdout.write(table(context, [block], { least, isHeaded: false }));
    }
  },
});

function printLine({ io }: CliContext, block: Block): void {
  io.stdout.write(renderJson(block, 0));
}

function table(
  { style, io }: CliContext,
  blocks: readonly Block[],
  more: Pick<TableOptions, "least" | "isHeaded"> = {},
): string {
  const { columns: width } = io.stdout;
  const lines = blocks.flatMap(itemLines);
  return renderTable(columns(blocks), lines, { width, heading: style.strong, ...more });
}

function columns(blocks: readonly Block[]): Column<ItemLine>[] {
  const hashes = new Map(blocks.map(({ index, hash }) => [index, hash]));
  return [
    { title: "BLOCK", cell: ({ block }) => String(block), right: true },
    { title: "TIME", cell: ({ time }) => shortTime(time) },
    { title: "HASH", cell: ({ block }) => shortHash(hashes.get(block) ?? null) },
    { title: "TYPE", cell: ({ type }) => type, shrinksTo: 12 },
    { title: "BY", cell: ({ by }) => by, shrinksTo: 8 },
    { title: "ABOUT", cell: ({ about }) => about, shrinksTo: 16 },
  ];
}
