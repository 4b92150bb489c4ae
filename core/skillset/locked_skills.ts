/**
 * Whether the skills of a project are those its `skills-lock.json` notes. Only what lies in the project
 * is looked at; nothing is fetched.
 *
 * @module
 */

import type { Disk } from "../disk/mod.ts";
import { parentOf } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { skillName } from "../layers/agent_skill.ts";
import { quote } from "../text.ts";
import type { PackageLimits } from "./limits.ts";
import { PackageRefusedError } from "./refusal.ts";
import { type LockedSkill, MAX_LOCK, parseSkillsLock, skillFolderHash } from "./skills_lock.ts";
import { readTree } from "./tree.ts";

/** What was found of a skill: `unknown` where nothing is noted that we could compare. */
export type LockedVerdict = "matches" | "differs" | "missing" | "unknown";

/** A skill of a lock file, and what was found of it. */
export interface CheckedSkill extends LockedSkill {
  /** What was found. */
  readonly verdict: LockedVerdict;
}

/** Where the `skills` command puts skills of a project. */
const INSTALLED = ".agents/skills";

/**
 * Reads a lock file and looks at every skill it names.
 *
 * @param disk The disk
 * @param path The lock file
 * @param limits How much a skill may be
 * @returns The skills
 * @throws {KairosError} `not_found`, `invalid`
 */
export function checkSkillsLock(disk: Disk, path: string, limits: PackageLimits): CheckedSkill[] {
  return readLock(disk, path).map((locked) => {
    const isName = skillName(locked.name) === locked.name;
    const folder = `${parentOf(path)}/${INSTALLED}/${locked.name}`;
    return { ...locked, verdict: isName ? compare(disk, folder, locked, limits) : "missing" };
  });
}

/**
 * Holds one skill against a lock file.
 *
 * @param disk The disk
 * @param path The lock file
 * @param skill Name of the skill, and its folder
 * @param limits How much it may be
 * @throws {KairosError} `refused` unless the lock file notes these very files
 */
export function requireLocked(
  disk: Disk,
  path: string,
  { name, folder }: { readonly name: string; readonly folder: string },
  limits: PackageLimits,
): void {
  const locked = readLock(disk, path).find((one) => one.name === name);
  const verdict = locked === undefined ? null : compare(disk, folder, locked, limits);
  if (verdict === "matches") return;
  const found = verdict === null
    ? "the lock file does not name it"
    : verdict === "missing"
    ? "only a folder can be held against a lock file"
    : verdict === "unknown"
    ? "the lock file notes no hash of a kind we know"
    : "the lock file notes other files";
  throw new KairosError("refused", `Cannot import ${quote(name)}: ${found}`, {
    hint: "Nothing was installed",
  });
}

function readLock(disk: Disk, path: string): LockedSkill[] {
  const bytes = disk.read(path, MAX_LOCK);
  if (bytes !== null) return parseSkillsLock(bytes);
  throw new KairosError("not_found", `Cannot read ${quote(path)}: there is no such file`, {
    hint: "Name the skills-lock.json of a project",
  });
}

function compare(
  disk: Disk,
  folder: string,
  { hash }: LockedSkill,
  limits: PackageLimits,
): LockedVerdict {
  if (disk.statLink(folder)?.kind !== "folder") return "missing";
  if (hash === null) return "unknown";
  try {
    const files = readTree(disk, folder, limits, { hidden: true }).filter(({ path }) =>
      !path.split("/").slice(0, -1).some((name) => name === ".git" || name === "node_modules")
    );
    return skillFolderHash(files) === hash ? "matches" : "differs";
  } catch (error) {
    // Links and the like are nothing a hash was made of.
    if (error instanceof PackageRefusedError) return "differs";
    throw error;
  }
}
