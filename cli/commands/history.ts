/**
 * `kairos history` and `kairos knowledge history`
 *
 * @module
 */

import { KairosError } from "../../core/errors.ts";
import { withoutRecords } from "../../core/layers/library.ts";
import type { KnowledgeRecord } from "../../core/layers/records.ts";
import type { ObjectStore } from "../../core/objects/objects.ts";
import { type CliCommand, defineCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { argument, numberOption } from "../parameters.ts";
import { doorOf, recordJson } from "../render/records.ts";
import { renderTable } from "../render/table.ts";
import { shortHash, shortTime } from "../render/text.ts";

const LIMIT = 100;

/** A record and whether what it published is still there. */
interface Row {
  readonly record: KnowledgeRecord;
  readonly kept: Kept;
}

/** `-` where a record names no version. */
type Kept = "kept" | "missing" | "damaged" | "-";

/**
 * The command that lists the versions of an entry.
 *
 * @param call Its words
 * @returns The command
 */
export function historyCommand(call: string): CliCommand {
  return defineCommand({
    about:
      "Lists the recorded versions of an entry of knowledge, newest first: when, who, through which " +
      "door, what for, and whether the bytes are kept; of a deletion the version that it took away. It " +
      "need not exist any more.",
    examples: [
      { call: `${call} notes`, does: "Every version and who made it" },
      { call: `${call} notes --limit 1 --json`, does: "The last one, for programs" },
    ],
    isLong: true,
    parameters: {
      flags: {
        limit: numberOption("N", `Most versions to show; ${LIMIT} unless given`, {
          min: 1,
          max: 1e9,
        }),
      },
      positional: { kind: "tuple", parameters: [argument("NAME", "The entry")] },
    },
    async run(
      context: CliContext,
      { limit = LIMIT }: { readonly limit: number | undefined },
      name: string,
    ) {
      const instance = await context.open();
      const { knowledge, store } = instance;
      const rows: Row[] = [];
      for await (const record of knowledge.history(name)) {
        rows.push({ record, kept: keptOf(store.objects, record) });
        if (rows.length >= limit) break;
      }
      if (rows.length === 0 && !knowledge.list().some((entry) => entry.name === name)) {
        throw withoutRecords(instance, name);
      }
      const { style, io } = context;
      context.print(
        rows.map(({ record, kept }) => ({
          ...recordJson(record),
          ...doorOf(record.principal),
          kept: kept === "-" ? null : kept,
        })),
        () =>
          rows.length === 0 ? "No records: it was not made through kairos\n" : renderTable<Row>(
            [
              { title: "BLOCK", cell: ({ record }) => String(record.block), right: true },
              { title: "TIME", cell: ({ record }) => shortTime(record.timestamp) },
              { title: "ACTION", cell: ({ record }) => record.action },
              { title: "VERSION", cell: ({ record }) => shortHash(versionOf(record)) },
              { title: "BYTES", cell: ({ kept }) => kept },
              { title: "DOOR", cell: ({ record }) => doorOf(record.principal).door ?? "-" },
              {
                title: "WHO",
                cell: ({ record }) => doorOf(record.principal).who ?? "-",
                shrinksTo: 6,
              },
              { title: "AGENT", cell: ({ record }) => record.agentId ?? "-", shrinksTo: 6 },
              { title: "REASON", cell: ({ record }) => record.reason ?? "", shrinksTo: 16 },
            ],
            rows,
            { width: io.stdout.columns, heading: style.strong },
          ),
      );
    },
  });
}

/** Lists the versions of an entry. */
export default historyCommand("history");

/** What a record published, or took away. */
function versionOf({ nextHash, previousHash }: KnowledgeRecord): string | null {
  return nextHash ?? previousHash;
}

function keptOf(objects: ObjectStore, record: KnowledgeRecord): Kept {
  const version = versionOf(record);
  if (version === null) return "-";
  try {
    return objects.get(version) === null ? "missing" : "kept";
  } catch (error) {
    const isOther = error instanceof KairosError && error.code !== "io";
    if (isOther) return "damaged";
    throw error;
  }
}
