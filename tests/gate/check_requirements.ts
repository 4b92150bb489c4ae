/**
 * Checks the table of requirements against the tests and format documents it points to.
 *
 * @module
 */

import type { Requirement } from "../requirements.ts";
import { readSource } from "./source_facts.ts";

/** Gives the text of a file by its path from the root, `null` when there is none. */
export type Reader = (path: string) => Promise<string | null>;

/** Where the format documents lie; the first is for `kairos_formats.md` itself. */
export const FORMAT_FOLDERS: readonly string[] = [
  "templates/knowledge/kairos_formats/",
  "templates/knowledge/kairos_formats/references/",
];

/**
 * Checks every row: unique id, plain sentence, existing test, existing heading.
 *
 * @param rows The table
 * @param read How to read a file
 * @returns One line for each fault, beginning with the id of its row
 */
export async function checkRequirements(
  rows: readonly Requirement[],
  read: Reader,
): Promise<string[]> {
  const faults: string[] = [];
  const seen = new Set<string>();
  const tests = new Map<string, readonly string[] | null>();
  for (const row of rows) {
    const fault = (text: string) => faults.push(`${row.id}: ${text}`);
    if (seen.has(row.id)) fault("the id is used twice");
    seen.add(row.id);
    if (!/^[a-z0-9]+(-[a-z0-9]+)+$/.test(row.id)) fault("the id is not lower-case-with-hyphens");
    if (!/^[A-Z`].*[^.\s]$/s.test(row.sentence)) fault("the sentence ends in a period or is none");

    const [path, name] = splitOnce(row.test, ": ");
    if (!tests.has(path)) tests.set(path, await testsOf(path, read));
    const names = tests.get(path);
    if (names === null) fault(`${path} does not exist`);
    else if (
      name === "" || !names!.some((one) => one.startsWith(name) || isTemplateOf(one, name))
    ) {
      fault(`${path} has no test or step "${name}"`);
    }

    if (row.format === null) continue;
    const [document, heading] = splitOnce(row.format, "#");
    const text = await firstOf(FORMAT_FOLDERS.map((folder) => folder + document), read);
    if (text === null) fault(`${document} does not exist in ${FORMAT_FOLDERS.join(" or ")}`);
    else if (!headingSlugs(text).includes(heading)) {
      fault(`${document} has no heading #${heading}`);
    }
  }
  return faults;
}

/**
 * The headings of a Markdown text as the fragments GitHub links them by.
 *
 * @param markdown The text; fenced code is skipped
 * @returns One fragment for each heading, repeated ones numbered `-1`, `-2`, ...
 */
export function headingSlugs(markdown: string): string[] {
  const slugs: string[] = [];
  const counts = new Map<string, number>();
  const prose = markdown.replace(/^(`{3,}|~{3,}).*\n(?:.*\n)*?\1[`~]*\s*$/gm, "");
  for (const match of prose.matchAll(/^#{1,6}\s+(.+?)\s*#*\s*$/gm)) {
    const slug = match[1]!.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    slugs.push(count === 0 ? slug : `${slug}-${count}`);
  }
  return slugs;
}

async function testsOf(path: string, read: Reader): Promise<readonly string[] | null> {
  const source = await read(path);
  return source === null ? null : readSource(path, source).tests;
}

/** Whether a name computed from a table, known up to its first hole, can be the one asked for. */
function isTemplateOf(known: string, name: string): boolean {
  return known.length >= 8 && name.startsWith(known) && known.endsWith(" ");
}

async function firstOf(paths: readonly string[], read: Reader): Promise<string | null> {
  for (const path of paths) {
    const text = await read(path);
    if (text !== null) return text;
  }
  return null;
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + mark.length)];
}
