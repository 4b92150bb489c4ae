/**
 * What an instance holds at one moment, as lists of names and hashes: one manifest for each layer.
 *
 * ```
 * combined hash = SHA-256 of "<hash of L0>:<hash of L1>:<hash of L2>"
 * ```
 *
 * A manifest's hash is that of its compact JSON without `manifest_hash`. See
 * `kairos_formats/state.md#manifests`.
 *
 * @module
 */

import { skillHash } from "../dsl/canonical.ts";
import type { Skill } from "../dsl/ast.ts";
import { ARCHIVE, KNOWLEDGE } from "../layers/knowledge_home.ts";
import type { EntryOutline, Shelf } from "../layers/shelf.ts";
import type { View } from "../layers/view.ts";
import { sha256 } from "../objects/objects.ts";
import type { Pace } from "../pace.ts";
import { parseYaml } from "../yaml.ts";

/** One skill of the law. */
export interface SkillItem {
  /** Its id. */
  readonly id: string;
  /** Its version. */
  readonly version: string | null;
  /** SHA-256 of what the existing implementation looks at: title, content, guarantees, rules. */
  readonly hash: string;
  /** Hash of the whole skill as data; missing in snapshots of other programs. */
  readonly ast_hash?: string;
}

/** The law and the constitution. */
export interface LawManifest {
  /** SHA-256 of the source of the law in force, or `null`. */
  readonly dsl_file_hash: string | null;
  /** SHA-256 of `skills/kairos.md`, or `null`. */
  readonly md_file_hash: string | null;
  /** How many skills the law has. */
  readonly skill_count: number;
  /** The skills, sorted by id. */
  readonly skills: readonly SkillItem[];
  /** SHA-256 of the JSON of all that stands before. */
  readonly manifest_hash: string;
}

/** A file of an entry besides its document. */
export interface FileItem {
  /** Its path below the entry. */
  readonly path: string;
  /** SHA-256 of its bytes; `null` when it cannot be read or is too large to be kept. */
  readonly hash: string | null;
  /** Whether its owner may execute it; only where that is so. */
  readonly executable?: true;
}

/** One entry in use. */
export interface KnowledgeItem {
  /** Its name. */
  readonly name: string;
  /** Its version; other programs may write a number. */
  readonly version: string | number | null;
  /** SHA-256 of the document; `null` when it cannot be read. */
  readonly hash: string | null;
  /** Its tags. */
  readonly tags: readonly string[];
  /** Its other files, sorted by path; missing where they were not looked at. */
  readonly files?: readonly FileItem[];
}

/** One entry out of use. */
export interface ArchivedItem {
  /** Its name. */
  readonly name: string;
  /** When it was archived, as its note says; `null` without a note. */
  readonly archived_at: string | null;
  /** SHA-256 of the document; `null` when it cannot be read. */
  readonly hash: string | null;
  /** Its other files, sorted by path; missing where they were not looked at. */
  readonly files?: readonly FileItem[];
}

/** Project knowledge. */
export interface KnowledgeManifest {
  /** How many entries are in use. */
  readonly knowledge_count: number;
  /** How many are archived. */
  readonly archived_count: number;
  /** The entries, sorted by name. */
  readonly knowledge: readonly KnowledgeItem[];
  /** The archived ones, sorted by name. */
  readonly archived: readonly ArchivedItem[];
  /** SHA-256 of the JSON of all that stands before. */
  readonly manifest_hash: string;
}

/** One context of a session. */
export interface ContextItem {
  /** Its name. */
  readonly name: string;
  /** SHA-256 of the document; `null` when it cannot be read. */
  readonly hash: string | null;
  /** Its other files, sorted by path; missing where they were not looked at. */
  readonly files?: readonly FileItem[];
}

/** One session with at least one context. */
export interface SessionItem {
  /** Its id. */
  readonly id: string;
  /** How many contexts it holds. */
  readonly context_count: number;
  /** SHA-256 of what the existing implementation looks at: names and descriptions. */
  readonly hash: string;
  /** The contexts, sorted by name; missing in snapshots of other programs. */
  readonly contexts?: readonly ContextItem[];
}

/** Session context. */
export interface ContextManifest {
  /** How many sessions there are. */
  readonly session_count: number;
  /** The sessions, sorted by id. */
  readonly sessions: readonly SessionItem[];
  /** SHA-256 of the JSON of all that stands before. */
  readonly manifest_hash: string;
}

/** All layers. */
export interface Layers {
  /** The law and the constitution. */
  readonly L0: LawManifest;
  /** Project knowledge. */
  readonly L1: KnowledgeManifest;
  /** Session context. */
  readonly L2: ContextManifest;
}

/** A document or another file that stands in an instance. */
export interface Body {
  /** SHA-256 of its bytes. */
  readonly hash: string;
  /** Where it lies, relative to the data directory. */
  readonly path: string;
}

/** What an instance holds. */
export interface State {
  /** The manifests. */
  readonly layers: Layers;
  /** Their combined hash. */
  readonly hash: string;
  /** The documents and files the manifests name. */
  readonly bodies: readonly Body[];
}

/** The law in force, as far as a manifest tells of it. */
export interface LawFacts {
  /** Its skills. */
  readonly skills: readonly Skill[];
  /** Its source text; empty where there is no law. */
  readonly source: string;
}

const CONSTITUTION = "skills/kairos.md";
const CONTEXT = "context";
const ARCHIVE_NOTE = ".archive_meta.yml";
/** Largest note of an archived entry that is read. */
const MAX_NOTE = 64 * 1024;
/** Largest constitution. */
const MAX_CONSTITUTION = 16 * 1024 * 1024;

/**
 * Takes the manifests of all layers. Every document is read that is not known from before.
 *
 * @param view The files
 * @param law The law in force
 * @param shelf The entries
 * @param pace Goes one step with each entry
 * @returns The manifests, their hash and the documents they name
 * @throws {KairosError} `io`; what the pace throws
 */
export async function takeState(
  view: View,
  law: LawFacts,
  shelf: Shelf,
  pace: Pace,
): Promise<State> {
  const bodies: Body[] = [];
  const source = { view, shelf, bodies, pace };
  const layers = {
    L0: lawManifest(view, law, bodies),
    L1: await knowledgeManifest(source),
    L2: await contextManifest(source),
  };
  return { layers, hash: combinedHash(layers), bodies };
}

/**
 * The hash of all layers.
 *
 * @param layers Their manifests
 * @returns 64 hexadecimal digits
 */
export function combinedHash({ L0, L1, L2 }: Layers): string {
  return sha256(`${L0.manifest_hash}:${L1.manifest_hash}:${L2.manifest_hash}`);
}

/**
 * A manifest with its hash.
 *
 * @param fields All but the hash, keys in their order
 * @returns The same with `manifest_hash` at its end
 *
 * @example
 * ```ts
 * import { sealManifest } from "./manifest.ts";
 *
 * const { manifest_hash } = sealManifest({ session_count: 0, sessions: [] });
 * if (!/^[0-9a-f]{64}$/.test(manifest_hash)) throw new Error("no hash");
 * ```
 */
export function sealManifest<T extends object>(fields: T): T & { readonly manifest_hash: string } {
  return { ...fields, manifest_hash: sha256(JSON.stringify(fields)) };
}

function lawManifest(view: View, { skills, source }: LawFacts, bodies: Body[]): LawManifest {
  const constitution = view.read(CONSTITUTION, MAX_CONSTITUTION);
  const hash = constitution === null ? null : sha256(constitution);
  if (hash !== null) bodies.push({ hash, path: CONSTITUTION });
  return sealManifest({
    dsl_file_hash: source === "" ? null : sha256(source),
    md_file_hash: hash,
    skill_count: skills.length,
    skills: skills.map(skillItem).sort((a, b) => order(a.id, b.id)),
  });
}

function skillItem(skill: Skill): SkillItem {
  const { id, version, title, content, guarantees, evolve } = skill;
  const evolution_rules = evolve === null ? null : {
    skill_id: id,
    allowed: evolve.allow,
    denied: evolve.deny,
    conditions: evolve.conditions.map(({ name }) => name),
  };
  const seen = { id, version, title, content, guarantees, evolution_rules };
  return { id, version, hash: sha256(JSON.stringify(seen)), ast_hash: skillHash(skill) };
}

/** What entries are listed from; the documents and files found are noted in `bodies`. */
interface Source {
  readonly view: View;
  readonly shelf: Shelf;
  readonly bodies: Body[];
  readonly pace: Pace;
}

async function knowledgeManifest(source: Source): Promise<KnowledgeManifest> {
  const active = await documents(source, KNOWLEDGE, KNOWLEDGE);
  const archived = await documents(source, KNOWLEDGE, ARCHIVE);
  return sealManifest({
    knowledge_count: active.length,
    archived_count: archived.length,
    knowledge: active.map(({ name, version, hash, tags, files }) => ({
      name,
      version,
      hash,
      tags,
      files,
    })),
    archived: archived.map(({ name, hash, files }) => ({
      name,
      archived_at: archivedAt(source.view, name),
      hash,
      files,
    })),
  });
}

async function contextManifest(source: Source): Promise<ContextManifest> {
  const sessions: SessionItem[] = [];
  for (const id of source.shelf.folders(source.view, CONTEXT).sort(order)) {
    const item = await sessionItem(source, id);
    if (item.context_count > 0) sessions.push(item);
  }
  return sealManifest({ session_count: sessions.length, sessions });
}

async function sessionItem(source: Source, id: string): Promise<SessionItem> {
  const found = await documents(source, CONTEXT, `${CONTEXT}/${id}`);
  const seen = found.map(({ name, description }) => ({ name, description }));
  return {
    id,
    context_count: found.length,
    hash: sha256(JSON.stringify(seen)),
    contexts: found.map(({ name, hash, files }) => ({ name, hash, files })),
  };
}

/** An entry with the hashes of its files. */
interface Listed extends Omit<EntryOutline, "files"> {
  readonly files: readonly FileItem[];
}

/** The entries of a folder, sorted by name. */
async function documents(
  { view, shelf, bodies, pace }: Source,
  store: string,
  home: string,
): Promise<Listed[]> {
  const found: Listed[] = [];
  for (const name of shelf.folders(view, home).sort(order)) {
    await pace.step();
    const folder = `${home}/${name}`;
    const entry = shelf.outline(view, store, folder, name);
    const note = (hash: string | null, path: string | null) => {
      if (hash !== null && path !== null) bodies.push({ hash, path });
    };
    note(entry.hash, entry.path);
    const files = entry.files.map(({ path, executable }): FileItem => {
      const at = `${folder}/${path}`;
      const hash = shelf.digest(view, at);
      note(hash, at);
      return { path, hash, ...(executable ? { executable } : {}) };
    });
    found.push({ ...entry, files: files.sort((a, b) => order(a.path, b.path)) });
  }
  return found;
}

/** When an entry was archived, as its note says. */
function archivedAt(view: View, name: string): string | null {
  const path = `${ARCHIVE}/${name}/${ARCHIVE_NOTE}`;
  const size = view.stat(path)?.size ?? Infinity;
  const bytes = size > MAX_NOTE ? null : view.read(path, MAX_NOTE);
  if (bytes === null) return null;
  try {
    const note = parseYaml(new TextDecoder().decode(bytes), { scalars: "text" });
    const isMap = note !== null && typeof note === "object" && !Array.isArray(note);
    const at = isMap ? note.archived_at : null;
    return typeof at === "string" ? at.slice(0, 64) : null;
  } catch {
    // Another program wrote it, or a person; what cannot be read says nothing.
    return null;
  }
}

/** By code unit, so that every system sorts alike. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
