/**
 * `kairos knowledge history`
 *
 * @module
 */

import { withoutRecords } from "../../../core/layers/library.ts";
import { type KnowledgeRecord, recordsOf } from "../../../core/layers/records.ts";
import { defineCommand } from "../../command.ts";
import type { CliContext } from "../../context.ts";
import { argument, numberOption } from "../../parameters.ts";
import { recordJson } from "../../render/records.ts";
import { renderTable } from "../../render/table.ts";
import { shortHash, shortTime } from "../../render/text.ts";

const LIMIT = 100;

/** Lists what happened to an entry. */
export default defineCommand({
  about:
    "Lists what happened to an entry, newest first: when, by whom, why. It need not exist any more.",
  examples: [
    { call: "knowledge history notes", does: "What changed, who did it, why" },
    { call: "knowledge history notes --limit 1 --json", does: "The last change, for programs" },
  ],
  isLong: true,
  parameters: {
    flags: {
      limit: numberOption("N", `Most changes to show; ${LIMIT} unless given`, { min: 1, max: 1e9 }),
    },
    positional: { kind: "tuple", parameters: [argument("NAME", "The entry")] },
  },
  async run(
    context: CliContext,
    { limit = LIMIT }: { readonly limit: number | undefined },
    name: string,
  ) {
    const instance = await context.open();
    const { records: finder, knowledge } = instance;
    const records: KnowledgeRecord[] = [];
    for await (const block of finder.blocks({ type: "knowledge_update", entries: [name] })) {
      records.push(...recordsOf(block).filter((record) => record.name === name).toReversed());
      if (records.length >= limit) break;
    }
    if (records.length === 0 && !knowledge.list().some((entry) => entry.name === name)) {
      throw withoutRecords(instance, name);
    }
    const shown = records.slice(0, limit);
    const { style, io } = context;
    context.print(
      shown.map(recordJson),
      () =>
        shown.length === 0 ? "No records: it was not made through kairos\n" : renderTable(
          [
            { title: "BLOCK", cell: ({ block }) => String(block), right: true },
            { title: "TIME", cell: ({ timestamp }) => shortTime(timestamp) },
            { title: "ACTION", cell: ({ action }) => action },
            { title: "HASH", cell: ({ nextHash }) => shortHash(nextHash) },
            { title: "BY", cell: actorOf, shrinksTo: 8 },
            { title: "REASON", cell: ({ reason }) => reason ?? "", shrinksTo: 16 },
          ],
          shown,
          { width: io.stdout.columns, heading: style.strong },
        ),
    );
  },
});

function actorOf({ principal, agentId }: KnowledgeRecord): string {
  return agentId === null ? principal ?? "-" : `${principal ?? "-"} (${agentId})`;
}
