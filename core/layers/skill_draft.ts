/**
 * What one entry of L1 makes as an Agent Skill, before its files are read.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import {
  MAX_SKILL_BYTES,
  MAX_SKILL_FILES,
  skillDocument,
  type SkillFields,
} from "./agent_skill.ts";
import { findEntryPlace, ownPlace } from "./entry_place.ts";
import { parseEntryText } from "./front_matter.ts";
import { parseResourceHref, resourceHref, SCHEMES } from "./resource_uri.ts";
import { servedFiles } from "./list_resources.ts";
import { readResourceAt } from "./read_resource.ts";
import type { ResourceSource } from "./resource_source.ts";

/** A skill whose files have not been read. */
export interface SkillDraft {
  /** Name of the entry. */
  readonly entry: string;
  /** Its folder, relative to the data directory. */
  readonly folder: string;
  /** Its front matter as a skill. */
  readonly fields: SkillFields;
  /** Its `SKILL.md`. */
  readonly document: Uint8Array;
  /** Its other files: path below the entry and size in bytes. */
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** What a file holds. */
export interface SkillContent {
  /** Media type. */
  readonly mime: string;
  /** Its text, or `null` when it is binary. */
  readonly text: string | null;
  /** Its bytes. */
  readonly bytes: Uint8Array;
}

/**
 * Makes a skill of an entry.
 *
 * @param source The instance
 * @param name Name of the skill
 * @param entry Name of the entry
 * @returns The skill, or why the entry makes none, as the rest of a sentence
 */
export function draftSkill(
  source: ResourceSource,
  name: string,
  entry: string,
): SkillDraft | string {
  try {
    const { bytes, text } = readEntryFile(source, entry, null);
    const read = parseEntryText(bytes, entry);
    if (read.problem !== null) return read.problem.message;
    const { folder, origin } = findEntryPlace(source, source.view(), entry) ?? ownPlace(entry);
    const made = skillDocument(read, text ?? "", name, origin);
    if (typeof made === "string") return made;
    const document = new TextEncoder().encode(made.text);
    // Resources leave out what has no address, so a skill does too.
    const files = servedFiles(source, entry).filter(({ path }) => isAddress(`${entry}/${path}`));
    const reason = brokenLimit(files, document.length, source.safety.maxReadBytes);
    return reason ?? { entry, folder, fields: made.fields, document, files };
  } catch (error) {
    if (error instanceof KairosError) return error.message;
    throw error;
  }
}

/**
 * Reads a file of an entry as a resource.
 *
 * @param source The instance
 * @param entry Name of the entry
 * @param path Path below the entry, or `null` for its document
 * @returns What the file holds
 * @throws {KairosError} As `readResourceAt()`
 */
export function readEntryFile(
  source: ResourceSource,
  entry: string,
  path: string | null,
): SkillContent {
  const segments = path === null ? [entry] : [entry, ...path.split("/")];
  const uri = `${SCHEMES.l1}${segments.join("/")}`;
  return readResourceAt(source, { layer: "l1", segments }, uri);
}

function brokenLimit(
  files: SkillDraft["files"],
  document: number,
  maxRead: number,
): string | null {
  if (files.length + 1 > MAX_SKILL_FILES) {
    return `it has ${files.length + 1} files, more than ${MAX_SKILL_FILES}`;
  }
  const large = files.find(({ size }) => size > maxRead);
  if (large !== undefined) {
    return `${quote(large.path)} has ${large.size} bytes, more than limits.max_read_bytes ` +
      `${maxRead} of config/safety.yml`;
  }
  const total = files.reduce((sum, { size }) => sum + size, document);
  return total > MAX_SKILL_BYTES ? `it has ${total} bytes, more than ${MAX_SKILL_BYTES}` : null;
}

/** Whether a path makes an address that can be read. */
function isAddress(path: string): boolean {
  try {
    parseResourceHref(resourceHref(`${SCHEMES.l1}${path}`));
    return true;
  } catch (error) {
    if (error instanceof KairosError) return false;
    throw error;
  }
}
