/**
 * The law of an instance and how it changes: one object for every door.
 *
 * An agent proposes, a person decides, then the change is made. See `kairos_formats/evolution.md`.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import type { Skill } from "../dsl/ast.ts";
import { coverage } from "../dsl/formal/drift.ts";
import { type Applied, apply } from "./apply.ts";
import { type Approvers, approversNow } from "./approvers.ts";
import { auditLaw, type AuditOptions, type LawAudit } from "./audit_law.ts";
import type { ChangeRequest } from "./change.ts";
import { type Added, addSignatures, type Collected, collected, exportRequest } from "./collect.ts";
import { decide, type DecisionDraft, type DecisionInput, draftDecision } from "./decide.ts";
import { beginLaw } from "./genesis.ts";
import { compareSources } from "./describe_change.ts";
import type { EvolutionHost } from "./host.ts";
import type { Proposal } from "./proposal.ts";
import { findLaw, type LawInForce } from "./in_force.ts";
import { View } from "../layers/view.ts";
import type { LawFile } from "./law_file.ts";
import { LawWalk } from "./law_walk.ts";
import { ParsedLaws } from "./parsed_laws.ts";
import {
  proposalIds,
  type ProposalState,
  readProposal,
  type StoredProposal,
} from "./proposal_store.ts";
import { propose } from "./propose.ts";
import type { Verdict } from "./records.ts";
import type { SignedDecision } from "./signing.ts";
import { spentDocuments } from "./spent.ts";
import { takeSnapshot } from "./snapshot.ts";
import { listVersions, readVersion, type Version } from "./versions.ts";
import { asKairosError } from "../errors.ts";

/** How often a law in doubt is looked up. */
const ATTEMPTS = 3;

/** A proposal in a list; one that cannot be read is listed with its problem. */
export type ListedProposal =
  | { readonly id: string; readonly stored: StoredProposal; readonly problem: null }
  | { readonly id: string; readonly stored: null; readonly problem: string };

/**
 * The law of one instance.
 *
 * @example
 * ```ts
 * import { Disk } from "../disk/mod.ts";
 * import { initInstance } from "../init.ts";
 * import { openInstance } from "../instance.ts";
 *
 * const root = `${await Deno.makeTempDir()}/.kairos`;
 * await initInstance(new Disk(), root, { version: "0.1.0", clock: Date.now });
 * const evolution = await (await openInstance(root, { mode: "read" })).evolution();
 * const { status, file } = await evolution.inForce();
 * if (status !== "decided" || file?.seq !== 0) throw new Error("no first law");
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export class Evolution {
  readonly #host: EvolutionHost;
  readonly #coverage = new WeakMap<Skill, number | null>();

  /** @param host The instance; what it reads of laws is kept here */
  constructor(host: Omit<EvolutionHost, "laws" | "walk">) {
    const laws = new ParsedLaws();
    this.#host = { ...host, laws, walk: new LawWalk({ store: host.store, laws }) };
  }

  /**
   * The law in force, what proves it, what does not fit, and undecided edits.
   *
   * @returns The law
   * @throws {KairosError} `io`
   */
  async inForce(): Promise<LawInForce> {
    const { store } = this.#host;
    // Another process may stand between its record and its files, so a doubt is looked at again.
    const view = () => new View(store.disk, store.root, store.pendingSteps());
    for (let attempt = 1;; attempt++) {
      const found = await findLaw({ ...this.#host, view });
      if (found.status !== "last_proven" || attempt === ATTEMPTS) return found;
    }
  }

  /**
   * Which part of its statements the prose of a skill mentions; worked out once for a skill of the law in
   * force, which never changes.
   *
   * @param skill The skill
   * @returns From 0 to 1; `null` without statements
   * @throws {KairosError} `too_large`
   */
  coverage(skill: Skill): number | null {
    const kept = this.#coverage.get(skill);
    if (kept !== undefined) return kept;
    const found = coverage(skill);
    if (Object.isFrozen(skill)) this.#coverage.set(skill, found);
    return found;
  }

  /**
   * Makes the first law of an instance that never had one. For people's doors only.
   *
   * @param source Its source text
   * @param actor Who begins
   * @returns What `skills/law.json` says now
   * @throws {KairosError} `exists` when there was a law before, `invalid`, `too_large`
   */
  begin(source: Uint8Array, actor: Actor): Promise<LawFile> {
    return this.#host.store.exclusive(() => beginLaw(this.#host.store, source, actor));
  }

  /**
   * Proposes a change.
   *
   * @param request What is asked for
   * @param actor Who asks
   * @returns The proposal, pending
   * @throws {KairosError} `refused` with the checks in its data when one failed or the law cannot be
   *   changed, `invalid`, `not_found`, `exists`, `too_large`, `locked`
   */
  propose(request: ChangeRequest, actor: Actor): Promise<StoredProposal> {
    return this.#change(() => propose(this.#host, request, actor));
  }

  /**
   * Proposes the working copy, as somebody edited it, or a given source.
   *
   * @param reason Why
   * @param actor Who asks
   * @param source The source; the working copy unless given
   * @returns The proposal, pending
   * @throws {KairosError} those of {@linkcode propose}
   */
  adopt(reason: string, actor: Actor, source?: string): Promise<StoredProposal> {
    const more = source === undefined ? {} : { source };
    return this.propose({ kind: "adopt", reason, ...more }, actor);
  }

  /**
   * Proposes an earlier version of the law.
   *
   * @param version Name of its snapshot
   * @param reason Why
   * @param actor Who asks
   * @returns The proposal, pending
   * @throws {KairosError} `refused` when the snapshot is not what was decided, and those of
   *   {@linkcode propose}
   */
  rollback(version: string, reason: string, actor: Actor): Promise<StoredProposal> {
    return this.propose({ kind: "rollback", subject: version, reason }, actor);
  }

  /**
   * The proposals, newest first.
   *
   * @param filter `state`: only those; `most`: so many
   * @returns Each with its state
   */
  list(filter: { readonly state?: ProposalState; readonly most?: number } = {}): ListedProposal[] {
    const view = this.#host.view();
    const now = this.#host.store.clock();
    const found: ListedProposal[] = [];
    for (const id of proposalIds(view)) {
      if (found.length >= (filter.most ?? Infinity)) break;
      const one = listed(() => readProposal(view, id, now), id);
      if (filter.state === undefined || one.stored?.state === filter.state) found.push(one);
    }
    return found;
  }

  /**
   * One proposal.
   *
   * @param id Its id
   * @returns The proposal and its state
   * @throws {KairosError} `invalid`, `not_found`, `corrupt`
   */
  show(id: string): StoredProposal {
    return readProposal(this.#host.view(), id, this.#host.store.clock());
  }

  /**
   * Documents of proposals about SkillSets that were rejected or have expired: what they name need not
   * be kept for them.
   *
   * @returns Their paths, relative to the data directory
   */
  spentDocuments(): Set<string> {
    return spentDocuments(this.#host);
  }

  /**
   * What a decision would be about, to be shown and signed.
   *
   * @param id The proposal
   * @param verdict Yes or no
   * @returns The draft
   * @throws {KairosError} `conflict`, `refused`, `not_found`
   */
  draft(id: string, verdict: Verdict): DecisionDraft {
    return draftDecision(this.#host, id, verdict);
  }

  /**
   * Records a decision. The strength is what the door knows, never what an argument says.
   *
   * @param id The proposal
   * @param verdict Yes or no
   * @param input Strength and signatures
   * @param actor Who decides
   * @returns The proposal, decided
   * @throws {KairosError} `refused` when it does not count, `conflict`, `not_found`
   */
  decide(
    id: string,
    verdict: Verdict,
    input: DecisionInput,
    actor: Actor,
  ): Promise<StoredProposal> {
    return this.#change(() => decide(this.#host, id, verdict, input, actor));
  }

  /**
   * What an approver on another machine has to see and sign.
   *
   * @param id The proposal
   * @param verdict Yes or no
   * @returns The request, one line of JSON
   * @throws {KairosError} `refused` while there are no approvers, and those of {@linkcode draft}
   */
  request(id: string, verdict: Verdict): string {
    return exportRequest(this.#host, id, verdict);
  }

  /**
   * How far the signatures of a decision are.
   *
   * @param id The proposal
   * @param verdict Yes or no
   * @returns Who has signed, and how many are missing
   * @throws {KairosError} those of {@linkcode draft}
   */
  collected(id: string, verdict: Verdict): Collected {
    return collected(this.#host, id, verdict);
  }

  /**
   * Takes signatures, made here or elsewhere; with the last that is needed the decision is recorded.
   *
   * @param id The proposal
   * @param verdict Yes or no
   * @param given The signatures, and what they were made for
   * @param actor Who brings them
   * @returns How far they are now, and the proposal: decided when nothing is missing
   * @throws {KairosError} `refused` for a signature that does not hold for exactly this decision, and
   *   those of {@linkcode decide}
   */
  addSignatures(
    id: string,
    verdict: Verdict,
    given: readonly SignedDecision[],
    actor: Actor,
  ): Promise<Added> {
    return this.#change(() => addSignatures(this.#host, id, verdict, given, actor));
  }

  /**
   * Turns a proposal down.
   *
   * @param id The proposal
   * @param input Strength and signatures
   * @param actor Who decides
   * @returns The proposal, rejected
   * @throws {KairosError} those of {@linkcode decide}
   */
  reject(id: string, input: DecisionInput, actor: Actor): Promise<StoredProposal> {
    return this.decide(id, "reject", input, actor);
  }

  /**
   * Makes a decided change.
   *
   * @param id The proposal
   * @param actor Who asks for it
   * @returns What was done
   * @throws {KairosError} `refused` when it is not approved, expired, used or fails a check, `conflict`
   *   when what it rests on has changed, `corrupt`
   */
  apply(id: string, actor: Actor): Promise<Applied> {
    return this.#change(() => apply(this.#host, id, actor));
  }

  /**
   * The snapshots of the law, newest first.
   *
   * @returns What their notes say
   */
  versions(): Version[] {
    return listVersions(this.#host.view());
  }

  /**
   * One snapshot.
   *
   * @param name Its file name
   * @returns What its note says, its text and its hash
   * @throws {KairosError} `invalid`, `not_found`
   */
  version(name: string): { version: Version; source: string; hash: string } {
    return readVersion(this.#host.view(), name);
  }

  /**
   * Compares a snapshot with another, or with the law in force.
   *
   * @param from Name of one snapshot
   * @param to Name of another; the law in force unless given
   * @returns A unified diff, and what differs between the laws
   * @throws {KairosError} `invalid`, `not_found`
   */
  async compare(from: string, to?: string): Promise<Proposal["diff"]> {
    const before = { name: from, source: this.version(from).source };
    const after = to === undefined
      ? { name: "the law in force", source: (await this.inForce()).source }
      : { name: to, source: this.version(to).source };
    return compareSources(before, after);
  }

  /**
   * Makes another snapshot of the law in force.
   *
   * @param reason Why
   * @param actor Who asks
   * @returns Its name
   * @throws {KairosError} `refused` when the law is not settled
   */
  snapshot(reason: string, actor: Actor): Promise<string> {
    return this.#change(() => takeSnapshot(this.#host, reason, actor));
  }

  /**
   * Who may decide, as far as the pointers tell.
   *
   * @returns The approvers; with a problem nothing may be decided
   */
  approvers(): Approvers {
    return approversNow(this.#host);
  }

  /**
   * Holds the law against the whole chain.
   *
   * @param options Progress and cancellation
   * @returns What does not fit, and what the pointers should say
   */
  audit(options: AuditOptions = {}): Promise<LawAudit> {
    return auditLaw(this.#host, options);
  }

  /** Runs a change with nobody else writing; most of what it asks the chain is read before. */
  async #change<T>(change: () => T): Promise<T> {
    await this.#host.walk.readAhead();
    return await this.#host.store.exclusive(change);
  }
}

function listed(read: () => StoredProposal, id: string): ListedProposal {
  try {
    return { id, stored: read(), problem: null };
  } catch (error) {
    return { id, stored: null, problem: asKairosError(error).message };
  }
}
