/**
 * SkillSets whose entries are lent, for tests.
 *
 * @module
 */

import type { PackedFile } from "../../core/skillset/tar_write.ts";
import { document } from "../support/instance.ts";
import { skillSet } from "./sets.ts";

/**
 * A SkillSet with entries.
 *
 * @param name Its name
 * @param entries Name of each entry to what it says
 * @param fields Further fields of its manifest
 * @param more Further files: path to text
 * @returns Its files
 */
export function lendingSet(
  name: string,
  entries: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, string>> = {},
): PackedFile[] {
  const texts = Object.entries(entries)
    .map(([entry, body]) => [`knowledge/${entry}/${entry}.md`, document(entry, body)] as const);
  const knowledge_dirs = Object.keys(entries).map((entry) => `knowledge/${entry}`);
  return skillSet(name, { knowledge_dirs, ...fields }, { ...Object.fromEntries(texts), ...more });
}
