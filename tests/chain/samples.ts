/**
 * Chains to test with.
 *
 * @module
 */

import { type Block, encodeLedger, GENESIS, nextBlock } from "../../core/chain/block.ts";

/** Timestamp of every sample block. */
export const TIME = "2026-01-20T10:30:00.123456Z";

/** The bytes of a text. */
export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/**
 * A chain.
 *
 * @param blocks The items of each block after genesis
 * @returns The blocks, genesis first
 */
export function chainOf(...blocks: readonly (readonly string[])[]): Block[] {
  const chain = [GENESIS];
  for (const items of blocks) chain.push(nextBlock(chain.at(-1)!, items, TIME));
  return chain;
}

/**
 * A chain of a certain length, its items with characters of one to four bytes and escapes.
 *
 * @param length Number of blocks, genesis included
 * @returns The blocks
 */
export function chainOfLength(length: number): Block[] {
  return chainOf(
    ...Array.from({ length: length - 1 }, (_, at) => [
      JSON.stringify({ type: "sample", id: at, text: '記録 é 🚀 "quoted" \\ \n' }),
      ...(at % 3 === 0 ? [`second item ${at}`] : []),
    ]),
  );
}

/** Ways to lay out the same chain; `usual` is the format's own. */
export const LAYOUTS: Readonly<Record<string, (blocks: readonly Block[]) => string>> = {
  "usual": encodeLedger,
  "with a newline at the end": (blocks) => encodeLedger(blocks) + "\n",
  "with many blanks at the end": (blocks) => encodeLedger(blocks) + " \r\n\t".repeat(20_000),
  "compact": (blocks) => JSON.stringify(blocks),
  "compact with many blanks at the end": (blocks) => JSON.stringify(blocks) + " \n".repeat(3000),
  "with four spaces": (blocks) => JSON.stringify(blocks, null, 4),
  "with a tab": (blocks) => JSON.stringify(blocks, null, "\t") + "\n",
  "with CRLF": (blocks) => encodeLedger(blocks).replaceAll("\n", "\r\n"),
  "with blanks everywhere": (blocks) =>
    ` [ ${blocks.map((block) => JSON.stringify(block, null, 1)).join(" ,\n\n ")} ]  `,
  "with the keys reversed": (blocks) =>
    JSON.stringify(
      blocks.map((block) => Object.fromEntries(Object.entries(block).reverse())),
      null,
      2,
    ),
  "with unknown keys": (blocks) =>
    JSON.stringify(blocks.map((block) => ({ ...block, more: { deep: [1, {}] } })), null, 2),
  "with ASCII escapes": (blocks) =>
    encodeLedger(blocks).replace(
      /[\u0080-\uffff]/g,
      (char) => "\\u" + char.charCodeAt(0).toString(16).padStart(4, "0"),
    ),
  "usual after compact": (blocks) => {
    const half = Math.ceil(blocks.length / 2);
    const rest = encodeLedger(blocks.slice(half)).slice(2);
    return blocks.length === half
      ? JSON.stringify(blocks)
      : JSON.stringify(blocks.slice(0, half)).slice(0, -1) + ",\n" + rest;
  },
  "compact after usual": (blocks) => {
    const half = Math.ceil(blocks.length / 2);
    const rest = JSON.stringify(blocks.slice(half)).slice(1);
    const first = encodeLedger(blocks.slice(0, half));
    return blocks.length === half ? first : first.slice(0, -2) + ",\n" + rest;
  },
};
