/**
 * Whether a version of the law is what it claims to be: looked up in the blocks it names, in the time
 * of a few reads. See `kairos_formats/evolution.md#law-in-force`.
 *
 * @module
 */

import type { Block } from "../chain/block.ts";
import type { Law } from "../dsl/ast.ts";
import { findBlock, firstBlock } from "../ledger/block_at.ts";
import { approversBefore } from "./approvers_before.ts";
import { judgeBySet } from "./judge.ts";
import type { LawFile } from "./law_file.ts";
import { keptLaw, keptSettings, type LawSources } from "./law_source.ts";
import { type LawRecords, readLawRecord } from "./records.ts";

/** A version of the law whose blocks bear it out. */
export interface ProvenLaw {
  /** The law. */
  readonly law: Law;
  /** Its source text. */
  readonly source: string;
  /** What says so. */
  readonly file: LawFile;
}

/**
 * Proves a version of the law.
 *
 * @param host Ledger, objects and what was read before
 * @param file What claims to be the law
 * @returns The law, or the message that tells what does not fit
 * @throws {KairosError} `io`
 */
export function proveLaw(
  sources: LawSources,
  file: LawFile,
): ProvenLaw | string {
  const { store } = sources;
  const decision = findBlock(store, file.decision);
  const applied = findBlock(store, file.applied);
  if (decision === null) return `block ${file.decision.index}, its decision, is not on the chain`;
  if (applied === null) return `block ${file.applied.index}, its record, is not on the chain`;
  const problem = file.seq === 0
    ? genesisProblem(file, decision, applied)
    : decisionProblem(sources, file, decision, applied);
  if (problem !== null) return problem;
  const found = keptLaw(sources, file.object);
  if (typeof found === "string") return found;
  const { law, ast, source } = found;
  return ast === file.ast ? { law, source, file } : "its source says something else";
}

/**
 * The record of a block that was made for one.
 *
 * @param block The block
 * @param sort Which sort of record it must be
 * @returns The record, or `null` when the block holds anything else
 */
export function recordOf<S extends keyof LawRecords>(block: Block, sort: S): LawRecords[S] | null {
  const found = block.data.length === 1 ? readLawRecord(block.data[0]!) : null;
  return found?.sort === sort ? found.record as LawRecords[S] : null;
}

function genesisProblem(file: LawFile, decision: Block, applied: Block): string | null {
  const record = recordOf(decision, "genesis");
  const fits = record !== null && decision.hash === applied.hash && record.object === file.object &&
    record.ast === file.ast && record.epoch === file.epoch && file.proposal === null;
  return fits ? null : `block ${decision.index} does not make it the first law`;
}

function decisionProblem(
  sources: LawSources,
  file: LawFile,
  decision: Block,
  applied: Block,
): string | null {
  const decided = recordOf(decision, "decision");
  const made = recordOf(applied, "transition");
  const isDecided = decided !== null && decided.verdict === "approve" &&
    decided.seq === file.seq && decided.epoch === file.epoch &&
    decided.proposal === file.proposal && decided.new_hash === file.ast;
  if (!isDecided) return `block ${decision.index} does not decide it`;
  const isMade = made !== null && made.decision === decision.hash && made.seq === file.seq &&
    made.epoch === file.epoch && made.proposal === file.proposal &&
    made.next_object === file.object && applied.index > decision.index;
  if (!isMade) return `block ${applied.index} does not put it in force`;
  const { lineage: { set }, problem } = approversBefore(sources.store, decision.index);
  if (problem !== null || set === null) return problem ?? judgeBySet(decided, null, "", 1);
  const required = requiredBy(sources, made.prev_object, decided.base_hash);
  if (typeof required === "string") return required;
  return judgeBySet(decided, set, firstBlock(sources.store)?.hash ?? "", required);
}

/** How many have to sign by the law a decision rests on, which its signatures name by its hash. */
function requiredBy(
  sources: LawSources,
  object: string | null,
  ast: string,
): number | string {
  const before = object === null ? "none is named" : keptLaw(sources, object);
  const settings = object === null ? "none is named" : keptSettings(sources, object);
  if (typeof before === "string") return `the law before it is not known: ${before}`;
  if (before.ast !== ast) return "it rests on another law than the one its record names";
  return typeof settings === "string" ? settings : settings.required;
}
