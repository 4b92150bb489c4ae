/**
 * Approvers as commands show them.
 *
 * @module
 */

import { asKairosError, KairosError } from "../core/errors.ts";
import { type Approvers, loadApprovers } from "../core/evolution/approvers.ts";
import type { Instance } from "../core/instance.ts";
import type { ApproverSet } from "../core/evolution/approver_set.ts";
import { comparePins, type Pin } from "../core/evolution/pin.ts";
import { readPins } from "./approver_home.ts";
import { counted, renderPairs } from "./render/text.ts";
import type { CliContext } from "./context.ts";

/** The approvers for programs. */
export interface ApproverView {
  /** What people compare and pin, or `null` while nobody is approver. */
  readonly fingerprint: string | null;
  /** Epoch of the set; 0 while there is none. */
  readonly epoch: number;
  /** Number of the set; 0 while there is none. */
  readonly number: number;
  /** How many must sign. */
  readonly required: number;
  /** Their keys. */
  readonly keys: ApproverSet["keys"];
  /** Epochs that began without the approvers before. */
  readonly unproven_epochs: readonly number[];
  /** Whether they are those that are expected. */
  readonly pin: Approvers["pin"];
  /** Why nothing may be decided, or `null`. */
  readonly problem: string | null;
}

/**
 * The approvers for programs.
 *
 * @param approvers The approvers
 * @returns Plain data
 */
export function approverView(
  { set, fingerprint, unproven, pin, problem }: Approvers,
): ApproverView {
  return {
    fingerprint,
    epoch: set?.epoch ?? 0,
    number: set?.number ?? 0,
    required: set?.required ?? 0,
    keys: set?.keys ?? [],
    unproven_epochs: unproven,
    pin,
    problem,
  };
}

/**
 * The approvers for people.
 *
 * @param view The approvers
 * @returns Lines, each ended by a newline
 */
export function approverText(view: ApproverView): string {
  const { fingerprint, keys, unproven_epochs: unproven, problem } = view;
  if (fingerprint === null && problem === null) return "There are no approvers\n";
  const pin = { unpinned: "not pinned", matches: "as pinned", differs: "NOT AS PINNED" }[view.pin];
  return renderPairs([
    ["Fingerprint", `${fingerprint ?? "none"} (${pin})`],
    ["Must sign", `${view.required} of ${counted(keys.length, "key")}`],
    ["Set", `number ${view.number}, epoch ${view.epoch}`],
    ...unproven.map((epoch) =>
      ["Unproven", `epoch ${epoch} began without the approvers before it`] as const
    ),
    ...problem === null ? [] : [["Problem", problem] as const],
    ...keys.map(({ id, name }) => ["Key", `${id}  ${name}`] as const),
  ]);
}

/**
 * Prints who decides now, and how to pin them.
 *
 * @param context Streams
 * @param approvers The approvers
 * @param pins What was said outside about them
 */
export function printApprovers(
  context: CliContext,
  approvers: Approvers,
  pins: readonly Pin[],
): void {
  const pin = comparePins(pins, approvers.fingerprint);
  const view = approverView({ ...approvers, pin });
  context.print(view, () => approverText(view));
  if (pin === "matches") return;
  const where = pins.map(({ source }) => source).join(" and ") || "KAIROS_APPROVER";
  context.say(`Next: set ${where} to ${approvers.fingerprint}, so that nobody else is accepted`);
}

/**
 * Tells who decides, where a server begins; says nothing where nobody has to sign.
 *
 * @param context Streams and environment
 * @param instance The instance
 */
export function sayApprovers(context: CliContext, { store }: Pick<Instance, "store">): void {
  try {
    const { fingerprint, pin, problem } = loadApprovers(store, readPins(context));
    if (problem !== null) context.say(`Approvers: ${problem}; see kairos doctor`);
    else if (fingerprint !== null) {
      context.say(`Approvers: ${fingerprint} (${pin === "matches" ? "as pinned" : "not pinned"})`);
    }
  } catch (error) {
    // What is served besides the law does not depend on them.
    context.say(`Approvers: ${asKairosError(error).message}`);
  }
}

/**
 * The approver set that is there, with nothing against it.
 *
 * @param approvers The approvers
 * @returns The set
 * @throws {KairosError} `refused` with a problem, `not_found` while there is none
 */
export function presentSet({ set, problem }: Approvers): ApproverSet {
  if (problem !== null) throw unusable(problem);
  if (set !== null) return set;
  throw new KairosError("not_found", "Cannot change the approvers: there are none", {
    hint: "Begin with `kairos approver init`",
  });
}

/**
 * The refusal of a change while something is against the present approvers.
 *
 * @param problem What is wrong with them
 * @returns The error
 */
export function unusable(problem: string): KairosError {
  return new KairosError("refused", `Cannot change the approvers: ${problem}`, {
    hint: "Look with `kairos approver show`; `kairos approver reset` begins anew, visibly for ever",
  });
}
