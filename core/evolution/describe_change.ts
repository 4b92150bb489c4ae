/**
 * What a change does, for the person who decides: as text and field by field.
 *
 * @module
 */

import type { Law } from "../dsl/ast.ts";
import { canonicalJson, lawHash } from "../dsl/canonical.ts";
import { diffLaw, type LawChange } from "../dsl/diff.ts";
import { parseLaw } from "../dsl/parse_typescript.ts";
import { KairosError } from "../errors.ts";
import { unifiedDiff } from "../text_diff.ts";
import { describeKeptSkillSet } from "./describe_skillset.ts";
import { KINDS } from "./kinds.ts";
import { LAW_SOURCE } from "./law_file.ts";
import { MAX_DIFF, type Proposal, type ProposedFile } from "./proposal.ts";

/** A change, as far as it can be described. */
export interface DescribedChange {
  /** The files it changes. */
  readonly files: readonly ProposedFile[];
  /** The laws before and after, or `null` where no law changes. */
  readonly laws: { readonly before: Law; readonly after: Law } | null;
}

/**
 * Describes a change.
 *
 * @param change What would change
 * @param contentOf The bytes of a SHA-256; what is not kept counts as empty
 * @returns A unified diff of each file, and what differs between the laws
 */
export function describeChange(
  { files, laws }: DescribedChange,
  contentOf: (object: string) => Uint8Array | null,
): Proposal["diff"] {
  const text = (object: string | null) =>
    object === null ? "" : new TextDecoder().decode(contentOf(object) ?? new Uint8Array(0));
  const prose = files.map(({ path, base, new: next }) => patch(path, path, text(base), text(next)));
  return bounded(prose.join(""), laws === null ? [] : diffLaw(laws.before, laws.after));
}

/**
 * Whether the document of a proposal tells what it would change, and nothing else: whoever decides has
 * seen nothing but the document.
 *
 * @param proposal The document
 * @param contentOf The bytes of a SHA-256, or `null` where they are not at hand
 * @returns What is wrong, or `null`
 */
export function descriptionProblem(
  { kind, files, base_hash, new_hash, diff }: Proposal,
  contentOf: (object: string) => Uint8Array | null,
): string | null {
  const missing = files.some(({ new: next }) => next !== null && contentOf(next) === null);
  if (missing) return "what it would bring about is not at hand";
  const { changesLaw, skillset } = KINDS[kind];
  const laws = changesLaw ? lawsOf(files[0]!, contentOf) : null;
  if (typeof laws === "string") return laws;
  if (laws !== null && (lawHash(laws.before) !== base_hash || lawHash(laws.after) !== new_hash)) {
    return "its sources are other laws than the ones it names";
  }
  const told = skillset === null
    ? describeChange({ files, laws }, contentOf)
    : describeKeptSkillSet(skillset, files[0]!, contentOf);
  if (typeof told === "string") return told;
  const same = canonicalJson({ ...diff }) === canonicalJson({ ...told });
  return same ? null : "what it shows is not what it would change";
}

function lawsOf(
  { base, new: next }: ProposedFile,
  contentOf: (object: string) => Uint8Array | null,
): { before: Law; after: Law } | string {
  const [before, after] = [base, next].map((object) => {
    const bytes = object === null ? null : contentOf(object);
    return bytes === null ? null : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  });
  if (typeof before !== "string" || typeof after !== "string") {
    return "the law it rests on is not at hand";
  }
  try {
    const file = LAW_SOURCE;
    return { before: parseLaw(before, { file }), after: parseLaw(after, { file }) };
  } catch (error) {
    if (error instanceof KairosError) return `a law of it cannot be read: ${error.message}`;
    throw error;
  }
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
