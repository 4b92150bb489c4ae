/**
 * What a change does, for the person who decides: as text and field by field.
 *
 * @module
 */

import type { Law } from "../dsl/ast.ts";
import { canonicalJson } from "../dsl/canonical.ts";
import { diffLaw, type LawChange } from "../dsl/diff.ts";
import { parseLaw } from "../dsl/parse_typescript.ts";
import { KairosError } from "../errors.ts";
import { unifiedDiff } from "../text_diff.ts";
import type { EvolutionHost } from "./host.ts";
import type { PreparedChange } from "./change.ts";
import { MAX_DIFF, type Proposal } from "./proposal.ts";

/**
 * Describes a change.
 *
 * @param host The instance
 * @param before The law in force
 * @param change What would change
 * @returns A unified diff of each file, and what differs between the laws
 */
export function describeChange(
  host: EvolutionHost,
  before: Law,
  { files, contents, after }: PreparedChange,
): Proposal["diff"] {
  const decode = (bytes: Uint8Array | null | undefined) =>
    new TextDecoder().decode(bytes ?? new Uint8Array(0));
  const text = files.map(({ path, base, new: next }) => {
    const old = base === null ? "" : decode(host.store.objects.get(base));
    const now = next === null ? "" : decode(contents.get(next));
    return patch(path, path, old, now);
  }).join("");
  return bounded(text, after === null ? [] : diffLaw(before, after));
}

/** A source and what to call it. */
export interface NamedSource {
  /** Its name. */
  readonly name: string;
  /** Its text. */
  readonly source: string;
}

/**
 * Compares two sources of a law.
 *
 * @param before One source
 * @param after Another
 * @returns A unified diff, and what differs between the laws; nothing of the latter when one of them
 *   is no law of kairos
 */
export function compareSources(before: NamedSource, after: NamedSource): Proposal["diff"] {
  const laws = [before, after].map(({ name, source }) => {
    try {
      return parseLaw(source, { file: name });
    } catch (error) {
      if (error instanceof KairosError) return null;
      throw error;
    }
  });
  const [old = null, now = null] = laws;
  return bounded(
    patch(before.name, after.name, before.source, after.source),
    old === null || now === null ? [] : diffLaw(old, now),
  );
}

function patch(oldName: string, newName: string, before: string, after: string): string {
  return unifiedDiff({ label: oldName, text: before }, { label: newName, text: after });
}

function bounded(text: string, changes: readonly LawChange[]): Proposal["diff"] {
  const differences = changes.map((one) => ({ ...one }));
  const isSmall = canonicalJson(differences).length <= MAX_DIFF;
  return {
    prose: text.length <= MAX_DIFF ? text : `${text.slice(0, MAX_DIFF)}\n… cut here\n`,
    ast: isSmall
      ? differences
      : differences.map(({ skill, field, node, change }) => ({ skill, field, node, change })),
  };
}
