/**
 * The knowledge of a SkillSet as Agent Skills, each as that format's own rules accept it. See
 * `kairos_formats/skillsets.md#agent-skills`.
 *
 * @module
 */

import {
  MAX_DESCRIPTION,
  MAX_SKILL_BYTES,
  MAX_SKILL_FILES,
  SKILL_FILE,
  skillDocument,
  skillName,
} from "../layers/agent_skill.ts";
import { type EntryText, parseEntryText } from "../layers/front_matter.ts";
import type { YamlMap, YamlValue } from "../yaml.ts";
import type { PackedFile } from "./tar_write.ts";

/** A skill to write. */
export interface ExportedSkill {
  /** Its name, that of its folder. */
  readonly name: string;
  /** The entry it was made of. */
  readonly entry: string;
  /** Its files, paths below its folder. */
  readonly files: readonly PackedFile[];
  /** What was changed to fit the format, sentences without a period. */
  readonly notes: readonly string[];
}

/** Skills of a SkillSet, and entries that make none. */
export interface SkillExport {
  /** The skills. */
  readonly skills: readonly ExportedSkill[];
  /** Entries that were left out, and why. */
  readonly skipped: readonly { readonly entry: string; readonly reason: string }[];
}

/** Fields of the format. Tools are not among them: what others ask for is not to be allowed by us. */
const FIELDS = ["license", "compatibility", "metadata"] as const;

/**
 * Makes skills of the entries of a SkillSet.
 *
 * @param files The files of the SkillSet
 * @returns The skills
 *
 * @example
 * ```ts
 * import { exportSkills } from "./skill_export.ts";
 *
 * const bytes = new TextEncoder().encode("---\ndescription: How\nversion: 1.10\n---\n# Notes\n");
 * const { skills } = exportSkills([{ path: "knowledge/release_notes/release_notes.md", bytes }]);
 * if (skills[0]?.name !== "release-notes") throw new Error("another name");
 * ```
 */
export function exportSkills(files: readonly PackedFile[]): SkillExport {
  const skills: ExportedSkill[] = [];
  const skipped: { entry: string; reason: string }[] = [];
  for (const { path, bytes } of files) {
    const entry = /^knowledge\/([^/]+)\/\1\.md$/.exec(path)?.[1];
    if (entry === undefined) continue;
    const folder = `knowledge/${entry}/`;
    const others = files.filter((file) => file.path.startsWith(folder) && file.path !== path)
      .map((file) => ({ path: file.path.slice(folder.length), bytes: file.bytes }));
    const made = skillOf(entry, bytes, others);
    const reason = typeof made === "string"
      ? made
      : skills.some(({ name }) => name === made.name)
      ? `another entry is called ${made.name} too`
      : null;
    if (reason !== null) skipped.push({ entry, reason });
    else if (typeof made !== "string") skills.push(made);
  }
  return { skills, skipped };
}

/** One entry as a skill, or why it makes none. */
function skillOf(
  entry: string,
  bytes: Uint8Array,
  others: readonly PackedFile[],
): ExportedSkill | string {
  const name = skillName(entry);
  if (name === null) return "its name has other characters than a to z, digits and single dashes";
  const read = parseEntryText(bytes, entry);
  if (read.problem !== null) return read.problem.message;
  if (read.isPrivate) return "it is private";
  if (others.some(({ path }) => path.toLowerCase() === SKILL_FILE.toLowerCase())) {
    return `it has a file ${SKILL_FILE} already`;
  }
  const notes: string[] = [];
  const description = shortened(read.description, notes);
  const fields = fieldsOf(read, notes);
  const text = new TextDecoder().decode(bytes);
  const made = skillDocument({ ...read, description, fields }, text, name);
  if (typeof made === "string") return made;
  const document = { path: SKILL_FILE, bytes: new TextEncoder().encode(made.text) };
  const files = [document, ...others];
  if (files.length > MAX_SKILL_FILES) {
    return `it has ${files.length} files, more than ${MAX_SKILL_FILES}`;
  }
  const total = files.reduce((sum, file) => sum + file.bytes.length, 0);
  if (total > MAX_SKILL_BYTES) return `it has ${total} bytes, more than ${MAX_SKILL_BYTES}`;
  return { name, entry, files, notes };
}

function shortened(description: string | null, notes: string[]): string | null {
  const characters = [...description ?? ""];
  if (characters.length <= MAX_DESCRIPTION) return description;
  notes.push(`its description was cut to ${MAX_DESCRIPTION} characters`);
  return characters.slice(0, MAX_DESCRIPTION - 1).join("") + "…";
}

/** The fields the format knows; a version goes where the format has room for it. */
function fieldsOf({ fields, version }: EntryText, notes: string[]): YamlMap {
  const kept: Record<string, YamlValue> = {};
  for (const name of FIELDS) {
    if (fields[name] !== undefined && fields[name] !== null) kept[name] = fields[name];
  }
  const { metadata = {} } = kept;
  const isMap = metadata !== null && typeof metadata === "object" && !Array.isArray(metadata);
  if (version !== null && isMap && !("version" in metadata)) {
    kept["metadata"] = { ...metadata, version };
  }
  const known: readonly string[] = [...FIELDS, "name", "description", "version"];
  const left = Object.keys(fields).filter((name) => !known.includes(name));
  if (left.length > 0) notes.push(`its fields ${left.join(", ")} were left out`);
  return kept;
}
