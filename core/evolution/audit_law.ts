/**
 * The law held against the whole chain: walks it once, believes no pointer, keeps no block.
 *
 * Blocks are taken as they are; whether the chain itself is whole is for `verifyChain` to say. See
 * `kairos_formats/evolution.md#audit`.
 *
 * @module
 */

import type { Block } from "../chain/block.ts";
import { sha256 } from "../objects/objects.ts";
import { quote } from "../text.ts";
import { parseLaw } from "../dsl/parse_typescript.ts";
import type { EvolutionHost } from "./host.ts";
import { findLaw, type LawInForce } from "./in_force.ts";
import { APPROVERS_FILE, loadApprovers } from "./approvers.ts";
import { ApproverReplay } from "./judge.ts";
import { isKind, KINDS } from "./kinds.ts";
import { LAW_FILE, LAW_SOURCE } from "./law_file.ts";
import { FALLBACK, type LawSettings, lawSettings } from "./law_settings.ts";
import { lawSource } from "./prove_law.ts";
import {
  type LawDecision,
  type LawGenesis,
  type LawProposal,
  type LawRecord,
  type LawTransition,
  readLawRecord,
} from "./records.ts";
import { weakness } from "./decide.ts";
import { parseProposal } from "./proposal.ts";

/** Options of {@linkcode auditLaw}. */
export interface AuditOptions {
  /** Hears how many blocks were read. */
  readonly onProgress?: (blocks: number) => void;
  /** Ends the walk. */
  readonly signal?: AbortSignal;
  /** Leaves a moment for others, now and then. */
  readonly pause?: () => Promise<unknown>;
}

/** Something about the law that does not fit. */
export interface LawFinding {
  /** Index of the block, or `null` for a file. */
  readonly block: number | null;
  /** What is wrong. */
  readonly message: string;
}

/** What the chain says the law is. */
export interface AuditedLaw {
  /** SHA-256 of the source text. */
  readonly object: string;
  /** Hash of the law as data. */
  readonly ast: string;
  /** Epoch of the approvers; 0 without any. */
  readonly epoch: number;
  /** Number of the decision. */
  readonly seq: number;
  /** Id of the proposal, or `null` for the first law. */
  readonly proposal: string | null;
  /** Index and hash of the block of the decision. */
  readonly decision: { readonly index: number; readonly hash: string };
  /** Index and hash of the block of the transition. */
  readonly applied: { readonly index: number; readonly hash: string };
}

/** The outcome of an audit of the law. */
export interface LawAudit {
  /** Blocks that were read. */
  readonly blocks: number;
  /** What `skills/law.json` should say, or `null` when there never was a law. */
  readonly law: AuditedLaw | null;
  /** What does not fit; at most {@linkcode MAX_FINDINGS}. */
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

/** Most findings that are listed. */
export const MAX_FINDINGS = 100;

/**
 * Audits the law.
 *
 * @param host The instance
 * @param options Progress and cancellation
 * @returns What does not fit, and what the pointer should say
 * @throws {KairosError} `corrupt` when the chain cannot be read, `io`; the signal's reason
 */
export async function auditLaw(host: EvolutionHost, options: AuditOptions = {}): Promise<LawAudit> {
  const audit = new Audit(host);
  let blocks = 0;
  for await (const block of host.store.ledger.oldest()) {
    options.signal?.throwIfAborted();
    audit.take(block);
    if (++blocks % PIECE !== 0) continue;
    options.onProgress?.(blocks);
    await options.pause?.();
  }
  audit.compare(await findLaw(host));
  return audit.report(blocks);
}

/** A decision on its way to be used. */
interface OpenDecision {
  readonly record: LawDecision;
  readonly index: number;
  readonly kind: string;
}

class Audit {
  readonly #host: EvolutionHost;
  readonly #approvers: ApproverReplay;
  readonly #proposals = new Map<string, LawProposal>();
  readonly #open = new Map<string, OpenDecision>();
  readonly #findings: LawFinding[] = [];
  #count = 0;
  #foreign = 0;
  #law: AuditedLaw | null = null;
  #settings: LawSettings = FALLBACK;
  #seq = 0;

  constructor(host: EvolutionHost) {
    this.#host = host;
    this.#approvers = new ApproverReplay(host.store);
  }

  take(block: Block): void {
    for (const item of block.data) {
      const problem = this.#approvers.take(item, block);
      if (problem !== null) this.#find(block.index, problem);
      const found = readLawRecord(item);
      if (found === null) continue;
      if (found.sort === "foreign") this.#foreign++;
      else if (block.data.length > 1 && !isWithItsEvent(found, block)) {
        this.#find(block.index, "a record of the law stands beside others");
      } else if (found.sort === "genesis") this.#genesis(found.record, block);
      else if (found.sort === "proposal") this.#propose(found.record, block);
      else if (found.sort === "decision") this.#decide(found.record, block);
      else this.#transit(found.record, block);
    }
  }

  /** Holds what is served, and the pointers, against what the chain said. */
  compare(found: LawInForce): void {
    const { set } = loadApprovers(this.#host.store);
    if (set?.hash !== this.#approvers.lineage.set?.hash) {
      this.#find(null, `${APPROVERS_FILE} names other approvers than the chain`);
    }
    for (const problem of found.problems) {
      if (this.#law !== null || found.file !== null) this.#find(null, problem);
    }
    const law = this.#law;
    if (law === null) {
      if (found.file !== null) this.#find(null, `${LAW_FILE} names a law the chain does not know`);
      return;
    }
    const { file } = found;
    const isSame = file !== null && file.object === law.object && file.seq === law.seq &&
      file.epoch === law.epoch && file.decision.hash === law.decision.hash &&
      file.applied.hash === law.applied.hash;
    if (!isSame) {
      this.#find(null, `${LAW_FILE} should name decision ${law.seq}, block ${law.applied.index}`);
    }
    if (lawSource(this.#host.store, law.object) === null) {
      this.#find(null, `the source of the law, ${law.object.slice(0, 12)}, is not kept here`);
    }
  }

  report(blocks: number): LawAudit {
    return {
      blocks,
      law: this.#law,
      findings: this.#findings,
      findingCount: this.#count,
      unprovenEpochs: this.#approvers.lineage.unproven,
      foreign: this.#foreign,
    };
  }

  #genesis({ object, ast, epoch }: LawGenesis, { index, hash }: Block): void {
    if (this.#law !== null) return this.#find(index, "the law begins a second time");
    const at = { index, hash };
    this.#law = { object, ast, epoch, seq: 0, proposal: null, decision: at, applied: at };
    this.#settings = this.#settingsOf(object, index);
  }

  #propose(record: LawProposal, { index }: Block): void {
    if (this.#proposals.has(record.proposal)) {
      return this.#find(index, `proposal ${quote(record.proposal)} is made a second time`);
    }
    this.#proposals.set(record.proposal, record);
  }

  #decide(record: LawDecision, { index, hash }: Block): void {
    const { proposal, seq, verdict } = record;
    const made = this.#proposals.get(proposal);
    const isSame = made?.proposal_hash === record.proposal_hash &&
      made.base_hash === record.base_hash && made.new_hash === record.new_hash &&
      made.expires === record.expires;
    if (made === undefined || !isSame) {
      return this.#find(index, `it decides ${quote(proposal)}, which was not proposed so`);
    }
    if (seq <= this.#seq) this.#find(index, `decision ${seq} comes after decision ${this.#seq}`);
    this.#seq = Math.max(this.#seq, seq);
    this.#proposals.delete(proposal);
    const problem = this.#approvers.judge(record) ??
      (this.#approvers.lineage.set !== null || verdict === "reject"
        ? null
        : weakness({ settings: this.#settings }, record.strength, false));
    if (problem !== null) return this.#find(index, `decision ${seq} does not count: ${problem}`);
    if (verdict === "approve") this.#open.set(hash, { record, index, kind: made.kind });
  }

  #transit(record: LawTransition, { index, hash }: Block): void {
    const decision = this.#open.get(record.decision);
    if (decision === undefined) {
      return this.#find(index, `a change was made without a decision, or with a used one`);
    }
    this.#open.delete(record.decision);
    const { seq, epoch, proposal, new_hash, base_hash, proposal_hash, expires } = decision.record;
    if (Date.parse(record.timestamp) >= Date.parse(expires)) {
      this.#find(index, `decision ${seq} had expired when its change was made`);
    }
    const fits = record.seq === seq && record.epoch === epoch && record.proposal === proposal &&
      record.kind === decision.kind;
    if (!fits) return this.#find(index, `the change is not the one of decision ${seq}`);
    if (!isKind(record.kind) || !KINDS[record.kind].changesLaw) return;
    const object = record.next_object;
    if (
      this.#law === null || this.#law.ast !== base_hash || record.prev_object !== this.#law.object
    ) {
      return this.#find(index, `decision ${seq} rested on another law`);
    }
    if (object === null || object !== this.#decidedObject(proposal_hash)) {
      return this.#find(index, `the change is not the one of decision ${seq}`);
    }
    const at = { index: decision.index, hash: record.decision };
    this.#law = {
      object,
      ast: new_hash,
      epoch,
      seq,
      proposal,
      decision: at,
      applied: { index, hash },
    };
    this.#settings = this.#settingsOf(object, index);
  }

  /** The source a proposal's document names. */
  #decidedObject(hash: string): string | null {
    const bytes = this.#host.store.objects.get(hash);
    const proposal = bytes === null ? null : parseProposal(bytes);
    return proposal?.files[0]?.new ?? null;
  }

  #settingsOf(object: string, index: number): LawSettings {
    const source = lawSource(this.#host.store, object);
    if (source === null || sha256(source) !== object) {
      this.#find(index, `the source ${object.slice(0, 12)} is not kept here`);
      return FALLBACK;
    }
    try {
      return lawSettings(parseLaw(source, { file: LAW_SOURCE }));
    } catch {
      this.#find(index, `the source ${object.slice(0, 12)} is no law`);
      return FALLBACK;
    }
  }

  #find(block: number | null, message: string): void {
    this.#count++;
    if (this.#findings.length < MAX_FINDINGS) this.#findings.push({ block, message });
  }
}

/** The transition of a SkillSet, or of a new entry, has the records of that behind it. */
function isWithItsEvent({ sort, record }: LawRecord, { data: [_, ...beside] }: Block): boolean {
  if (sort !== "transition" || !isKind(record.kind)) return false;
  const { skillset, makes } = KINDS[record.kind];
  const begins = (starts: readonly string[]) =>
    beside.length === starts.length && beside.every((item, at) => item.startsWith(starts[at]!));
  if (skillset !== null) return begins(['{"type":"skillset_event",']);
  const made = '{"type":"knowledge_update",';
  if (makes === "adopted") return begins([made]);
  const origin = '{"_type":"skill_provenance",';
  return makes === "received" && (begins([origin]) || begins([made, origin]));
}
