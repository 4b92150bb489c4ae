/**
 * Making a proposal: objects, document and record as one unit.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import { KairosError } from "../errors.ts";
import { Stage } from "../layers/stage.ts";
import { sha256 } from "../objects/objects.ts";
import { isWellFormed } from "../text.ts";
import { type ChangeRequest, prepareChange, type PreparedChange } from "./change.ts";
import { type ChangeFacts, checkFileChange, checkLawChange } from "./checks.ts";
import { describeChange } from "./describe_change.ts";
import type { EvolutionHost } from "./host.ts";
import { type LawInForce, requireLaw } from "./in_force.ts";
import { recentChanges } from "./limits.ts";
import {
  type CheckResult,
  encodeProposal,
  MAX_PROPOSAL,
  MAX_REASON,
  newProposalId,
  type Proposal,
} from "./proposal.ts";
import { documentPath, PROPOSALS, type StoredProposal } from "./proposal_store.ts";

const DAY = 24 * 60 * 60 * 1000;

/**
 * Makes a proposal. Needs the write lock.
 *
 * @param host The instance
 * @param request What is asked for
 * @param actor Who asks
 * @returns The proposal, pending
 * @throws {KairosError} `refused` with the checks in its data when one failed, and those of
 *   `prepareChange`
 */
export function propose(
  host: EvolutionHost,
  request: ChangeRequest,
  actor: Actor,
): StoredProposal {
  checkReason(request.reason);
  const { store } = host;
  const law = requireLaw(host);
  const change = prepareChange(host, law, request);
  for (const { base } of change.files) if (base !== null) keepBase(host, base, change);
  const checks = checkChange(host, law, change, {
    kind: request.kind,
    subject: change.subject,
    reason: request.reason,
    origin: request.origin ?? "local",
    principal: actor.principal,
  });
  refuseFailed("propose", checks);
  const now = store.clock();
  const proposal: Proposal = {
    version: 1,
    id: newProposalId(now),
    kind: request.kind,
    subject: change.subject,
    files: change.files,
    base_hash: change.baseHash,
    new_hash: change.newHash,
    checks,
    diff: describeChange(
      {
        files: change.files,
        laws: change.after === null ? null : { before: law.law, after: change.after },
      },
      (object) => change.contents.get(object) ?? store.objects.get(object),
    ),
    principal: actor.principal,
    agent_id: actor.agentId ?? null,
    origin: request.origin ?? "local",
    reason: request.reason,
    created: new Date(now).toISOString(),
    expires: new Date(now + law.settings.expiresDays * DAY).toISOString(),
  };
  const bytes = encodeProposal(proposal);
  if (bytes.length > MAX_PROPOSAL) {
    throw new KairosError(
      "too_large",
      `Cannot propose that: its document has ${bytes.length} bytes`,
      {
        hint: `Keep it below ${MAX_PROPOSAL} bytes`,
      },
    );
  }
  return record(host, proposal, bytes, change, actor);
}

/** Who and what a change is checked for. */
export interface CheckedRequest
  extends Pick<ChangeFacts, "kind" | "subject" | "reason" | "origin"> {
  /** Who proposed it. */
  readonly principal: string;
  /** Its id, once it has one. */
  readonly id?: string;
}

/**
 * Makes the mechanical checks of a change, against the law in force now.
 *
 * @param host The instance
 * @param law The law in force
 * @param change What would change; `after` may be the message why the new law cannot be read
 * @param request Who asks for what
 * @returns The outcome of every check
 */
export function checkChange(
  { store, view }: EvolutionHost,
  law: LawInForce,
  change: Pick<PreparedChange, "files"> & { readonly after: PreparedChange["after"] | string },
  request: CheckedRequest,
): CheckResult[] {
  const facts = {
    kind: request.kind,
    subject: request.subject,
    reason: request.reason,
    origin: request.origin,
    settings: law.settings,
    recent: recentChanges(view(), request.principal, store.clock(), request.id),
    canGoBack: change.files.every(({ base }) => base === null || store.objects.get(base) !== null),
  };
  return change.after === null
    ? checkFileChange(facts)
    : checkLawChange(facts, { before: law.law, after: change.after });
}

/**
 * Refuses what a check found wrong.
 *
 * @param attempt What was attempted, a verb
 * @param checks Outcomes
 * @throws {KairosError} `refused` with all of them in its data
 */
export function refuseFailed(attempt: string, checks: readonly CheckResult[]): void {
  const [first] = checks.filter(({ verdict }) => verdict === "failed");
  if (first === undefined) return;
  throw new KairosError(
    "refused",
    `Cannot ${attempt} that: check ${JSON.stringify(first.name)} failed: ${first.detail}`,
    { hint: "Change the proposal so that every mechanical check passes", data: { checks } },
  );
}

/** What is there before is kept, so that one can go back to it. */
function keepBase({ store, view }: EvolutionHost, base: string, { files }: PreparedChange): void {
  const path = files.find((file) => file.base === base)!.path;
  const bytes = view().read(path, MAX_PROPOSAL);
  if (bytes !== null && sha256(bytes) === base) store.objects.put(bytes);
}

function record(
  { store }: EvolutionHost,
  proposal: Proposal,
  bytes: Uint8Array,
  { contents }: PreparedChange,
  actor: Actor,
): StoredProposal {
  for (const content of contents.values()) store.objects.put(content);
  const hash = store.objects.put(bytes);
  const { id, kind, subject, base_hash, new_hash, reason, expires } = proposal;
  const item = store.record({
    type: "law_proposal",
    proposal: id,
    kind,
    subject,
    base_hash,
    new_hash,
    proposal_hash: hash,
    reason,
    expires,
  }, actor);
  store.disk.makeFolder(`${store.root}/${PROPOSALS}`);
  const stage = Stage.fill(store, PROPOSALS, (stage) => stage.file(bytes));
  store.commit({
    record: item,
    steps: [{ from: stage.path, to: documentPath(id), base: null }],
    discard: [stage.path],
  });
  return { proposal, hash, state: "pending", note: null };
}

function checkReason(reason: string): void {
  if (reason.length > MAX_REASON || !isWellFormed(reason)) {
    throw new KairosError(
      "invalid",
      `Cannot propose that: the reason is no text of ${MAX_REASON}`,
      {
        hint: "Give the reason in a few sentences",
      },
    );
  }
}
