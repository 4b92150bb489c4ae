/**
 * The approvers of an instance: the sets its chain carries, found without reading the chain.
 *
 * `skills/approvers.json` names the blocks of all sets, oldest first:
 *
 * ```json
 * {"version":1,"epoch":1,"number":2,"sets":[{"index":3,"offset":1200,"hash":"…"},…]}
 * ```
 *
 * It is a pointer and proves nothing: each set must follow from the one before it. That no set is
 * missing at its end or beginning only a walk over the whole chain, or a pin, can tell. See
 * `kairos_formats/approvers.md#approvers-json`.
 *
 * @module
 */

import type { Actor } from "../actor.ts";
import type { Block } from "../chain/block.ts";
import { type Disk, parentOf } from "../disk/mod.ts";
import { KairosError } from "../errors.ts";
import { Stage } from "../layers/stage.ts";
import { asPointer, type BlockPointer, findBlock, firstBlock } from "../ledger/block_at.ts";
import type { FileLedger } from "../ledger/file_ledger.ts";
import { sha256 } from "../objects/objects.ts";
import type { Store } from "../store.ts";
import {
  type ApproverSet,
  isSetRecord,
  nextSet,
  type SetChange,
  setFingerprint,
  setRecord,
} from "./approver_set.ts";
import { advance, ApproverReplay, type Lineage, NO_APPROVERS } from "./lineage.ts";
import { comparePins, type Pin, type PinState } from "./pin.ts";
import type { Signer } from "./signatures.ts";

/** Where the pointers are, relative to the data directory. */
export const APPROVERS_FILE = "skills/approvers.json";

const MAX_FILE = 256 * 1024;
/** A block begins with blanks, which are none of its JSON. */
const INDENT = "  ".length;
/** Most sets an instance can have. */
export const MAX_SETS = 1000;

/** Who may decide, as far as the pointers tell. */
export interface Approvers extends Lineage {
  /** Fingerprint of the set in force, or `null`. */
  readonly fingerprint: string | null;
  /** Whether it is the one somebody expects. */
  readonly pin: PinState;
  /** Why nothing may be decided, or `null`. */
  readonly problem: string | null;
}

/** The parts of an instance that looking for approvers needs. */
export interface ApproverHost {
  /** The data directory. */
  readonly root: string;
  /** The disk. */
  readonly disk: Disk;
  /** The chain. */
  readonly ledger: FileLedger;
}

/**
 * Who may decide. The time this takes depends on the number of sets, not on the length of the chain.
 *
 * @param host Data directory, disk and chain
 * @param pins What was said outside about who it must be
 * @returns The approvers; with a `problem` nothing may be decided, whatever else it says
 */
export function loadApprovers(host: ApproverHost, pins: readonly Pin[] = []): Approvers {
  const { lineage, problem } = readLineage(host);
  const fingerprint = lineage.set === null ? null : setFingerprint(lineage.set);
  const pin = comparePins(pins, fingerprint);
  const sources = pins.map(({ source }) => source).join(" and ");
  const differs = pin === "differs" ? `the approvers are not those ${sources} asks for` : null;
  return { ...lineage, fingerprint, pin, problem: problem ?? differs };
}

/**
 * Who may decide now.
 *
 * @param host The instance, and what was said outside
 * @returns The approvers; with a problem nothing may be decided
 */
export function approversNow(
  { store, pins = [] }: { readonly store: Store; readonly pins?: readonly Pin[] },
): Approvers {
  return loadApprovers(store, pins);
}

/** What a walk over the whole chain says about the approvers. */
export interface ApproverHistory extends Lineage {
  /** The blocks of all sets that hold, oldest first. */
  readonly pointers: readonly BlockPointer[];
  /** Records that say they are approver sets and do not hold. */
  readonly problems: readonly { readonly block: number; readonly problem: string }[];
}

/**
 * Reads the sets from the whole chain, streaming: what cannot be hidden by changing a pointer.
 *
 * @param ledger The chain
 * @returns The approvers as the chain has them
 * @throws {KairosError} `corrupt` at something that is no block
 */
export function replayApprovers(ledger: Pick<FileLedger, "placed">): ApproverHistory {
  const replay = new ApproverReplay();
  const pointers: BlockPointer[] = [];
  const problems: { block: number; problem: string }[] = [];
  for (const { block, at } of ledger.placed()) {
    const { index, hash } = block;
    const { set } = replay.lineage;
    problems.push(...replay.take(block).map((problem) => ({ block: index, problem })));
    if (replay.lineage.set !== set) pointers.push({ index, offset: at - INDENT, hash });
  }
  return { ...replay.lineage, pointers, problems: problems.slice(0, MAX_SETS) };
}

/** Who changes the approvers. */
export interface ApproverChange extends SetChange {
  /** Keys that sign. */
  readonly signers: readonly Signer[];
  /** The set the change was made for, or `null` for the first. */
  readonly base: ApproverSet | null;
  /** Who acts. */
  readonly actor: Actor;
}

/**
 * Makes the next approver set: its record and its pointer as one unit.
 *
 * @param store The instance's store, open for writing
 * @param change Keys, required signatures, and who signs
 * @returns The approvers now
 * @throws {KairosError} `refused` when the signatures are not enough or the present approvers cannot be
 *   proven, `conflict` when another set came in between, `not_found` while the chain is empty
 */
export function changeApprovers(store: Store, change: ApproverChange): Promise<Approvers> {
  return store.exclusive(() => {
    const { lineage, pointers, problem } = readLineage(store);
    if (problem !== null) throw unproven(problem);
    if (replayApprovers(store.ledger).set?.hash !== lineage.set?.hash) {
      throw unproven(`${APPROVERS_FILE} names other approvers than the chain`);
    }
    if ((lineage.set?.hash ?? null) !== (change.base?.hash ?? null)) throw overtaken();
    return commitSet(store, { lineage, pointers, change, reset: false });
  });
}

/**
 * Opens a new epoch without the approvers before it. That it is unproven shows for ever.
 *
 * @param store The instance's store, open for writing
 * @param change Keys and required signatures; all keys sign
 * @returns The approvers now
 * @throws {KairosError} `refused` when a key did not sign, `not_found` while the chain is empty
 */
export function resetApprovers(
  store: Store,
  change: Omit<ApproverChange, "base">,
): Promise<Approvers> {
  return store.exclusive(() => {
    // The pointers may be what is wrong, so the chain itself is asked.
    const { pointers, ...lineage } = replayApprovers(store.ledger);
    return commitSet(store, { lineage, pointers, change, reset: true });
  });
}

/** Signs, checks as everybody will check it, and makes the set one unit with its pointer. */
function commitSet(
  store: Store,
  { lineage, pointers, change, reset }: {
    readonly lineage: Lineage;
    readonly pointers: readonly BlockPointer[];
    readonly change: Omit<ApproverChange, "base">;
    readonly reset: boolean;
  },
): Approvers {
  const instance = instanceOf(store);
  // Nothing else can be appended now, so this is the block the record will follow.
  const head = store.ledger.head().last?.hash ?? "";
  const fields = nextSet(lineage.set, change, { head, reset });
  const record = store.record(setRecord(fields, change.signers, instance), change.actor);
  const { problem } = advance(lineage, record, { instance, head });
  if (problem !== null) {
    throw new KairosError("refused", `Cannot change the approvers: ${problem}`, {
      hint: "Have the key files of as many present approvers at hand as the set requires",
    });
  }
  const { pointer, at } = store.foresee(record);
  const bytes = encode(fields, [...pointers, pointer]);
  store.disk.makeFolder(parentOf(`${store.root}/${APPROVERS_FILE}`));
  const stage = Stage.fill(store, "skills", (stage) => stage.file(bytes));
  const present = store.disk.read(`${store.root}/${APPROVERS_FILE}`, MAX_FILE);
  const base = present === null ? null : sha256(present);
  store.commit({
    record,
    at,
    steps: [{ from: stage.path, to: APPROVERS_FILE, base }],
    discard: [stage.path],
  });
  return loadApprovers(store);
}

/**
 * What tells this instance from all others in a signature: the hash of the first block behind the genesis
 * block, which is the same everywhere.
 *
 * @param host Disk and chain
 * @returns 64 hexadecimal digits
 * @throws {KairosError} `not_found` while the chain has no such block
 */
function instanceOf(host: ApproverHost): string {
  const block = firstBlock(host);
  if (block !== null) return block.hash;
  throw new KairosError("not_found", "Cannot tell this instance from others: its chain is empty", {
    hint: "Record something first, such as `kairos chain record`",
  });
}

interface Found {
  readonly lineage: Lineage;
  readonly pointers: readonly BlockPointer[];
  readonly problem: string | null;
}

/** Follows the pointers; with a problem the lineage is what could be proven before it. */
function readLineage(host: ApproverHost): Found {
  const none = { lineage: NO_APPROVERS, pointers: [] };
  let file: { pointers: BlockPointer[]; epoch: unknown; number: unknown } | null | string;
  try {
    file = readPointers(host);
  } catch (error) {
    if (!(error instanceof KairosError)) throw error;
    file = error.message;
  }
  if (file === null) return { ...none, problem: null };
  if (typeof file === "string") return { ...none, problem: `${APPROVERS_FILE}: ${file}` };
  const { pointers, epoch, number } = file;
  const instance = firstBlock(host)?.hash ?? "";
  let lineage = NO_APPROVERS;
  for (const [at, pointer] of pointers.entries()) {
    const block = findBlock(host, pointer);
    const item = setItem(block);
    const before = pointers.slice(0, at);
    if (block === null || item === null) {
      const problem =
        `block ${pointer.index}, which ${APPROVERS_FILE} names, carries no approver set`;
      return { lineage, pointers: before, problem };
    }
    const advanced = advance(lineage, item, { instance, head: block.previous_hash });
    if (advanced.problem !== null) return { ...advanced, pointers: before };
    lineage = advanced.lineage;
  }
  const agrees = lineage.set?.epoch === epoch && lineage.set?.number === number;
  const problem = agrees ? null : `${APPROVERS_FILE} names another set than its blocks`;
  return { lineage, pointers, problem };
}

/** The only item of a block that carries a set. */
function setItem(block: Block | null): string | null {
  const item = block?.data[0];
  return block?.data.length === 1 && item !== undefined && isSetRecord(item) ? item : null;
}

function readPointers(
  { disk, root }: ApproverHost,
): { pointers: BlockPointer[]; epoch: unknown; number: unknown } | null | string {
  const bytes = disk.read(`${root}/${APPROVERS_FILE}`, MAX_FILE);
  if (bytes === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return "it is no JSON";
  }
  if (value === null || typeof value !== "object") return "it is no JSON object";
  const { version, epoch, number, sets } = value as Record<string, unknown>;
  if (version !== 1) return "it has another version";
  if (!Array.isArray(sets) || sets.length === 0 || sets.length > MAX_SETS) {
    return `it names no sets, or more than ${MAX_SETS}`;
  }
  const pointers: BlockPointer[] = [];
  for (const one of sets) {
    const pointer = asPointer(one);
    if (pointer === null) return "it names a block in another form";
    if (pointer.index <= (pointers.at(-1)?.index ?? 0)) return "its blocks are not in order";
    pointers.push(pointer);
  }
  return { pointers, epoch, number };
}

function encode(
  { epoch, number }: { readonly epoch: number; readonly number: number },
  sets: readonly BlockPointer[],
): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ version: 1, epoch, number, sets }) + "\n");
}

function unproven(problem: string): KairosError {
  return new KairosError("refused", `Cannot change the approvers: ${problem}`, {
    hint: "Look with `kairos chain verify`; `kairos approver reset` begins anew, visibly for ever",
  });
}

function overtaken(): KairosError {
  return new KairosError("conflict", "Cannot change the approvers: something came in between", {
    hint: "Look with `kairos approver show` and begin again",
  });
}
