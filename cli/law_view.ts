/**
 * The law in force as commands show it.
 *
 * @module
 */

import type { ErrorPlaces } from "../core/error_places.ts";
import type { LawInForce } from "../core/evolution/in_force.ts";
import { LAW_SOURCE, RUBY_SOURCE } from "../core/evolution/law_file.ts";
import { recordOf } from "../core/evolution/prove_law.ts";
import type { Instance } from "../core/instance.ts";
import { findBlock } from "../core/ledger/block_at.ts";
import { counted, shortTime } from "./render/text.ts";

/** The law in force for programs. */
export interface LawView {
  /** Whether it is what was decided; see {@linkcode LawInForce}. */
  readonly status: LawInForce["status"];
  /** Epoch of the approvers it was decided under; `null` without a decided law. */
  readonly epoch: number | null;
  /** Number of its decision; 0 for the law the instance began with. */
  readonly seq: number | null;
  /** SHA-256 of its source text. */
  readonly object: string | null;
  /** Its hash as data. */
  readonly ast: string | null;
  /** Id of the proposal it came from. */
  readonly proposal: string | null;
  /** How sure it is that a person decided; `null` for the law the instance began with. */
  readonly strength: string | null;
  /** When it was decided. */
  readonly decided_at: string | null;
  /** Ids of its skills. */
  readonly skills: readonly string[];
  /** Whether a decision counts that the agent itself reports. */
  readonly allows_asserted: boolean;
  /** An edit of the working copy nobody decided, or `null`. */
  readonly drift: {
    /** Whether it means the same. */
    readonly same_law: boolean;
    /** Why it cannot be read, or `null`. */
    readonly problem: string | null;
    /** Where it cannot be read, or `null`. */
    readonly places: ErrorPlaces | null;
  } | null;
  /** Name of the law of another program beside this one, or `null`. */
  readonly foreign: string | null;
  /** What does not fit; while there is anything, nothing of the law can be changed. */
  readonly problems: readonly string[];
}

/**
 * The law in force for programs, in the time of a few reads.
 *
 * @param instance The instance
 * @param law The law in force, when it is known already
 * @returns Plain data
 * @throws {KairosError} `invalid` for a pin that cannot be read, `io`
 */
export async function lawView(instance: Instance, law?: LawInForce): Promise<LawView> {
  const found = law ?? await (await instance.evolution()).inForce();
  const { status, file, settings, drift, problems } = found;
  const block = file === null ? null : findBlock(instance.store, file.decision);
  const decision = block === null ? null : recordOf(block, "decision");
  return {
    status,
    epoch: file?.epoch ?? null,
    seq: file?.seq ?? null,
    object: file?.object ?? null,
    ast: file?.ast ?? null,
    proposal: file?.proposal ?? null,
    strength: decision?.strength ?? null,
    decided_at: block?.timestamp ?? null,
    skills: found.law.skills.map(({ id }) => id),
    allows_asserted: settings.allowAsserted,
    drift: drift === null
      ? null
      : { same_law: drift.sameLaw, problem: drift.problem, places: drift.places },
    foreign: file !== null && instance.view().stat(RUBY_SOURCE) !== null ? RUBY_SOURCE : null,
    problems,
  };
}

/** How a decision came about, for people. */
const STRENGTHS: Readonly<Record<string, string>> = {
  terminal: "asked at a terminal",
  client: "asked inside the agent's client",
  key: "signed by approvers",
  asserted: "reported by an agent",
};

/**
 * Which law it is, in one line.
 *
 * @param view The law
 * @returns Such as `decision 3, epoch 1, signed by approvers, 2026-01-20 10:30Z: 8 skills`
 */
export function lawLine(view: LawView): string {
  const { status, seq, epoch, strength, decided_at, skills } = view;
  const count = counted(skills.length, "skill");
  if (status === "none" && skills.length === 0) return "none was decided";
  if (status === "ruby") return `of another program, read only: ${count}`;
  const which = seq === 0
    ? "the first one"
    : `decision ${seq}, epoch ${epoch}, ${STRENGTHS[strength ?? ""] ?? "nobody knows how"}`;
  return `${which}, ${shortTime(decided_at)}: ${count}${status === "decided" ? "" : " (in doubt)"}`;
}

/**
 * What an undecided edit is, in one line.
 *
 * @param view The law
 * @returns The line, or `null` without an edit
 */
export function driftLine({ drift }: LawView): string | null {
  if (drift === null) return null;
  if (drift.problem !== null) return `${LAW_SOURCE} is not what is in force: ${drift.problem}`;
  return drift.same_law
    ? `${LAW_SOURCE} is written differently and says the same as what is in force`
    : `${LAW_SOURCE} was edited and is not in force: nobody decided it`;
}

/**
 * What stands beside the law without being part of it, in one line.
 *
 * @param view The law
 * @returns The line, or `null` where there is nothing
 */
export function foreignLine({ foreign }: LawView): string | null {
  return foreign && `${foreign} is the law of another program and is not obeyed here`;
}

/**
 * The law for people, as pairs of label and value.
 *
 * @param view The law
 * @returns The pairs
 */
export function lawPairs(view: LawView): [label: string, value: string][] {
  const pair = (label: string, value: string | null): [string, string][] =>
    value === null ? [] : [[label, value]];
  return [
    ["Law", lawLine(view)],
    ...pair("Edited", driftLine(view)),
    ...pair("Beside it", foreignLine(view)),
    ...view.status === "last_proven" || (view.status === "none" && view.skills.length > 0)
      ? view.problems.flatMap((problem) => pair("Problem", problem))
      : [],
  ];
}
