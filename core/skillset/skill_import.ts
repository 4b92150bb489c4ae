/**
 * An Agent Skill becomes a SkillSet: its `SKILL.md` is an entry of knowledge, its other files lie beside
 * it. See `kairos_formats/skillsets.md#agent-skills`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { brokenSkillRule, SKILL_FILE, skillName } from "../layers/agent_skill.ts";
import { type EntryText, parseEntryText, splitFrontMatter } from "../layers/front_matter.ts";
import { quote } from "../text.ts";
import { programOf } from "./judge_content.ts";
import { judgePlace } from "./judge_path.ts";
import type { PackageLimits } from "./limits.ts";
import { isMacLeftover } from "./mac_leftover.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { judgeTravel } from "./package.ts";
import { PackageRefusedError } from "./refusal.ts";
import type { PackedFile } from "./tar_write.ts";
import { parseVersion } from "./versions.ts";

/** How a skill is taken over. */
export interface SkillImportOptions {
  /** How much it may be. */
  readonly limits: PackageLimits;
  /** Name of the SkillSet; the skill's unless given. */
  readonly name?: string | undefined;
  /** Leave programs out instead of refusing the skill. */
  readonly withoutScripts?: boolean | undefined;
}

/** A skill as a SkillSet, not installed. */
export interface ImportedSkill {
  /** Name of the skill. */
  readonly skill: string;
  /** The files of the SkillSet. */
  readonly files: readonly PackedFile[];
  /** Its manifest. */
  readonly manifest: Manifest;
  /** Files of the skill that were left out. */
  readonly leftOut: readonly string[];
}

/** Folder of a skill with programs. */
const SCRIPTS = "scripts";
const DEFAULT_VERSION = "1.0.0";

/**
 * Makes a SkillSet of a skill. Its name is the skill's with `_` for `-`; no tool it asks for is allowed
 * by that.
 *
 * @param found The skill's files, or one folder that holds them
 * @param options Limits, name, whether programs are left out
 * @returns The SkillSet
 * @throws {KairosError} `invalid` when it breaks a rule of the format, `not_found` without `SKILL.md`
 * @throws {PackageRefusedError} For a file that may not come in
 *
 * @example
 * ```ts
 * import { PACKAGE_LIMITS } from "./limits.ts";
 * import { importSkill } from "./skill_import.ts";
 *
 * const text = "---\nname: release-notes\ndescription: How they are written\n---\n# Notes\n";
 * const bytes = new TextEncoder().encode(text);
 * const { files } = importSkill([{ path: "SKILL.md", bytes }], { limits: PACKAGE_LIMITS });
 * if (files[0]?.path !== "knowledge/release_notes/release_notes.md") throw new Error();
 * ```
 */
export function importSkill(
  found: readonly PackedFile[],
  { limits, name, withoutScripts = false }: SkillImportOptions,
): ImportedSkill {
  const leftOut = found.map(({ path }) => path).filter(isMacLeftover);
  const files = belowSkill(found.filter(({ path }) => !isMacLeftover(path)));
  const document = files.find(({ path }) => path === SKILL_FILE)!;
  const read = parseEntryText(document.bytes, "");
  const skill = checkSkill(read);
  const entry = skill.replaceAll("-", "_");
  const folder = `knowledge/${entry}`;
  const others = files.filter((file) => file !== document).flatMap(({ path, bytes }) => {
    const target = `${folder}/${path}`;
    if (!isProgram(path, target, bytes, limits)) return [{ path: target, bytes }];
    if (!withoutScripts) throw scripts(path);
    leftOut.push(path);
    return [];
  });
  const manifest = manifestOf(name ?? entry, folder, read);
  const all = [
    { path: `${folder}/${entry}.md`, bytes: renamed(document.bytes, entry) },
    ...others,
    manifest,
  ];
  judgeTravel(all, limits);
  return { skill, files: all, manifest: parseManifest(manifest.bytes, manifest.path), leftOut };
}

/** The files below the skill's own folder, which a zip often begins with. */
function belowSkill(found: readonly PackedFile[]): readonly PackedFile[] {
  if (found.some(({ path }) => path === SKILL_FILE)) return found;
  const folders = found.map(({ path }) => path.split("/"))
    .filter((names) => names.length === 2 && names[1] === SKILL_FILE)
    .map(([folder]) => folder!);
  const [folder, ...more] = folders;
  if (folder === undefined || more.length > 0) {
    throw new KairosError("not_found", `Cannot import: ${SKILL_FILE} is not at the top`, {
      hint: folder === undefined
        ? `Name the folder or the zip of one skill, with its ${SKILL_FILE}`
        : `Name one of the skills in it: ${
          folders.slice(0, 20).map((one) => quote(one)).join(", ")
        }`,
    });
  }
  const outside = found.find(({ path }) => !path.startsWith(`${folder}/`));
  if (outside !== undefined) throw new PackageRefusedError("outside_folder", outside.path);
  return found.map(({ path, bytes }) => ({ path: path.slice(folder.length + 1), bytes }));
}

/** Holds the front matter to the rules of the format; returns the skill's name. */
function checkSkill({ fields, problem }: EntryText): string {
  const { name } = fields;
  const broken = problem?.message ??
    (typeof name === "string" && skillName(name) === name
      ? brokenSkillRule(fields)
      : `its name is ${
        quote(name ?? "")
      }, not 1 to 64 of a to z and digits with single - between them`);
  if (broken === null) return name as string;
  throw new KairosError("invalid", `Cannot import the skill: ${broken}`, {
    hint: `Its ${SKILL_FILE} begins with front matter that gives name and description`,
  });
}

function isProgram(
  path: string,
  target: string,
  bytes: Uint8Array,
  { allowedTypes }: PackageLimits,
): boolean {
  return path.split("/").slice(0, -1).includes(SCRIPTS) ||
    judgePlace(target, allowedTypes) === "executable" || programOf(path, bytes) !== null;
}

/** The document under its new name, quoted since a name may look like a number; every other byte stays. */
function renamed(bytes: Uint8Array, entry: string): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  const { yaml } = splitFrontMatter(text);
  const changed = yaml!.replace(/^(["']?)name\1[ \t]*:[^\r\n]*/m, `name: ${JSON.stringify(entry)}`);
  const renamed = new TextEncoder().encode(text.replace(yaml!, () => changed));
  if (parseEntryText(renamed, "").fields["name"] === entry) return renamed;
  throw new KairosError("invalid", "Cannot import the skill: its name is not on one line", {
    hint: `Write it as name: NAME in the front matter of ${SKILL_FILE}`,
  });
}

function manifestOf(name: string, folder: string, { fields }: EntryText): PackedFile {
  const { description, metadata } = fields;
  const said: Readonly<Record<string, unknown>> =
    metadata !== null && typeof metadata === "object" && !Array.isArray(metadata) ? metadata : {};
  const { version, author } = said;
  const manifest = {
    name,
    version: typeof version === "string" && isVersion(version) ? version : DEFAULT_VERSION,
    description,
    author: typeof author === "string" ? author : "",
    layer: "L2",
    depends_on: [],
    provides: [],
    knowledge_dirs: [folder],
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  return { path: "skillset.json", bytes: new TextEncoder().encode(text) };
}

function isVersion(text: string): boolean {
  try {
    parseVersion(text);
    return true;
  } catch {
    return false;
  }
}

function scripts(path: string): PackageRefusedError {
  return new PackageRefusedError("executable", path, "--without-scripts leaves programs out");
}
