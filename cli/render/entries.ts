/**
 * Entries of knowledge and context, for programs and for people.
 *
 * @module
 */

import type { Entry, EntrySummary } from "../../core/layers/entry_folder.ts";
import type { WithOrigin } from "../../core/layers/library.ts";
import { originFields, originText } from "../../core/layers/origin.ts";
import { type Column, renderTable } from "./table.ts";
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

/** Where entries come from, told as soon as one of them is not the project's own. */
const FROM: Column<Partial<WithOrigin>> = {
  title: "FROM",
  cell: ({ origin }) => origin ? originText(origin) : "-",
  shrinksTo: 12,
};

/**
 * An origin for programs, beside what else is said of an entry.
 *
 * @param entry What comes from somewhere
 * @returns Plain data
 */
export function originJson({ origin }: WithOrigin): Record<string, unknown> {
  return { ...originFields(origin) };
}

/**
 * Summaries as a table.
 *
 * @param entries The entries, with their origins where they have some
 * @param options Width of the terminal and look of headings
 * @returns The lines
 */
export function entryTable(
  entries: readonly (EntrySummary & Partial<WithOrigin>)[],
  options: { readonly width: number | null; readonly heading: (text: string) => string },
): string {
  return renderTable(
    [
      { title: "NAME", cell: ({ name }) => name, shrinksTo: 20 },
      { title: "VERSION", cell: ({ version }) => version ?? "-" },
      { title: "SIZE", cell: ({ size }) => byteSize(size), right: true },
      { title: "CHANGED", cell: ({ modified }) => shortTime(modified) },
      { title: "HASH", cell: ({ hash }) => shortHash(hash) },
      ...(entries.some(({ origin }) => origin) ? [FROM] : []),
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
