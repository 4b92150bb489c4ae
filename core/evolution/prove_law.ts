/**
 * Whether a version of the law is what it claims to be: looked up in the blocks it names, in the time
 * of a few reads. See `kairos_formats/evolution.md#law-in-force`.
 *
 * @module
 */

import type { Block } from "../chain/block.ts";
import type { Law } from "../dsl/ast.ts";
import { KairosError } from "../errors.ts";
import { findBlock } from "../ledger/block_at.ts";
import type { Store } from "../store.ts";
import type { EvolutionHost } from "./host.ts";
import { judgeDecision } from "./judge.ts";
import { type LawFile, MAX_LAW_SOURCE } from "./law_file.ts";
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
  { store, laws }: Pick<EvolutionHost, "store" | "laws">,
  file: LawFile,
): ProvenLaw | string {
  const decision = findBlock(store, file.decision);
  const applied = findBlock(store, file.applied);
  if (decision === null) return `block ${file.decision.index}, its decision, is not on the chain`;
  if (applied === null) return `block ${file.applied.index}, its record, is not on the chain`;
  const problem = file.seq === 0
    ? genesisProblem(file, decision, applied)
    : decisionProblem(store, file, decision, applied);
  if (problem !== null) return problem;
  const bytes = sourceBytes(store, file.object);
  if (bytes === null) return "its source text is not kept here or was changed";
  try {
    const { law, ast, source } = laws.read(file.object, bytes);
    return ast === file.ast ? { law, source, file } : "its source says something else";
  } catch (error) {
    if (!(error instanceof KairosError)) throw error;
    return `its source cannot be read: ${error.message}`;
  }
}

/**
 * The source text of a version of the law.
 *
 * @param store The objects
 * @param object Its SHA-256
 * @returns The text, or `null` when it is not kept, too long or was changed
 */
export function lawSource(store: Store, object: string): string | null {
  const bytes = sourceBytes(store, object);
  try {
    const strict = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
    return bytes === null ? null : strict.decode(bytes);
  } catch {
    return null;
  }
}

function sourceBytes(store: Store, object: string): Uint8Array | null {
  try {
    const bytes = store.objects.get(object);
    return bytes === null || bytes.length > MAX_LAW_SOURCE ? null : bytes;
  } catch (error) {
    if (error instanceof KairosError && error.code === "corrupt") return null;
    throw error;
  }
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
  store: Store,
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
  return judgeDecision(store, decided, decision.index);
}
