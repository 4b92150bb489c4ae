/**
 * Entries of knowledge and context, for programs and for people.
 *
 * @module
 */

import type { Entry, EntrySummary } from "../../core/layers/entry_folder.ts";
import { renderTable } from "./table.ts";
import { byteSize, shortHash, shortTime } from "./text.ts";

/**
 * A summary for programs.
 *
 * @param entry The entry
 * @returns Plain data, keys in snake case
 */
export function entryJson(entry: EntrySummary): Record<string, unknown> {
  return {
    name: entry.name,
    declared_name: entry.declaredName,
    description: entry.description,
    version: entry.version,
    tags: entry.tags,
    private: entry.isPrivate,
    hash: entry.hash,
    size: entry.size,
    modified: entry.modified === 0 ? null : new Date(entry.modified).toISOString(),
    has: entry.has,
    problem: entry.problem,
  };
}

/**
 * An entry with its content, for programs.
 *
 * @param entry The entry
 * @returns Plain data, keys in snake case
 */
export function fullEntryJson(entry: Entry): Record<string, unknown> {
  return {
    ...entryJson(entry),
    path: entry.path,
    content: entry.text,
    files: entry.files.map(({ path, size, modified, executable }) => ({
      path,
      size,
      modified: new Date(modified).toISOString(),
      executable,
    })),
  };
}

/**
 * Summaries as a table.
 *
 * @param entries The entries
 * @param options Width of the terminal and look of headings
 * @returns The lines
 */
export function entryTable(
  entries: readonly EntrySummary[],
  options: { readonly width: number | null; readonly heading: (text: string) => string },
): string {
  return renderTable(
    [
      { title: "NAME", cell: ({ name }) => name, shrinksTo: 20 },
      { title: "VERSION", cell: ({ version }) => version ?? "-" },
      { title: "SIZE", cell: ({ size }) => byteSize(size), right: true },
      { title: "CHANGED", cell: ({ modified }) => shortTime(modified) },
      { title: "HASH", cell: ({ hash }) => shortHash(hash) },
      {
        title: "ABOUT",
        cell: ({ problem, description }) =>
          problem === null ? description ?? "" : `! ${problem.message}`,
        shrinksTo: 12,
      },
    ],
    entries,
    options,
  );
}
