/**
 * Markdown for models: cells, tables and fences that content cannot break out of.
 *
 * @module
 */

import { visible } from "../../core/text.ts";

/**
 * Text for one cell of a table.
 *
 * @param text Any text
 * @param limit Most characters
 * @returns One line without a cell border in it
 */
export function cell(text: string, limit = 120): string {
  const line = visible(text.replace(/\s+/g, " ").trim()).replaceAll("|", "\\|");
  return line.length > limit ? `${line.slice(0, limit)}…` : line;
}

/**
 * A table.
 *
 * @param head Names of its columns
 * @param rows Cells, already safe
 * @returns Lines of Markdown
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/**
 * Content between fences longer than any in it.
 *
 * @param content Any text
 * @param language Name of its language
 * @returns The fenced block
 */
export function fence(content: string, language = ""): string {
  const longest = (content.match(/`{3,}/g) ?? []).reduce(
    (max, run) => Math.max(max, run.length),
    2,
  );
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${language}\n${content.endsWith("\n") ? content : `${content}\n`}${ticks}`;
}

/**
 * A size for people.
 *
 * @param bytes Number of bytes
 * @returns Such as `512 B`, `1.5 KB`, `2.0 MB`
 */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
