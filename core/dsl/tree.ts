/**
 * A law on its way in: values that know where they stand, not yet checked.
 *
 * @module
 */

import type { Json } from "./ast.ts";
import { LAW_LIMITS } from "./limits.ts";

/** A field of an object as it was found; the same key may come twice. */
export interface TreeField<Where> {
  /** Its name. */
  readonly key: string;
  /** Where the name stands. */
  readonly at: Where;
  /** What it holds. */
  readonly value: Tree<Where>;
}

/** A value and its place: an offset of a source, or a JSON pointer. */
export type Tree<Where> =
  & {
    /** Where it stands. */
    readonly at: Where;
  }
  & (
    | { readonly kind: "scalar"; readonly value: null | boolean | number | string }
    | { readonly kind: "list"; readonly items: readonly Tree<Where>[] }
    | { readonly kind: "object"; readonly fields: readonly TreeField<Where>[] }
  );

/** Levels a tree may have before it is checked; the frame of a law adds fewer than half of them. */
export const TREE_DEPTH = 2 * LAW_LIMITS.depth;

/**
 * The tree of a JSON value, its places as JSON pointers.
 *
 * @param value What `JSON.parse` returned
 * @param at Pointer to the value
 * @returns The tree, or `null` when it has more levels than {@linkcode TREE_DEPTH}
 */
export function treeOfJson(value: Json, at = ""): Tree<string> | null {
  if (at.length > 0 && at.split("/").length > TREE_DEPTH) return null;
  if (value === null || typeof value !== "object") return { at, kind: "scalar", value };
  if (Array.isArray(value)) {
    const items = value.map((item: Json, index) => treeOfJson(item, `${at}/${index}`));
    return items.every((item) => item !== null) ? { at, kind: "list", items } : null;
  }
  const fields: TreeField<string>[] = [];
  for (const [key, held] of Object.entries(value)) {
    const below = `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const tree = treeOfJson(held as Json, below);
    if (tree === null) return null;
    fields.push({ key, at: below, value: tree });
  }
  return { at, kind: "object", fields };
}
