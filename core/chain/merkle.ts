/**
 * The Merkle tree over the items of one block.
 *
 * A leaf is the SHA-256 of the item's UTF-8 bytes; a node is the SHA-256 of the two children's
 * *hexadecimal text* (128 ASCII characters); an odd last node is paired with itself. The tree has no
 * domain separation, so `[a, b, c]` and `[a, b, c, c]` share a root: a block is bound to its items by
 * its hash, never by the root alone. See `kairos_formats/chain.md#merkle-root`.
 *
 * @module
 */

import { hash } from "node:crypto";

/** One step of a proof, from the leaf upwards. */
export interface ProofStep {
  /** On which side the sibling stands. */
  readonly position: "left" | "right";
  /** The sibling's hash, 64 lower-case hexadecimal digits. */
  readonly data: string;
}

/**
 * The Merkle root of a block's items.
 *
 * @param items The items, well-formed Unicode text
 * @returns 64 hexadecimal digits, or the empty string when there are no items
 *
 * @example
 * ```ts
 * import { merkleRoot } from "./merkle.ts";
 *
 * if (merkleRoot([]) !== "") throw new Error("an empty block has an empty root");
 * ```
 */
export function merkleRoot(items: readonly string[]): string {
  if (items.length === 1) return sha256(items[0]!);
  return levels(items).at(-1)?.[0] ?? "";
}

/**
 * The proof that an item belongs to a root.
 *
 * @param items All items of the block
 * @param item The item to prove; its first occurrence counts
 * @returns The steps bottom-up, or `null` when the item is not among them
 */
export function merkleProof(items: readonly string[], item: string): ProofStep[] | null {
  let index = items.indexOf(item);
  if (index < 0) return null;
  const steps: ProofStep[] = [];
  for (const level of levels(items).slice(0, -1)) {
    const sibling = index % 2 === 0 ? index + 1 : index - 1;
    steps.push({
      position: index % 2 === 0 ? "right" : "left",
      data: level[sibling] ?? level[index]!,
    });
    index = Math.trunc(index / 2);
  }
  return steps;
}

/**
 * Checks a proof by hashing upwards from the item.
 *
 * @param item The item
 * @param proof Its steps, bottom-up
 * @param root The root it should lead to
 * @returns Whether it does
 */
export function verifyMerkleProof(
  item: string,
  proof: readonly ProofStep[],
  root: string,
): boolean {
  let node = sha256(item);
  for (const { position, data } of proof) {
    node = position === "left" ? sha256(data + node) : sha256(node + data);
  }
  return node === root;
}

function levels(items: readonly string[]): string[][] {
  if (items.length === 0) return [];
  const all = [items.map(sha256)];
  for (let level = all[0]!; level.length > 1; level = all.at(-1)!) {
    const parents: string[] = [];
    for (let i = 0; i < level.length; i += 2) {
      parents.push(sha256(level[i]! + (level[i + 1] ?? level[i]!)));
    }
    all.push(parents);
  }
  return all;
}

function sha256(text: string): string {
  return hash("sha256", text);
}
