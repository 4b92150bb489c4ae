/**
 * Writes skills into a folder of the user's, such as `.agents/skills`. What is not ours there stays.
 *
 * A skill that was written has the file `.kairos.json`:
 *
 * ```json
 * {"skillset":"my_pack","version":"1.0","hash":"<content hash of the other files>"}
 * ```
 *
 * See `kairos_formats/skillsets.md#agent-skills`.
 *
 * @module
 */

import {
  baseName,
  type Disk,
  isTransitName,
  parentOf,
  transitName,
  writeDurable,
} from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import type { PackageLimits } from "./limits.ts";
import { PackageRefusedError } from "./refusal.ts";
import type { ExportedSkill } from "./skill_export.ts";
import { readTree, treeHash } from "./tree.ts";

/** What was done with a skill. */
export type WrittenSkill = "written" | "replaced" | "unchanged";

/** How skills are written. */
export interface SkillFolderOptions {
  /** Name of the SkillSet they are from. */
  readonly skillset: string;
  /** Its version. */
  readonly version: string;
  /** How much is looked at of what is there. */
  readonly limits: PackageLimits;
  /** Replace also what somebody else made or edited. */
  readonly force: boolean;
}

const MARK = ".kairos.json";
const MAX_MARK = 4096;
/** What a transit folder holds: the lock of its owner, the skill that comes, the one that goes. */
const LOCK = "lock";
const NEW = "new";
const OLD = "old";

/**
 * Writes one skill: its folder is there as a whole, or as it was.
 *
 * @param disk The disk
 * @param folder The folder of skills; it is made when it is missing
 * @param skill The skill
 * @param options Where it is from, whether to replace what is not ours
 * @returns What was done
 * @throws {KairosError} `exists` for what is not ours, `io`
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { PACKAGE_LIMITS } from "./limits.ts";
 * import { writeSkillFolder } from "./skill_folder.ts";
 *
 * const folder = Deno.makeTempDirSync();
 * const options = { skillset: "pack", version: "1", limits: PACKAGE_LIMITS, force: false };
 * const files = [{ path: "SKILL.md", bytes: new TextEncoder().encode("# Notes\n") }];
 * const skill = { name: "notes", entry: "notes", files, notes: [] };
 * writeSkillFolder(new Disk(), folder, skill, options);
 * if (writeSkillFolder(new Disk(), folder, skill, options) !== "unchanged") throw new Error();
 * Deno.removeSync(folder, { recursive: true });
 * ```
 */
export function writeSkillFolder(
  disk: Disk,
  folder: string,
  { name, files }: ExportedSkill,
  { skillset, version, limits, force }: SkillFolderOptions,
): WrittenSkill {
  const target = `${folder}/${name}`;
  const hash = treeHash(files);
  const present = disk.statLink(target);
  if (present !== null && present.kind !== "folder") {
    throw inTheWay(name, "something that is no folder is", "Move it away");
  }
  if (present !== null) {
    const found = ownHash(disk, target, limits);
    if (found === hash) return "unchanged";
    if (found === null && !force) {
      throw inTheWay(name, "a skill that others made or edited is", "Use --force to replace it");
    }
  }
  disk.makeFolder(folder);
  const transit = `${folder}/${transitName("stage")}`;
  disk.makeFolder(transit);
  using held = disk.open(`${transit}/${LOCK}`, "createNew");
  held.tryLock();
  const mark = `${JSON.stringify({ skillset, version, hash })}\n`;
  const all = [...files, { path: MARK, bytes: new TextEncoder().encode(mark) }];
  try {
    writeAll(disk, `${transit}/${NEW}`, all);
    if (present !== null) disk.makeFolder(`${transit}/${OLD}`);
    exchange(disk, transit, target, present !== null);
  } finally {
    putBack(disk, transit, folder);
  }
  return present === null ? "written" : "replaced";
}

/**
 * Clears away what an export that was killed left behind; a skill it had taken away and not replaced is
 * put back under its name.
 *
 * @param disk The disk
 * @param folder The folder of skills
 * @throws {KairosError} `io`
 */
export function tidySkillFolder(disk: Disk, folder: string): void {
  if (disk.stat(folder)?.kind !== "folder") return;
  for (const { name, kind } of disk.list(folder)) {
    if (kind !== "folder" || !isTransitName(name)) continue;
    const transit = `${folder}/${name}`;
    const lock = `${transit}/${LOCK}`;
    using held = disk.statLink(lock)?.kind === "file" ? disk.open(lock, "write") : null;
    // Whoever is at work holds the lock of what it works in.
    if (held === null || held.tryLock()) putBack(disk, transit, folder);
  }
}

function writeAll(disk: Disk, stage: string, files: ExportedSkill["files"]): void {
  const folders = new Set([stage]);
  disk.makeFolder(stage);
  for (const { path, bytes } of files) {
    const at = `${stage}/${path}`;
    if (!folders.has(parentOf(at))) disk.makeFolder(parentOf(at));
    folders.add(parentOf(at));
    writeDurable(disk, at, bytes);
  }
  for (const one of folders) disk.syncFolder(one);
}

/**
 * Puts the new skill in place of the old one. No call replaces a folder that holds something by another in
 * one step; between the two there is none, and whoever is killed there leaves the old one to be put back.
 */
function exchange(disk: Disk, transit: string, target: string, isThere: boolean): void {
  if (isThere) disk.rename(target, `${transit}/${OLD}/${baseName(target)}`);
  disk.rename(`${transit}/${NEW}`, target);
  disk.syncFolder(parentOf(target));
}

/** Ends what goes on in a transit folder: a skill that has no other in its place comes back. */
function putBack(disk: Disk, transit: string, folder: string): void {
  const old = `${transit}/${OLD}`;
  for (const { name } of disk.stat(old)?.kind === "folder" ? disk.list(old) : []) {
    if (disk.statLink(`${folder}/${name}`) !== null) continue;
    disk.rename(`${old}/${name}`, `${folder}/${name}`);
    disk.syncFolder(folder);
  }
  disk.remove(transit);
}

/** The hash of a skill that we wrote and nobody edited, else `null`. */
function ownHash(disk: Disk, target: string, limits: PackageLimits): string | null {
  try {
    const mark = disk.read(`${target}/${MARK}`, MAX_MARK);
    if (mark === null) return null;
    const { hash } = JSON.parse(new TextDecoder().decode(mark));
    const files = readTree(disk, target, limits, { hidden: true })
      .filter(({ path }) => path !== MARK);
    return treeHash(files) === hash ? hash : null;
  } catch (error) {
    // Whatever cannot be read as ours is not ours.
    const isTheirs = error instanceof SyntaxError || error instanceof TypeError ||
      error instanceof PackageRefusedError ||
      (error instanceof KairosError && error.code === "too_large");
    if (isTheirs) return null;
    throw error;
  }
}

function inTheWay(name: string, found: string, hint: string): KairosError {
  return new KairosError("exists", `Cannot write skill ${quote(name)}: ${found} in its place`, {
    hint,
  });
}
