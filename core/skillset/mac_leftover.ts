/**
 * What the system of Macs adds to every zip it makes: `__MACOSX/`, with `._NAME` for each file, and
 * `.DS_Store` in folders somebody looked at. It is nobody's content, and refusing it would refuse most
 * zips made there; so it is left out by name. See `kairos_formats/skillsets.md#agent-skills`.
 *
 * @module
 */

import { judgeForm } from "./judge_path.ts";
import type { Refusal } from "./refusal.ts";

const FOLDER = "__MACOSX";
const VIEW = ".DS_Store";

/**
 * Whether a path is one of those.
 *
 * @param path The path as it stands in the archive
 * @returns `true` for what lies in a topmost `__MACOSX`, and for a file `.DS_Store` anywhere
 *
 * @example
 * ```ts
 * import { isMacLeftover } from "./mac_leftover.ts";
 *
 * if (!isMacLeftover("__MACOSX/pdf/._SKILL.md")) throw new Error("it would have come in");
 * if (isMacLeftover("pdf/._SKILL.md")) throw new Error("that is somebody's own");
 * ```
 */
export function isMacLeftover(path: string): boolean {
  const names = path.split("/");
  return names[0] === FOLDER || names.at(-1) === VIEW;
}

/**
 * Judges the form of a path in a zip. Of what will be left out only the names Macs give may be hidden.
 *
 * @param path The path as it stands in the archive
 * @param depth Most names in it
 * @returns The reason to refuse it, or `null`
 */
export function judgeZipForm(path: string, depth: number): Refusal | null {
  if (!isMacLeftover(path)) return judgeForm(path, depth);
  const names = path.split("/");
  const last = names.pop()!;
  const isAdded = last === VIEW || (names[0] === FOLDER && last.startsWith("._"));
  return judgeForm([...names, isAdded ? last.slice(1) : last].join("/"), depth);
}
