/**
 * The law in force: the last version a person decided, whatever the working copy says.
 *
 * Finding it costs a few reads, whatever the length of the chain. When something does not fit, the
 * last version that can be proven is served and nothing of the law can be changed. See
 * `kairos_formats/evolution.md#law-in-force`.
 *
 * @module
 */

import type { Law } from "../dsl/ast.ts";
import { type ErrorPlaces, errorPlaces } from "../error_places.ts";
import { KairosError } from "../errors.ts";
import type { View } from "../layers/view.ts";
import { FIRST_BLOCK, firstBlock } from "../ledger/block_at.ts";
import { sha256 } from "../objects/objects.ts";
import type { EvolutionHost } from "./host.ts";
import { type ApproverSet, isSetRecord, parseSet } from "./approver_set.ts";
import { type Approvers, approversNow } from "./approvers.ts";
import { isKind, KINDS } from "./kinds.ts";
import {
  LAW_FILE,
  LAW_SOURCE,
  type LawFile,
  MAX_LAW_SOURCE,
  MAX_POINTER_FILE,
  parseLawFile,
  RUBY_SOURCE,
} from "./law_file.ts";
import { effectiveSettings, FALLBACK, type LawSettings, lawSettings } from "./law_settings.ts";
import { proveLaw, type ProvenLaw, recordOf } from "./prove_law.ts";
import { readLawRecord } from "./records.ts";
import { listVersions } from "./versions.ts";

/** An edit of the working copy that nobody decided. */
export interface Drift {
  /** SHA-256 of the working copy, or `null` when it is gone. */
  readonly object: string | null;
  /** Whether it means the same as the law in force, so that only its text differs. */
  readonly sameLaw: boolean;
  /** Why it cannot be read, or `null`. */
  readonly problem: string | null;
  /** Where it cannot be read, or `null`. */
  readonly places: ErrorPlaces | null;
}

/** The law an instance obeys. */
export interface LawInForce {
  /**
   * `decided`: proven and up to date; `last_proven`: something does not fit, and this is the last version that can be proven; `ruby`: the law
   * of the existing implementation, as it stands; `none`: there is no law.
   */
  readonly status: "decided" | "last_proven" | "ruby" | "none";
  /** The skills. */
  readonly law: Law;
  /** Its source text. */
  readonly source: string;
  /** What proves it, or `null`. */
  readonly file: LawFile | null;
  /** What it asks of changes, tightened by the configuration. */
  readonly settings: LawSettings;
  /** What does not fit; nothing of the law can be changed while there is anything. */
  readonly problems: readonly string[];
  /** An undecided edit of the working copy, or `null`. */
  readonly drift: Drift | null;
}

/** Most snapshots that are looked at for a version that can be proven. */
const MAX_VERSIONS = 64;
/** How far back from the end the chain is looked at for a newer law than `skills/law.json` names. */
const NEWEST = 256;

/**
 * Finds the law in force.
 *
 * @param host The instance
 * @returns The law, what proves it and what does not fit
 * @throws {KairosError} `io`
 */
export async function findLaw(host: EvolutionHost): Promise<LawInForce> {
  const found = findDecidedLaw(host);
  if (found !== null) return found;
  const view = host.view();
  const bytes = view.stat(RUBY_SOURCE) === null ? null : view.read(RUBY_SOURCE, MAX_LAW_SOURCE);
  const drift = driftOf(host, view, null);
  const none = { law: { skills: [] }, source: "", file: null, settings: FALLBACK, drift };
  if (bytes === null || host.ruby === undefined) {
    return { ...none, status: "none", problems: ["no law was ever decided here"] };
  }
  const source = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const problems = [`${RUBY_SOURCE} is the law of another program: it is shown and not changed`];
  try {
    const { law } = await host.ruby(source, { file: RUBY_SOURCE });
    return { ...none, status: "ruby", law, source, problems };
  } catch (error) {
    if (!(error instanceof KairosError)) throw error;
    return { ...none, status: "none", problems: [...problems, error.message] };
  }
}

/**
 * Finds the law in force of an instance that has decided one.
 *
 * @param host The instance
 * @returns The law, or `null` when none was ever decided
 * @throws {KairosError} `io`
 */
export function findDecidedLaw(host: EvolutionHost): LawInForce | null {
  const { store, config } = host;
  const view = host.view();
  const problems: string[] = [];
  const pointed = readPointer(view, problems);
  const proven = pointed === null ? null : proveLaw(host, pointed);
  if (typeof proven === "string") problems.push(`${LAW_FILE}: ${proven}`);
  const sure = proven === null || typeof proven === "string" ? null : proven;
  const newest = newestProven(host, view, sure);
  if (newest !== null && newest !== sure && sure !== null) {
    problems.push(`${LAW_FILE} names decision ${sure.file.seq}, later is ${newest.file.seq}`);
  }
  if (newest === null && pointed === null && problems.length === 0) return null;
  const approvers = approversNow(host);
  if (approvers.problem !== null) problems.push(approvers.problem);
  if (newest !== null) problems.push(...laterRecords(store, newest.file, approvers));
  const { law, source, file } = newest ?? { law: { skills: [] }, source: "", file: null };
  if (pointed === null && problems.length === 0) problems.push(`${LAW_FILE} is missing`);
  return {
    status: problems.length === 0 ? "decided" : newest === null ? "none" : "last_proven",
    law,
    source,
    file,
    settings: effectiveSettings(settingsOf(law, problems), config),
    problems,
    drift: driftOf(host, view, newest),
  };
}

/**
 * The law in force, for a draft of a change; what changes something asks the whole chain, see
 * `requireSettledLaw`.
 *
 * @param host The instance
 * @returns The law and what proves it
 * @throws {KairosError} `refused` when there is no law, or something about it does not fit
 */
export function requireLaw(host: EvolutionHost): LawInForce & { readonly file: LawFile } {
  const found = findDecidedLaw(host);
  if (found?.status === "decided" && found.file !== null) return { ...found, file: found.file };
  if (found !== null) throw cannotChange(found.problems);
  throw new KairosError("refused", "Cannot change the law: no law was decided here", {
    hint: "Begin with one: `kairos init`, or `kairos skills adopt` for a law that is there",
    data: { problems: [] },
  });
}

/**
 * The error for a change while something about the law does not fit.
 *
 * @param problems What does not fit
 * @returns `refused`
 */
export function cannotChange(problems: readonly string[]): KairosError {
  return new KairosError("refused", `Cannot change the law: ${problems.join("; ")}`, {
    hint: "See `kairos doctor`; the law stays as it is until this is settled",
    data: { problems },
  });
}

function readPointer(view: View, problems: string[]): LawFile | null {
  const size = view.stat(LAW_FILE)?.size;
  if (size === undefined) return null;
  const bytes = size > MAX_POINTER_FILE ? null : view.read(LAW_FILE, MAX_POINTER_FILE);
  const file = bytes === null ? null : parseLawFile(new TextDecoder().decode(bytes));
  if (file === null) problems.push(`${LAW_FILE} cannot be read`);
  return file;
}

/** The latest version that can be proven: the one pointed to, or one whose snapshot is later. */
function newestProven(
  host: EvolutionHost,
  view: View,
  pointed: ProvenLaw | null,
): ProvenLaw | null {
  const later = listVersions(view, MAX_VERSIONS)
    .flatMap(({ law }) => law ?? [])
    .filter((law) => pointed === null || rank(law) > rank(pointed.file))
    .sort((a, b) => rank(b) - rank(a));
  for (const law of later) {
    const proven = proveLaw(host, law);
    if (typeof proven !== "string") return proven;
  }
  if (pointed !== null) return pointed;
  const first = firstBlock(host.store);
  const genesis = first === null ? null : recordOf(first, "genesis");
  if (first === null || genesis === null) return null;
  const { object, ast, epoch } = genesis;

  const pointer = { index: first.index, offset: FIRST_BLOCK, hash: first.hash };
  const file = { version: 1, epoch, seq: 0, object, ast, proposal: null } as const;
  const proven = proveLaw(host, { ...file, decision: pointer, applied: pointer });
  return typeof proven === "string" ? null : proven;
}

/** What the newest part of the chain tells of a later law, or of approvers nobody points to. */
function laterRecords(
  { ledger }: EvolutionHost["store"],
  file: LawFile,
  { set }: Approvers,
): string[] {
  if (file.epoch > (set?.epoch ?? 0)) return ["the approvers who decided the law are missing"];
  let left = NEWEST;
  for (const { index, data } of ledger.newest()) {
    if (index <= file.applied.index || --left < 0) break;
    for (const item of data) {
      if (isSetRecord(item) && sha256(item) === set?.hash) continue;
      const found = isSetRecord(item) ? "approvers" : laterLaw(item);
      // Approvers before the set in force are found behind it, on the way back.
      if (found === "approvers" && set !== null && isBefore(item, set)) continue;
      if (found !== null) return [`block ${index} tells of ${found} the pointers do not name`];
    }
  }
  return [];
}

function laterLaw(item: string): string | null {
  const found = readLawRecord(item);
  if (found?.sort === "genesis") return "another beginning of the law";
  if (found?.sort !== "transition") return null;
  const { kind, seq } = found.record;
  return isKind(kind) && KINDS[kind].changesLaw ? `decision ${seq}, a law` : null;
}

function isBefore(item: string, set: ApproverSet): boolean {
  const other = parseSet(item);
  return typeof other !== "string" && other.number < set.number;
}

function rank({ epoch, seq }: LawFile): number {
  return epoch * 1e9 + seq;
}

function settingsOf(law: Law, problems: string[]): LawSettings {
  try {
    return lawSettings(law);
  } catch (error) {
    if (!(error instanceof KairosError)) throw error;
    problems.push(error.message);
    return FALLBACK;
  }
}

function driftOf({ laws }: EvolutionHost, view: View, proven: ProvenLaw | null): Drift | null {
  const there = view.stat(LAW_SOURCE);
  const unread = { object: null, sameLaw: false, places: null };
  if (there === null) return proven === null ? null : { ...unread, problem: "it is gone" };
  if (there.size > MAX_LAW_SOURCE) return { ...unread, problem: "it is too large" };
  const bytes = view.read(LAW_SOURCE, MAX_LAW_SOURCE);
  if (bytes === null) return null;
  const object = sha256(bytes);
  if (object === proven?.file.object) return null;
  try {
    const { ast } = laws.read(object, bytes);
    return { object, sameLaw: ast === proven?.file.ast, problem: null, places: null };
  } catch (error) {
    if (!(error instanceof KairosError)) throw error;
    return { ...unread, object, problem: error.message, places: errorPlaces(error) };
  }
}
