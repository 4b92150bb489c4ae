/**
 * An entry of L1 as an Agent Skill: its name, its `SKILL.md`, and the rules that format adds.
 *
 * The rules are those of the Agent Skills specification as the Skills extension of MCP serves it.
 *
 * @module
 */

import { quote } from "../text.ts";
import type { YamlMap, YamlValue } from "../yaml.ts";
import { type EntryText, splitFrontMatter } from "./front_matter.ts";
import type { Origin } from "./origin.ts";

/** Name of the document of every skill. */
export const SKILL_FILE = "SKILL.md";

/** Most files of a skill, its document included. */
export const MAX_SKILL_FILES = 512;
/** Most bytes of all files of a skill. */
export const MAX_SKILL_BYTES = 16 * 1024 * 1024;

const MAX_NAME = 64;
/** Longest description of a skill, in characters. */
export const MAX_DESCRIPTION = 1024;
const MAX_COMPATIBILITY = 500;
/** Keys of `metadata` that begin so belong to the protocol. */
const RESERVED = "io.modelcontextprotocol/";

/** The front matter of a skill. */
export type SkillFields = YamlMap & {
  /** Name of the skill. */
  readonly name: string;
  /** What it is about. */
  readonly description: string;
};

/**
 * The name an entry has as a skill.
 *
 * @param entry The entry's name
 * @returns The same with `-` for `_`, or `null` when no skill may be called so
 *
 * @example
 * ```ts
 * import { skillName } from "./agent_skill.ts";
 *
 * if (skillName("release_notes") !== "release-notes") throw new Error();
 * if (skillName("設計") !== null || skillName("a__b") !== null) throw new Error();
 * ```
 */
export function skillName(entry: string): string | null {
  const name = entry.replaceAll("_", "-");
  return name.length <= MAX_NAME && /^[0-9a-z]+(?:-[0-9a-z]+)*$/.test(name) ? name : null;
}

/**
 * The document of an entry as a `SKILL.md`. Its front matter is written anew, because the name in it
 * must be the skill's and hosts read YAML by half; the body stays as it is.
 *
 * @param entry The entry's document, read
 * @param text The same as text
 * @param name Name of the skill
 * @param origin The SkillSet it comes from; told in `metadata`, whatever the document says there
 * @returns The front matter and the whole text, or why there can be none
 */
export function skillDocument(
  { fields, description }: EntryText,
  text: string,
  name: string,
  origin: Origin | null = null,
): { readonly fields: SkillFields; readonly text: string } | string {
  const said = plain({ ...allowed(fields, origin), name, description });
  const problem = brokenSkillRule(said);
  if (problem !== null) return problem;
  const written = origin === null ? said : { ...said, metadata: metadataOf(said, origin) };
  const lines = Object.entries(written).map(([key, value]) =>
    `${fieldName(key)}: ${flow(value)}\n`
  );
  return {
    fields: written as SkillFields,
    text: `---\n${lines.join("")}---\n${splitFrontMatter(text).body}`,
  };
}

function metadataOf({ metadata }: YamlMap, { skillset, received }: Origin): YamlMap {
  const texts = metadata !== undefined && isTexts(metadata) ? metadata : {};
  return { ...texts, skillset, received: String(received) };
}

/** The fields without the tools somebody else asks for: passed on, hosts would allow them. */
function allowed(fields: YamlMap, origin: Origin | null): YamlMap {
  if (origin?.received !== true) return fields;
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => !/^allowed[-_]tools$/i.test(name)),
  );
}

/**
 * Which rule of the format the fields of a skill break, its name aside.
 *
 * @param fields The front matter
 * @returns What is wrong, or `null`
 */
export function brokenSkillRule(
  { description, compatibility, metadata }: YamlMap,
): string | null {
  if (typeof description !== "string" || description.trim() === "") return "it has no description";
  const length = [...description].length;
  if (length > MAX_DESCRIPTION) {
    return `its description has ${length} characters, more than ${MAX_DESCRIPTION}`;
  }
  if (compatibility !== undefined && !isCompatibility(compatibility)) {
    return `its field compatibility is no text of 1 to ${MAX_COMPATIBILITY} characters`;
  }
  if (metadata === undefined) return null;
  if (!isTexts(metadata)) return "its field metadata does not map texts to texts";
  const reserved = Object.keys(metadata).find((key) => key.startsWith(RESERVED));
  return reserved === undefined
    ? null
    : `its field metadata holds ${quote(reserved)}, which is reserved`;
}

function isCompatibility(value: YamlValue): boolean {
  return typeof value === "string" && value !== "" && [...value].length <= MAX_COMPATIBILITY;
}

function isTexts(value: YamlValue): value is Readonly<Record<string, string>> {
  return value !== null && typeof value === "object" && !Array.isArray(value) &&
    Object.values(value).every((one) => typeof one === "string");
}

/** The fields as JSON has them, which is what entries of skills carry. */
function plain(fields: YamlMap): YamlMap {
  const json = JSON.stringify(fields, (key, value: unknown) => {
    // Readers of front matter refuse the name, and rightly.
    if (key === "__proto__") return undefined;
    return typeof value === "string" ? value.toWellFormed() : value;
  });
  return JSON.parse(json) as YamlMap;
}

/** JSON on one line is YAML that every reader takes for the same; control characters are escaped. */
function flow(value: YamlValue): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function fieldName(key: string): string {
  return /^[a-z][\w-]*$/i.test(key) && !/^(?:null|true|false)$/i.test(key) ? key : flow(key);
}
