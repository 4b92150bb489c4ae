/**
 * Manifests made by hand, for tests.
 *
 * @module
 */

import { type Layers, sealManifest } from "../../core/state/manifest.ts";
import { sha256 } from "../../core/objects/objects.ts";

/** What the layers hold: name to content. */
export interface Content {
  /** Skills. */
  readonly skills?: Readonly<Record<string, string>>;
  /** Entries in use. */
  readonly knowledge?: Readonly<Record<string, string>>;
  /** Archived entries. */
  readonly archived?: Readonly<Record<string, string>>;
  /** Sessions. */
  readonly sessions?: Readonly<Record<string, string>>;
}

/**
 * Manifests of some content.
 *
 * @param content The content
 * @returns The manifests
 */
export function layersOf(content: Content): Layers {
  const { skills = {}, knowledge = {}, archived = {}, sessions = {} } = content;
  const rows = (of: Readonly<Record<string, string>>) =>
    Object.entries(of).map(([name, text]) => ({ name, hash: sha256(text) }));
  return {
    L0: sealManifest({
      dsl_file_hash: sha256(JSON.stringify(skills)),
      md_file_hash: null,
      skill_count: rows(skills).length,
      skills: rows(skills).map(({ name: id, hash }) => ({
        id,
        version: null,
        hash,
        ast_hash: hash,
      })),
    }),
    L1: sealManifest({
      knowledge_count: rows(knowledge).length,
      archived_count: rows(archived).length,
      knowledge: rows(knowledge).map((row) => ({ ...row, version: null, tags: [] })),
      archived: rows(archived).map((row) => ({ ...row, archived_at: null })),
    }),
    L2: sealManifest({
      session_count: rows(sessions).length,
      sessions: rows(sessions).map(({ name: id, hash }) => ({
        id,
        context_count: 1,
        hash: sha256(id),
        contexts: [{ name: "note", hash }],
      })),
    }),
  };
}
