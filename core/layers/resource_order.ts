/**
 * The order of resources within a layer: by address, segment by segment, an entry before its files.
 *
 * It is the order of folders, so that who goes on behind an address passes over what lies before it by
 * name, without looking at it.
 *
 * @module
 */

/**
 * Compares two addresses of a layer.
 *
 * @param a Segments of an address
 * @param b Segments of another; what begins with them comes behind it
 * @returns Less than 0 when `a` comes first, more when `b` does, 0 when they are the same
 *
 * @example
 * ```ts
 * import { compareAddresses } from "./resource_order.ts";
 *
 * if (compareAddresses(["a", "scripts"], ["a"]) <= 0) throw new Error("an entry before its files");
 * if (compareAddresses(["a", "scripts"], ["a!"]) >= 0) throw new Error("segment by segment");
 * ```
 */
export function compareAddresses(a: readonly string[], b: readonly string[]): number {
  for (const [at, segment] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    if (segment !== other) return segment < other ? -1 : 1;
  }
  return a.length - b.length;
}
