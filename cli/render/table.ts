/**
 * Tables for people: columns side by side, cut to the terminal.
 *
 * @module
 */

import { visible } from "../../core/text.ts";
import { cutTo, padTo, widthOf } from "../../core/text_width.ts";

/** One column of a table. */
export interface Column<Row> {
  /** Its heading. */
  readonly title: string;
  /** The text of a row's cell; hidden characters in it are made visible. */
  readonly cell: (row: Row) => string;
  /** Gives way when the terminal is narrow; the narrowest it may become, in columns. */
  readonly shrinksTo?: number;
  /** Numbers stand on the right. */
  readonly right?: boolean;
}

/** How a table is shown. */
export interface TableOptions {
  /** Columns of the terminal; `null` for no limit. */
  readonly width: number | null;
  /** Marks the headings. */
  readonly heading?: (text: string) => string;
  /** Whether headings are shown; a table that goes on has none. */
  readonly isHeaded?: boolean;
  /** Least widths of the columns, so that what goes on stands under what was shown before. */
  readonly least?: readonly number[];
}

const GAP = "  ";

/**
 * Renders a table.
 *
 * @param columns What to show
 * @param rows Of what
 * @param options Width and look
 * @returns The lines, each ended by a newline
 *
 * @example
 * ```ts
 * import { renderTable } from "./table.ts";
 *
 * const columns = [
 *   { title: "NAME", cell: (row: string[]) => row[0]! },
 *   { title: "ABOUT", cell: (row: string[]) => row[1]! },
 * ];
 * const text = renderTable(columns, [["設計", "a"], ["x", "b"]], { width: null });
 * if (text !== "NAME  ABOUT\n設計  a\nx     b\n") throw new Error(text);
 * ```
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: TableOptions,
): string {
  const cells = rows.map((row) => columns.map(({ cell }) => visible(cell(row))));
  const widths = fitted(columns, cells, options);
  const line = (texts: readonly string[]) =>
    texts.map((text, at) => {
      const cut = cutTo(text, widths[at]!);
      return columns[at]!.right === true ? padStart(cut, widths[at]!) : padTo(cut, widths[at]!);
    }).join(GAP).trimEnd();
  const heading = options.heading ?? ((text: string) => text);
  const head = options.isHeaded === false ? [] : [heading(line(columns.map(({ title }) => title)))];
  return [...head, ...cells.map(line)].map((text) => `${text}\n`).join("");
}

/**
 * The widths a table would have.
 *
 * @param columns What to show
 * @param rows Of what
 * @param options Width and least widths
 * @returns The width of each column
 */
export function columnWidths<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: Pick<TableOptions, "width" | "least">,
): number[] {
  return fitted(columns, rows.map((row) => columns.map(({ cell }) => visible(cell(row)))), options);
}

function fitted<Row>(
  columns: readonly Column<Row>[],
  cells: readonly (readonly string[])[],
  { width, least = [] }: Pick<TableOptions, "width" | "least">,
): number[] {
  const widths = columns.map(({ title }, at) =>
    Math.max(widthOf(title), least[at] ?? 0, ...cells.map((line) => widthOf(line[at]!)))
  );
  if (width !== null) shrink(columns, widths, width);
  return widths;
}

/** Takes columns from those that may shrink, the last first, until the table fits. */
function shrink<Row>(columns: readonly Column<Row>[], widths: number[], limit: number): void {
  let over = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1) -
    limit;
  for (let at = widths.length - 1; at >= 0 && over > 0; at--) {
    const least = columns[at]!.shrinksTo;
    if (least === undefined) continue;
    const taken = Math.min(over, Math.max(0, widths[at]! - least));
    widths[at] = widths[at]! - taken;
    over -= taken;
  }
}

function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - widthOf(text))) + text;
}
