/**
 * The law held against the whole chain, once. See `kairos_formats/evolution.md#audit`.
 *
 * @module
 */

import type { EvolutionHost } from "./host.ts";
import { approversNow } from "./approvers.ts";
import { findLaw } from "./in_force.ts";
import { type AuditedLaw, type LawFinding, LawReplay, MAX_FINDINGS } from "./law_replay.ts";
import { lawSource } from "./law_source.ts";

/** Options of {@linkcode auditLaw}. */
export interface AuditOptions {
  /** Hears how many blocks were read. */
  readonly onProgress?: (blocks: number) => void;
  /** Ends the walk. */
  readonly signal?: AbortSignal;
  /** Leaves a moment for others, now and then. */
  readonly pause?: () => Promise<unknown>;
}

/** The outcome of an audit of the law. */
export interface LawAudit {
  /** Blocks that were read. */
  readonly blocks: number;
  /** What `skills/law.json` should say, or `null` when there never was a law. */
  readonly law: AuditedLaw | null;
  /** What does not fit; at most 100. */
  readonly findings: readonly LawFinding[];
  /** How many there are. */
  readonly findingCount: number;
  /** Epochs of approvers that begin with a set nobody signed for; they stay unproven for ever. */
  readonly unprovenEpochs: readonly number[];
  /** Transitions other programs recorded; they are no part of this law. */
  readonly foreign: number;
}

/** Blocks between two moments for others. */
const PIECE = 250;

/**
 * Audits the law.
 *
 * @param host The instance
 * @param options Progress and cancellation
 * @returns What does not fit, and what the pointer should say
 * @throws {KairosError} `corrupt` when the chain cannot be read, `io`; the signal's reason
 */
export async function auditLaw(host: EvolutionHost, options: AuditOptions = {}): Promise<LawAudit> {
  const replay = new LawReplay(host);
  let blocks = 0;
  for await (const block of host.store.ledger.oldest()) {
    options.signal?.throwIfAborted();
    replay.take(block);
    if (++blocks % PIECE !== 0) continue;
    options.onProgress?.(blocks);
    await options.pause?.();
  }
  const { law, lineage, foreign, findingCount } = replay;
  const messages = await servedProblems(host, replay);
  const files = messages.map((message): LawFinding => ({ block: null, message }));
  return {
    blocks,
    law,
    findings: [...replay.findings, ...files].slice(0, MAX_FINDINGS),
    findingCount: findingCount + files.length,
    unprovenEpochs: lineage.unproven,
    foreign,
  };
}

/** Holds what is served, and the pointers, against what the chain said. */
async function servedProblems(host: EvolutionHost, replay: LawReplay): Promise<string[]> {
  const { file, problems } = await findLaw(host);
  const { law } = replay;
  const isGone = law !== null && lawSource(host.store, law.object) === null;
  return [
    ...law === null && file === null ? [] : problems,
    ...replay.differences(file, approversNow(host).set),
    ...isGone ? [`the source of the law, ${law.object.slice(0, 12)}, is not kept here`] : [],
  ];
}
