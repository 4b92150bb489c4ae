/**
 * What a change does, for the person who decides: as text and field by field.
 *
 * @module
 */

import { createTwoFilesPatch } from "diff";
import type { Law } from "../dsl/ast.ts";
import { canonicalJson } from "../dsl/canonical.ts";
import { diffLaw } from "../dsl/diff.ts";
import type { EvolutionHost } from "./host.ts";
import type { PreparedChange } from "./change.ts";
import { MAX_DIFF, type Proposal } from "./proposal.ts";

/** Most lines that may differ; beyond, a comparison takes too long and helps nobody. */
const MAX_EDITS = 20_000;

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
    const options = { maxEditLength: MAX_EDITS };
    return createTwoFilesPatch(path, path, old, now, undefined, undefined, options) ??
      `${path}: more than ${MAX_EDITS} lines differ\n`;
  }).join("");
  const differences = (after === null ? [] : diffLaw(before, after)).map((one) => ({ ...one }));
  const isSmall = canonicalJson(differences).length <= MAX_DIFF;
  return {
    prose: text.length <= MAX_DIFF ? text : `${text.slice(0, MAX_DIFF)}\n… cut here\n`,
    ast: isSmall
      ? differences
      : differences.map(({ skill, field, node, change }) => ({ skill, field, node, change })),
  };
}
