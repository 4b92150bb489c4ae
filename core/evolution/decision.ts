/**
 * What an approver signs: one line that leaves nothing about a decision open.
 *
 * ```
 * kairos-decision-v1|instance|epoch|proposal|seq|base|new|verdict|expires
 * ```
 *
 * See `kairos_formats/approvers.md#decision-text`.
 *
 * @module
 */

import { KairosError } from "../errors.ts";
import { quote } from "../text.ts";
import type { PublicKey } from "../keys/sealed_key.ts";
import type { ApproverSet } from "./approver_set.ts";
import { countSigners, type Signature, type Signer } from "./signatures.ts";

/** What a decision is about. */
export interface DecisionFacts {
  /** What tells this instance from others: the hash of its first own block. */
  readonly instance: string;
  /** Epoch of the approver set; 0 while there is none. */
  readonly epoch: number;
  /** SHA-256 of the proposal's document. */
  readonly proposal: string;
  /** Number of the decision; it only ever rises. */
  readonly seq: number;
  /** Hash of what is in force before. */
  readonly base: string;
  /** Hash of what is in force after. */
  readonly new: string;
  /** Yes or no. */
  readonly verdict: "approve" | "reject";
  /** When the proposal ends, as its document says; UTC in ISO 8601. */
  readonly expires: string;
}

/** Whether the signatures under a decision are enough. */
export interface DecisionVerdict {
  /** Whether as many keys of the set have signed as it requires. */
  readonly valid: boolean;
  /** Whose signatures hold. */
  readonly signers: readonly PublicKey[];
  /** What was found wrong or passed over, one sentence each without a trailing period. */
  readonly notes: readonly string[];
}

const HASH = /^[0-9a-f]{64}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

const isHash = (value: unknown) => typeof value === "string" && HASH.test(value);
const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;

/** The parts of the line after its name, in order, each with what it must be. */
const PARTS: readonly (readonly [keyof DecisionFacts, (value: unknown) => boolean])[] = [
  ["instance", isHash],
  ["epoch", isCount],
  ["proposal", isHash],
  ["seq", isCount],
  ["base", isHash],
  ["new", isHash],
  ["verdict", (value) => value === "approve" || value === "reject"],
  ["expires", (value) => typeof value === "string" && TIME.test(value)],
];

/**
 * The line that is signed.
 *
 * @param facts What the decision is about
 * @returns The line, without a line break
 * @throws {KairosError} `invalid` at a part that could be read as another
 */
export function decisionText(facts: DecisionFacts): string {
  const parts = PARTS.map(([name, fits]) => {
    if (fits(facts[name])) return String(facts[name]);
    throw new KairosError(
      "invalid",
      `Cannot write the text of a decision: ${name} is ${quote(facts[name])}`,
    );
  });
  return ["kairos-decision-v1", ...parts].join("|");
}

/**
 * Signs a decision.
 *
 * @param facts What it is about
 * @param key An approver's key
 * @returns The signature as its record carries it
 * @throws {KairosError} `invalid`, see {@linkcode decisionText}
 */
export function signDecision(facts: DecisionFacts, key: Signer): Signature {
  return { key: key.id, signature: key.sign(decisionText(facts)) };
}

/**
 * Whether a decision was made by those who may.
 *
 * @param facts What it is about
 * @param signatures The signatures under it
 * @param set The approver set of its epoch
 * @returns Whether it counts; never an exception, whatever stands in the facts
 *
 * @example
 * ```ts
 * import { OpenKey } from "../keys/sealed_key.ts";
 * import { nextSet } from "./approver_set.ts";
 * import { signDecision, verifyDecision } from "./decision.ts";
 *
 * using ada = OpenKey.generate("Ada");
 * const hash = "0".repeat(64);
 * const set = nextSet(null, { keys: [ada], required: 1 }, { head: hash });
 * const facts = { instance: hash, epoch: 1, proposal: hash, seq: 1, base: hash, new: hash } as const;
 * const yes = { ...facts, verdict: "approve", expires: "2026-01-20T10:30:00Z" } as const;
 * const signature = signDecision(yes, ada);
 * if (!verifyDecision(yes, [signature], set).valid) throw new Error("it was signed");
 * if (verifyDecision({ ...yes, seq: 2 }, [signature], set).valid) throw new Error("another one");
 * ```
 */
export function verifyDecision(
  facts: DecisionFacts,
  signatures: readonly Signature[],
  { epoch, required, keys }: Pick<ApproverSet, "epoch" | "required" | "keys">,
): DecisionVerdict {
  const no = (note: string): DecisionVerdict => ({ valid: false, signers: [], notes: [note] });
  if (facts.epoch !== epoch) {
    return no(`It was made in epoch ${facts.epoch}, and the approvers are those of epoch ${epoch}`);
  }
  let text: string;
  try {
    text = decisionText(facts);
  } catch (error) {
    if (error instanceof KairosError) return no(error.message);
    throw error;
  }
  const { signers, notes } = countSigners(text, signatures, keys);
  if (signers.length >= required) return { valid: true, signers, notes };
  const missing = `${signers.length} of ${required} required signatures hold`;
  return { valid: false, signers, notes: [...notes, missing] };
}
