/**
 * File name patterns: `*` for any characters, `?` for one, everything else for itself.
 *
 * @module
 */

/**
 * Whether a name matches a pattern, letter case ignored.
 *
 * Only the last `*` is ever taken back, so the time is at most the product of both lengths whatever
 * the pattern.
 *
 * @param pattern The pattern; a leading dot is nothing special
 * @param name The name
 * @returns `true` when the whole name matches
 *
 * @example
 * ```ts
 * import { matchesGlob } from "./glob.ts";
 *
 * if (!matchesGlob("*.key", "Server.KEY") || matchesGlob("?.key", "ab.key")) throw new Error();
 * ```
 */
export function matchesGlob(pattern: string, name: string): boolean {
  const [lowPattern, lowName] = [pattern.toLowerCase(), name.toLowerCase()];
  // What follows the last star must end the name, which tells most names apart at once.
  const ending = lowPattern.slice(lowPattern.lastIndexOf("*") + 1);
  if (!ending.includes("?") && !lowName.endsWith(ending)) return false;
  const wanted = [...lowPattern];
  const given = [...lowName];
  let star = -1;
  let taken = 0;
  let at = 0;
  for (let i = 0; i < given.length;) {
    if (wanted[at] === "*") {
      star = at++;
      taken = i;
    } else if (at < wanted.length && (wanted[at] === "?" || wanted[at] === given[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++taken;
    } else return false;
  }
  return wanted.slice(at).every((char) => char === "*");
}
