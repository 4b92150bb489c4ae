/**
 * What the blocks of a chain say about the law, taken one after the other: no pointer is believed, no
 * block kept.
 *
 * Blocks are taken as they are; whether the chain itself is whole is for `verifyChain` to say. See
 * `kairos_formats/evolution.md#audit`.
 *
 * @module
 */

import type { Block } from "../chain/block.ts";
import { quote } from "../text.ts";
import type { ApproverSet } from "./approver_set.ts";
import { APPROVERS_FILE } from "./approvers.ts";
import { judgeBySet, weakness } from "./judge.ts";
import { isKind, KINDS } from "./kinds.ts";
import { LAW_FILE, type LawFile } from "./law_file.ts";
import { FALLBACK, type LawSettings } from "./law_settings.ts";
import { keptBytes, keptLaw, keptSettings, type LawSources } from "./law_source.ts";
import { ApproverReplay, type Lineage } from "./lineage.ts";
import { parseProposal } from "./proposal.ts";
import {
  type LawDecision,
  type LawGenesis,
  type LawProposal,
  type LawRecord,
  type LawTransition,
  readLawRecord,
} from "./records.ts";

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

/** Most findings that are listed. */
export const MAX_FINDINGS = 100;

/** A decision on its way to be used. */
interface OpenDecision {
  readonly record: LawDecision;
  readonly index: number;
  readonly kind: string;
}

/**
 * The law while a chain is walked from its beginning.
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { initInstance } from "../init.ts";
 * import { openInstance } from "../instance.ts";
 * import { LawReplay } from "./law_replay.ts";
 * import { ParsedLaws } from "./parsed_laws.ts";
 *
 * const root = `${await Deno.makeTempDir()}/.kairos`;
 * await initInstance(new Disk(), root, { version: "0.1.0", clock: Date.now });
 * const { store } = await openInstance(root, { mode: "read" });
 * const replay = new LawReplay({ store, laws: new ParsedLaws() });
 * for (const { block } of store.ledger.placed()) replay.take(block);
 * if (replay.law?.seq !== 0 || replay.findingCount > 0) throw new Error("no first law");
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export class LawReplay {
  readonly #sources: LawSources;
  readonly #approvers = new ApproverReplay();
  readonly #proposals = new Map<string, LawProposal>();
  readonly #open = new Map<string, OpenDecision>();
  readonly #findings: LawFinding[] = [];
  #count = 0;
  #foreign = 0;
  #law: AuditedLaw | null = null;
  #settings: LawSettings = FALLBACK;
  #seq = 0;

  /** @param sources Where laws and proposals are read */
  constructor(sources: LawSources) {
    this.#sources = sources;
  }

  /** The law in force so far, or `null` while there is none. */
  get law(): AuditedLaw | null {
    return this.#law;
  }

  /** The approvers so far. */
  get lineage(): Lineage {
    return this.#approvers.lineage;
  }

  /** What does not fit; at most {@linkcode MAX_FINDINGS}. */
  get findings(): readonly LawFinding[] {
    return this.#findings;
  }

  /** How many there are. */
  get findingCount(): number {
    return this.#count;
  }

  /** Transitions other programs recorded. */
  get foreign(): number {
    return this.#foreign;
  }

  /**
   * Whether a decision counts and its change was not made so far.
   *
   * @param decision Hash of its block
   * @returns `true` when it can be used
   */
  isOpen(decision: string): boolean {
    return this.#open.has(decision);
  }

  /**
   * What the pointers of an instance say else than its chain.
   *
   * @param file The law they name, or `null`
   * @param set The approvers they name, or `null`
   * @returns One sentence for each, without a trailing period
   */
  differences(file: LawFile | null, set: ApproverSet | null): string[] {
    const law = this.#law;
    const isSame = law === null
      ? file === null
      : file !== null && file.object === law.object && file.seq === law.seq &&
        file.epoch === law.epoch && file.decision.hash === law.decision.hash &&
        file.applied.hash === law.applied.hash;
    const named = law === null
      ? `${LAW_FILE} names a law the chain does not know`
      : `${LAW_FILE} should name decision ${law.seq}, block ${law.applied.index}`;
    return [
      ...set?.hash === this.lineage.set?.hash
        ? []
        : [`${APPROVERS_FILE} names other approvers than the chain`],
      ...isSame ? [] : [named],
    ];
  }

  /**
   * Takes the next block into account.
   *
   * @param block The block
   * @throws {KairosError} `io`
   */
  take(block: Block): void {
    for (const problem of this.#approvers.take(block)) this.#find(block.index, problem);
    for (const item of block.data) {
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
    // A no to a document that was put in its place is a no: nothing comes of it.
    if (made === undefined || (!isSame && verdict === "approve")) {
      return this.#find(index, `it decides ${quote(proposal)}, which was not proposed so`);
    }
    if (seq <= this.#seq) this.#find(index, `decision ${seq} comes after decision ${this.#seq}`);
    this.#seq = Math.max(this.#seq, seq);
    this.#proposals.delete(proposal);
    const { lineage: { set }, instance } = this.#approvers;
    const problem = judgeBySet(record, set, instance, this.#settings.required) ??
      (set !== null || verdict === "reject"
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
    const { seq, epoch, proposal, new_hash, base_hash, expires } = decision.record;
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
    if (object === null || !this.#isDecided(object, decision.record, index)) {
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

  /** Whether a source is what was decided. What was lost since is a finding, and undoes nothing. */
  #isDecided(
    object: string,
    { proposal_hash, new_hash, seq }: LawDecision,
    index: number,
  ): boolean {
    const law = keptLaw(this.#sources, object);
    if (typeof law !== "string" && law.ast !== new_hash) return false;
    const bytes = keptBytes(this.#sources.store, proposal_hash);
    const named = bytes === null ? null : parseProposal(bytes)?.files[0]?.new ?? null;
    if (named === null) this.#find(index, `the document of decision ${seq} is not kept here`);
    return named === null || named === object;
  }

  #settingsOf(object: string, index: number): LawSettings {
    const found = keptSettings(this.#sources, object);
    if (typeof found !== "string") return found;
    this.#find(index, `the law ${object.slice(0, 12)} cannot be read: ${found}`);
    return FALLBACK;
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
