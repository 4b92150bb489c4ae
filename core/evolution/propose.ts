/**
 * Making a proposal: objects, document and record as one unit.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import { KairosError } from "../errors.ts";
import { LOCAL } from "../layers/provenance.ts";
import { Stage } from "../layers/stage.ts";
import { sha256 } from "../objects/objects.ts";
import { isWellFormed } from "../text.ts";
import { type ChangeRequest, prepareChange, type PreparedChange } from "./change.ts";
import { type ChangeFacts, checkFileChange, checkForeignChange, checkLawChange } from "./checks.ts";
import { describeChange } from "./describe_change.ts";
import { reviewChecks } from "./describe_skillset.ts";
import { definitionChecks } from "./definition_checks.ts";
import type { EvolutionHost } from "./host.ts";
import type { LawInForce } from "./in_force.ts";
import { KINDS } from "./kinds.ts";
import { recentChanges } from "./limits.ts";
import {
  type CheckResult,
  encodeProposal,
  MAX_PROPOSAL,
  MAX_REASON,
  newProposalId,
  type Proposal,
} from "./proposal.ts";
import {
  documentPath,
  proposalIds,
  PROPOSALS,
  readNote,
  readQuietly,
  type StoredProposal,
} from "./proposal_store.ts";
import { requireSettledLaw } from "./settled_law.ts";
import { prepareSkillSet, skillSetChecks } from "./skillset_change.ts";

/** How many of the newest proposals are looked at for one that asks for the same. */
const NEWEST = 50;
const DAY = 24 * 60 * 60 * 1000;

/**
 * Makes a proposal. Needs the write lock.
 *
 * @param host The instance
 * @param request What is asked for
 * @param actor Who asks
 * @returns The proposal, pending; for a SkillSet the one that asks for the same already
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
  const law = requireSettledLaw(host);
  const isSkillSet = KINDS[request.kind].skillset !== null;
  const change = isSkillSet ? prepareSkillSet(host, request) : prepareChange(host, law, request);
  const twin = isSkillSet ? pendingTwin(host, change, actor) : null;
  if (twin !== null) return twin;
  for (const { base } of change.files) if (base !== null) keepBase(host, base, change);
  const origin = originOf(host, request, change);
  const checked = checkChange(host, law, change, {
    kind: request.kind,
    subject: change.subject,
    reason: request.reason,
    origin,
    principal: actor.principal,
  });
  const checks = [...checked, ...request.found ?? []];
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
    diff: change.diff ?? describeChange(
      {
        files: change.files,
        laws: change.after === null ? null : { before: law.law, after: change.after },
      },
      (object) => change.contents.get(object) ?? store.objects.get(object),
    ),
    principal: actor.principal,
    agent_id: actor.agentId ?? null,
    origin,
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

/** A change as it is checked; `after` may be the message why the new law cannot be read. */
export type CheckedChange = Pick<PreparedChange, "files" | "diff"> & {
  readonly after: PreparedChange["after"] | string;
  /** New bytes that are not kept yet, by their SHA-256. */
  readonly contents?: PreparedChange["contents"];
};

/**
 * Makes the mechanical checks of a change, against the law in force now.
 *
 * @param host The instance
 * @param law The law in force
 * @param change What would change
 * @param request Who asks for what
 * @returns The outcome of every check
 */
export function checkChange(
  host: EvolutionHost,
  law: LawInForce,
  { files, diff, after, contents }: CheckedChange,
  request: CheckedRequest,
): CheckResult[] {
  const { store, view } = host;
  const facts = {
    kind: request.kind,
    subject: request.subject,
    reason: request.reason,
    origin: request.origin,
    settings: law.settings,
    recent: recentChanges(view(), request.principal, store.clock(), request.id),
    canGoBack: files.every(({ base }) => base === null || store.objects.get(base) !== null),
  };
  const { skillset: verb, makes } = KINDS[request.kind];
  if (makes === "received") return checkForeignChange(facts, []);
  if (makes === "adopted") {
    const contentOf = (object: string) => contents?.get(object) ?? store.objects.get(object);
    return checkForeignChange(facts, definitionChecks(host, files, request.subject, contentOf));
  }
  if (verb !== null) {
    const reviewed = diff === undefined ? [] : reviewChecks(verb, diff);
    const object = files[0]?.new ?? null;
    const listed = object && (contents?.get(object) ?? store.objects.get(object));
    return checkForeignChange(facts, [
      ...skillSetChecks(host, verb, request.subject, listed || null),
      ...reviewed,
    ]);
  }
  return after === null
    ? checkFileChange(facts)
    : checkLawChange(facts, { before: law.law, after });
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

/** Where the content comes from. What a peer gave stays a peer's under another name, and as a definition. */
function originOf(
  { originOfText }: EvolutionHost,
  { kind, origin = LOCAL }: ChangeRequest,
  { subject, after }: PreparedChange,
): string {
  if (origin !== LOCAL || !KINDS[kind].oneSkill) return origin;
  const content = after?.skills.find(({ id }) => id === subject)?.content ?? "";
  return originOfText?.(content) ?? LOCAL;
}

/** Asking again for what waits already makes no second proposal. */
function pendingTwin(
  { store, view }: EvolutionHost,
  { subject, baseHash, newHash }: PreparedChange,
  { principal }: Actor,
): StoredProposal | null {
  const look = view();
  // Notes are short and documents may be long.
  const open = proposalIds(look).slice(0, NEWEST).filter((id) => readNote(look, id) === null);
  for (const id of open) {
    const found = readQuietly(look, id, store.clock());
    if (found?.state !== "pending") continue;
    const { proposal } = found;
    const isSame = proposal.subject === subject && proposal.principal === principal &&
      proposal.base_hash === baseHash && proposal.new_hash === newHash;
    if (isSame) return found;
  }
  return null;
}

/** What is there before is kept, so that one can go back to it. */
function keepBase(
  { store, view }: EvolutionHost,
  base: string,
  { files, contents }: PreparedChange,
): void {
  const path = files.find((file) => file.base === base)!.path;
  const bytes = contents.get(base) ?? view().read(path, MAX_PROPOSAL);
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
