/**
 * Differences of SkillSets for people. Apart from the comparison, since only what is read needs the library
 * that works them out.
 *
 * @module
 */

import { unifiedDiff } from "../text_diff.ts";
import type { FileDifference } from "./compare.ts";

/**
 * A difference for people.
 *
 * @param difference The file
 * @returns A unified diff, or one line for what is no text; hidden characters are as they are
 */
export function differenceText({ path, change, before, after }: FileDifference): string {
  const [old, young] = [textOf(before), textOf(after)];
  if (old === null || young === null) return `Binary file ${path} ${change}\n`;
  const diff = unifiedDiff({ label: `a/${path}`, text: old }, { label: `b/${path}`, text: young });
  return diff === "" ? `Empty file ${path} ${change}\n` : diff;
}

function textOf(bytes: Uint8Array | null): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes ?? new Uint8Array(0));
  } catch {
    return null;
  }
}
