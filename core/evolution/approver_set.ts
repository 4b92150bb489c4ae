/**
 * Who may decide: a numbered set of keys, on the chain as a record that the set before it has signed.
 *
 * ```json
 * {"type":"approver_set","epoch":1,"number":2,"required":1,"keys":[{"id":"…","name":"Ada",
 *  "public_key":"…"}],"previous":"…","head":"…","reset":false,
 *  "signatures":[{"key":"…","signature":"…"}],"timestamp":"…","principal":"cli:ada"}
 * ```
 *
 * See `kairos_formats/approvers.md#approver-set`.
 *
 * @module
 */

import type { RecordFields } from "../actor.ts";
import { duplicateKey } from "../chain/json_keys.ts";
import { KairosError } from "../errors.ts";
import { fingerprintOf } from "../keys/base32.ts";
import { asPublicKey, type PublicKey } from "../keys/sealed_key.ts";
import { sha256 } from "../objects/objects.ts";
import { asSignatures, countSigners, type Signature, type Signer } from "./signatures.ts";

/** What the signatures of a set are about. */
export interface SetFields {
  /** Rises by one with every reset; 1 for the first set. */
  readonly epoch: number;
  /** Rises by one with every set. */
  readonly number: number;
  /** How many of the keys must sign a decision, or the next set. */
  readonly required: number;
  /** The keys, at least `required` of them, no id twice. */
  readonly keys: readonly PublicKey[];
  /** SHA-256 of the text of the record before, or `null` for the first. */
  readonly previous: string | null;
  /**
   * Hash of the block before the one of its record: the signatures cover all that was decided before
   * them, since each block names the one before it.
   */
  readonly head: string;
  /** Whether it was made without the set before it. */
  readonly reset: boolean;
}

/** An approver set as it stands on the chain. */
export interface ApproverSet extends SetFields {
  /** Who signed it. */
  readonly signatures: readonly Signature[];
  /** When it was made, as its record says. */
  readonly timestamp: string;
  /** SHA-256 of the text of its record; the next set names it as `previous`. */
  readonly hash: string;
}

/** Why a set counts: it is the first, the one before has signed it, or nothing but itself. */
export type SetProof = "first" | "signed" | "unproven";

/** Most keys of a set. */
export const MAX_APPROVERS = 32;
/** Longest record of a set, in UTF-16 units. */
const MAX_RECORD = 64 * 1024;
/** Groups of digits in the fingerprint of a set: 160 bits. */
const FINGERPRINT_GROUPS = 8;

const TYPE = "approver_set";

/** Where a set stands, and how it comes about. */
export interface SetPlace {
  /** Hash of the block before. */
  readonly head: string;
  /** Whether it is made without the signatures of the set before. */
  readonly reset?: boolean;
}

/** What changes from one set to the next. */
export type SetChange = Pick<SetFields, "keys" | "required">;

/**
 * The set that follows another.
 *
 * @param previous The set in force, or `null` for the first
 * @param change Its keys, and how many must sign
 * @param place The block it will follow, and whether it is a reset
 * @returns What is to be signed
 * @throws {KairosError} `invalid` when nobody could ever decide, or too many keys are in it
 */
export function nextSet(
  previous: ApproverSet | null,
  { keys, required }: SetChange,
  { head, reset = false }: SetPlace,
): SetFields {
  const fields: SetFields = {
    epoch: (previous?.epoch ?? 0) + (reset || previous === null ? 1 : 0),
    number: (previous?.number ?? 0) + 1,
    required,
    keys: keys.map(({ id, name, public_key }) => ({ id, name, public_key })),
    previous: previous?.hash ?? null,
    head,
    reset,
  };
  const problem = shapeProblem({ ...fields });
  if (problem === null) return fields;
  throw new KairosError("invalid", `Cannot make the approver set: ${problem}`, {
    hint: `Name 1 to ${MAX_APPROVERS} keys and require at most as many signatures`,
  });
}

/**
 * What is signed for a set.
 *
 * @param fields The set
 * @param instance What tells this instance from others: 64 hexadecimal digits
 * @returns `kairos-approvers-v1|instance|SHA-256 of the fields as compact JSON`
 */
export function setText(fields: SetFields, instance: string): string {
  const { epoch, number, required, keys, previous, head, reset } = fields;
  const ordered = {
    epoch,
    number,
    required,
    keys: keys.map(({ id, name, public_key }) => ({ id, name, public_key })),
    previous,
    head,
    reset,
  };
  return `kairos-approvers-v1|${instance}|${sha256(JSON.stringify(ordered))}`;
}

/**
 * What people compare: who decides, and how many of them it takes. It does not depend on the instance,
 * nor on how the set came about.
 *
 * @param set The set
 * @returns Eight groups of four digits
 */
export function setFingerprint({ required, keys }: SetChange): string {
  const sorted = keys.map(({ id, name, public_key }) => ({ id, name, public_key }))
    .sort((a, b) => a.id < b.id ? -1 : 1);
  return fingerprintOf(
    `kairos-approvers-v1\n${JSON.stringify({ required, keys: sorted })}`,
    FINGERPRINT_GROUPS,
  );
}

/**
 * The record of a set, without time and principal.
 *
 * @param fields The set
 * @param signers Keys that sign it
 * @param instance What tells this instance from others
 * @returns Fields for {@linkcode Store.record}
 *
 * @example
 * ```ts
 * import { OpenKey } from "../keys/sealed_key.ts";
 * import { nextSet, parseSet, setRecord, verifySet } from "./approver_set.ts";
 *
 * const instance = "0".repeat(64);
 * using ada = OpenKey.generate("Ada");
 * const fields = nextSet(null, { keys: [ada], required: 1 }, { head: instance });
 * const record = { ...setRecord(fields, [ada], instance), timestamp: "2026-01-20T10:30:00+00:00" };
 * const set = parseSet(JSON.stringify(record));
 * if (typeof set === "string") throw new Error(set);
 * if (verifySet(null, set, { instance, head: instance }).proof !== "first") throw new Error("it does not hold");
 * ```
 */
export function setRecord(
  fields: SetFields,
  signers: readonly Signer[],
  instance: string,
): RecordFields {
  const text = setText(fields, instance);
  const signatures = signers.map((key) => ({ key: key.id, signature: key.sign(text) }));
  const { epoch, number, required, keys, previous, head, reset } = fields;
  return { type: TYPE, epoch, number, required, keys, previous, head, reset, signatures };
}

/**
 * Whether an item of a block says it is an approver set; cheap, for walks over a chain.
 *
 * @param item The item
 * @returns `true` for anything that must then be read with {@linkcode parseSet}
 */
export function isSetRecord(item: string): boolean {
  if (!item.includes(TYPE) || !item.startsWith("{")) return false;
  try {
    const value = JSON.parse(item);
    return value !== null && typeof value === "object" && value.type === TYPE;
  } catch {
    return false;
  }
}

/**
 * Reads the record of a set, strictly; its signatures are for {@linkcode verifySet}.
 *
 * @param item The item of the block
 * @returns The set, or what is wrong with it
 */
export function parseSet(item: string): ApproverSet | string {
  if (item.length > MAX_RECORD) return "it is too long";
  let value: Readonly<Record<string, unknown>>;
  try {
    value = JSON.parse(item);
    if (value === null || typeof value !== "object" || value.type !== TYPE) return "it is no set";
    if (duplicateKey(item) !== null) return "a key stands twice in it";
  } catch {
    return "it is no JSON";
  }
  const problem = shapeProblem(value);
  if (problem !== null) return problem;
  const signatures = asSignatures(value.signatures);
  if (signatures === null) return "its signatures are malformed";
  const { timestamp } = value;
  if (typeof timestamp !== "string" || timestamp.length > 40) return "it has no time";
  const { epoch, number, required, keys, previous, head, reset } = value as unknown as SetFields;
  const plain = keys.map(({ id, name, public_key }) => ({ id, name, public_key }));
  const fields = { epoch, number, required, keys: plain, previous, head, reset };
  return { ...fields, signatures, timestamp, hash: sha256(item) };
}

/** Where on which chain a record of a set was found. */
export interface SetSite {
  /** What tells this instance from others. */
  readonly instance: string;
  /** What its block names as the block before. */
  readonly head: string;
}

/** Whether a set counts, and what was found. */
export type SetVerdict =
  | { readonly proof: SetProof; readonly problem: null }
  | { readonly proof: null; readonly problem: string };

/**
 * Whether a set follows from the one before it.
 *
 * The first set and one after a reset are signed by all of their own keys, which proves that somebody
 * holds them and nothing else; any other by as many keys of the set before as that requires. Whether a
 * first set really is the first, only a walk over the whole chain can tell.
 *
 * @param previous The set in force before, or `null` when there is none
 * @param next The set
 * @param site Where it stands
 * @returns Why it counts, or why it does not
 */
export function verifySet(
  previous: ApproverSet | null,
  next: ApproverSet,
  { instance, head }: SetSite,
): SetVerdict {
  const no = (problem: string): SetVerdict => ({ proof: null, problem });
  if (next.head !== head) {
    return no("another history stands before it than the one it was made for");
  }
  if (!next.reset && next.previous !== (previous?.hash ?? null)) {
    return no(
      previous === null
        ? "it follows a set that is not there"
        : next.previous === null
        ? "it says it is the first, and there is one before it"
        : "it follows another set",
    );
  }
  // What a reset follows may be lost; it is unproven anyway.
  const isFree = next.reset && previous === null;
  const expected = nextSet(previous, next, next);
  if (!isFree && (next.epoch !== expected.epoch || next.number !== expected.number)) {
    return no(`it should be number ${expected.number} of epoch ${expected.epoch}`);
  }
  const isOwn = previous === null || next.reset;
  const signing = isOwn ? next.keys : previous.keys;
  const needed = isOwn ? next.keys.length : previous.required;
  const { signers } = countSigners(setText(next, instance), next.signatures, signing);
  if (signers.length < needed) {
    const whose = isOwn ? "its own" : "the set before";
    return no(`${signers.length} of the ${needed} signatures it needs from ${whose} hold`);
  }
  return { proof: next.reset ? "unproven" : previous === null ? "first" : "signed", problem: null };
}

/** What is wrong with the fields of a set, or `null`. */
function shapeProblem(value: Readonly<Record<string, unknown>>): string | null {
  const { epoch, number, required, keys, previous, head, reset } = value;
  if (!isCount(epoch) || !isCount(number)) return "its epoch or number is no whole number from 1";
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MAX_APPROVERS) {
    return `it has no keys, or more than ${MAX_APPROVERS}`;
  }
  for (const key of keys) {
    const found = asPublicKey(key);
    if (typeof found === "string") return found;
  }
  if (new Set(keys.map(({ id }) => id)).size < keys.length) return "a key is in it twice";
  if (!isCount(required) || required > keys.length) {
    return "the number of required signatures is not from 1 to the number of keys";
  }
  if (previous !== null && !isHash(previous)) return "the set before it is not named by a hash";
  if (!isHash(head)) return "the block before it is not named by a hash";
  return typeof reset === "boolean" ? null : "it does not say whether it resets";
}

function isHash(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}
