/**
 * Keeps what was made last, for as long as it would be made of the same.
 *
 * @module
 */

/**
 * A function that remembers its last answer.
 *
 * @param make Makes a value, of nothing but its parameters
 * @returns The same function; called again with the same objects, it gives the same value
 *
 * @example
 * ```ts
 * import { remember } from "./remember.ts";
 *
 * const make = remember((of: readonly string[]) => of.join());
 * const list = ["a", "b"];
 * if (make(list) !== make(list)) throw new Error("made twice");
 * ```
 */
export function remember<K extends readonly unknown[], V>(
  make: (...of: K) => V,
): (...of: K) => V {
  let known: { readonly of: K; readonly value: V } | null = null;
  return (...of) => {
    if (known === null || known.of.some((one, at) => one !== of[at])) {
      known = { of, value: make(...of) };
    }
    return known.value;
  };
}
