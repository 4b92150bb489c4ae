/**
 * Answers of the Skills extension.
 *
 * @module
 */

import { ProtocolError, type Resource as WireResource } from "@modelcontextprotocol/server";
import type { Skill } from "@modelcontextprotocol/server/ext/skills";
import { KairosError } from "../../core/errors.ts";
import { SKILL_FILE } from "../../core/layers/agent_skill.ts";
import { mediaTypeOf } from "../../core/layers/resource_mime.ts";
import { parseResourceHref, resourceHref, SCHEMES } from "../../core/layers/resource_uri.ts";
import type { AgentSkill, SkillCatalog } from "../../core/layers/skill_catalog.ts";
import type { SkillContent } from "../../core/layers/skill_draft.ts";
import { quote } from "../../core/text.ts";

/** What addresses of skills begin with. */
export const SKILL_SCHEME = "skill://";

const INVALID_PARAMS = -32602;
const FOLDER = "inode/directory";

/** A page of `skills/list`. */
export interface WireSkillPage {
  /** The skills. */
  readonly skills: Skill[];
  /** Where the next page begins, unless this is the last. */
  readonly nextCursor?: string;
}

/**
 * Some skills.
 *
 * @param catalog The skills
 * @param params Parameters as they came: `cursor`
 * @param signal Aborted when nobody waits for it any more
 * @returns A page
 * @throws {ProtocolError} -32602 for text that is no cursor
 */
export async function skillPage(
  catalog: SkillCatalog,
  params: unknown,
  signal: AbortSignal,
): Promise<WireSkillPage> {
  const cursor = textOf(params, "cursor");
  // A cursor is the name of the last skill, which changes do not move.
  if (cursor !== undefined && !/^[0-9a-z-]{1,64}$/.test(cursor)) {
    throw new ProtocolError(INVALID_PARAMS, `Cannot continue at ${quote(cursor)}: it is no cursor`);
  }
  const { skills, next } = await catalog.page(cursor ?? null, signal);
  const page = skills.map(entryOf);
  return next === null ? { skills: page } : { skills: page, nextCursor: next };
}

/**
 * One skill.
 *
 * @param catalog The skills
 * @param params Parameters as they came: `uri` of its `SKILL.md`
 * @returns Its entry, as lists have it
 * @throws {ProtocolError} -32602 when there is none
 */
export function wireSkill(catalog: SkillCatalog, params: unknown): Skill {
  const uri = neededUri(params);
  return answer(() => {
    const { name, path } = parseSkillUri(uri);
    if (path !== SKILL_FILE) throw notFound(uri);
    return entryOf(catalog.get(name));
  });
}

/**
 * What lies in a folder of a skill.
 *
 * @param catalog The skills
 * @param params Parameters as they came: `uri` of the folder
 * @returns Its direct children
 * @throws {ProtocolError} -32602 when there is no such folder
 */
export function skillFolder(catalog: SkillCatalog, params: unknown): WireResource[] {
  const uri = neededUri(params);
  return answer(() => {
    const { name, path } = parseSkillUri(uri.replace(/(?<=[^/])\/$/, ""));
    return catalog.children(name, path).map((child) => {
      const last = child.path.slice(child.path.lastIndexOf("/") + 1);
      const about = { uri: uriOf(name, child.path), name: last };
      return child.size === null
        ? { ...about, mimeType: FOLDER }
        : { ...about, mimeType: mediaTypeOf(last).mime, size: child.size };
    });
  });
}

/**
 * Reads a file of a skill.
 *
 * @param catalog The skills
 * @param uri Its address
 * @returns What it holds
 * @throws {KairosError} `not_found`, and what reading resources throws
 */
export function readSkillFile(catalog: SkillCatalog, uri: string): SkillContent {
  const { name, path } = parseSkillUri(uri);
  return catalog.read(name, path);
}

function entryOf({ name, fields, files }: AgentSkill): Skill {
  return {
    uri: uriOf(name, SKILL_FILE),
    frontmatter: { ...fields },
    resources: files.map(({ path, size, digest }) => ({
      uri: uriOf(name, path),
      digest: `sha256:${digest}`,
      size,
    })),
  };
}

function uriOf(name: string, path: string): string {
  return resourceHref(`${SKILL_SCHEME}${name}/${path}`);
}

/** Paths of skills are judged like those of the entries they come from. */
function parseSkillUri(uri: string): { readonly name: string; readonly path: string } {
  try {
    if (!uri.startsWith(SKILL_SCHEME)) throw notFound(uri);
    const { segments } = parseResourceHref(SCHEMES.l1 + uri.slice(SKILL_SCHEME.length));
    return { name: segments[0]!, path: segments.slice(1).join("/") };
  } catch (error) {
    if (error instanceof KairosError) throw notFound(uri);
    throw error;
  }
}

function notFound(uri: string): KairosError {
  return new KairosError("not_found", `Skill ${quote(uri)} not found: no skill has this address`, {
    hint: "skills/list gives the addresses",
  });
}

/** What a call returns; what it refuses is the fault of the parameters. */
function answer<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof KairosError)) throw error;
    throw new ProtocolError(INVALID_PARAMS, error.message, { code: error.code });
  }
}

function neededUri(params: unknown): string {
  const uri = textOf(params, "uri");
  if (uri !== undefined) return uri;
  throw new ProtocolError(INVALID_PARAMS, "Cannot find a skill: uri is missing");
}

function textOf(params: unknown, name: string): string | undefined {
  if (params === null || typeof params !== "object" || !Object.hasOwn(params, name)) {
    return undefined;
  }
  const value = (params as Readonly<Record<string, unknown>>)[name];
  if (typeof value === "string") return value;
  throw new ProtocolError(INVALID_PARAMS, `Cannot use ${name}: found ${quote(value)}, no text`);
}
