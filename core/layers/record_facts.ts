/**
 * What the records of a block are found by.
 *
 * One reading of a record serves whoever asks the chain itself and whoever asks an index of it, so
 * that both give the same answer.
 *
 * @module
 */

import type { Block } from "../chain/block.ts";
import { parseRecord } from "../chain/parse_record.ts";
import { recordsOf } from "./records.ts";

/** What one record is found by; an empty text stands for nothing. */
export interface RecordFacts {
  /** Its type; `skill_transition` for a transition, which has none; else empty. */
  readonly type: string;
  /** `l0`, `l1` or `l2`, or empty. */
  readonly layer: string;
  /** What it is about: an entry, a skill, a SkillSet, a session. */
  readonly entry: string;
  /** Door and name of who acted. */
  readonly principal: string;
  /** What the agent called itself. */
  readonly agent: string;
}

/** Which blocks to find; a block is one when a single record of it fits all that is given. */
export interface RecordFilter {
  /** Records of this type. */
  readonly type?: string | undefined;
  /** Records of this layer, `l0`, `l1` or `l2`. */
  readonly layer?: string | undefined;
  /** Records about one of these names. */
  readonly entries?: readonly string[] | undefined;
  /** Records of this principal. */
  readonly principal?: string | undefined;
  /** Records of this agent. */
  readonly agent?: string | undefined;
  /** Blocks made at this moment or later, milliseconds since the epoch. */
  readonly since?: number | undefined;
  /** Blocks made before this moment, milliseconds since the epoch. */
  readonly until?: number | undefined;
  /** Blocks with a `knowledge_update` record that names this SHA-256. */
  readonly object?: string | undefined;
  /** Blocks below this height. */
  readonly below?: number | undefined;
}

/** Finds blocks by their records. */
export interface RecordFinder {
  /**
   * The blocks that fit, newest first, each read from the chain itself.
   *
   * @param filter Which ones; all of them unless something is given
   * @param signal Ends the search
   * @returns The blocks, read as far as they are asked for
   * @throws {KairosError} `corrupt` at something that is no block
   */
  blocks(filter: RecordFilter, signal?: AbortSignal): AsyncIterable<Block>;
}

/** Keys that name what a record is about. */
const SUBJECTS = ["knowledge_id", "skill_id", "skillset_name", "session_id"] as const;

/** Layer of what does not say its layer. */
const LAYERS: Readonly<Record<string, string>> = {
  knowledge_update: "l1",
  skill_transition: "l0",
  formalization_decision: "l0",
};

/**
 * What the records of a block are found by.
 *
 * @param block The block
 * @returns A row for each item that is a record
 *
 * @example
 * ```ts
 * import { GENESIS } from "../chain/block.ts";
 * import { factsOf } from "./record_facts.ts";
 *
 * const item = '{"type":"knowledge_update","knowledge_id":"notes","principal":"cli:alice"}';
 * const [facts] = factsOf({ ...GENESIS, data: ["a note", item] });
 * if (facts?.entry !== "notes" || facts.layer !== "l1") throw new Error("not understood");
 * ```
 */
export function factsOf({ data }: Pick<Block, "data">): RecordFacts[] {
  return data.flatMap((item) => {
    const record = parseRecord(item);
    return record === null ? [] : [factsOfRecord(record)];
  });
}

/**
 * What one record is found by.
 *
 * @param record An item of a block that is a JSON object
 * @returns What it says of itself
 */
export function factsOfRecord(record: Readonly<Record<string, unknown>>): RecordFacts {
  const type = typeOf(record);
  const layer = text(record.layer).toLowerCase();
  return {
    type,
    layer: /^l[012]$/.test(layer) ? layer : Object.hasOwn(LAYERS, type) ? LAYERS[type]! : "",
    entry: text(SUBJECTS.map((key) => record[key]).find((name) => typeof name === "string")),
    principal: text(record.principal),
    agent: text(record.agent_id),
  };
}

/**
 * Every object a block's records of knowledge name.
 *
 * @param block The block
 * @returns Their hashes as the records have them, whatever they are
 */
export function objectsOf(block: Block): string[] {
  return recordsOf(block).flatMap(({ previousHash, nextHash, files }) =>
    [previousHash, nextHash, ...Object.values(files)].filter((hash) => hash !== null)
  );
}

/**
 * When a block was made.
 *
 * @param block The block
 * @returns Milliseconds since the epoch, or `null` for what is no time
 */
export function timeOf({ timestamp }: Pick<Block, "timestamp">): number | null {
  const time = Date.parse(timestamp);
  return Number.isNaN(time) ? null : time;
}

/**
 * Whether a block fits a filter.
 *
 * @param block The block
 * @param filter The filter
 * @returns `true` when it does
 */
export function matchesBlock(block: Block, filter: RecordFilter): boolean {
  const { since, until, below, object } = filter;
  if (below !== undefined && block.index >= below) return false;
  if (since !== undefined || until !== undefined) {
    const time = timeOf(block);
    if (time === null || time < (since ?? -Infinity) || time >= (until ?? Infinity)) return false;
  }
  if (object !== undefined && !namesObject(block, object)) return false;
  return !asksRecords(filter) || factsOf(block).some((facts) => matchesFacts(facts, filter));
}

/**
 * Whether a filter asks anything of a record, rather than of the block.
 *
 * @param filter The filter
 * @returns `true` when it does
 */
export function asksRecords({ type, layer, entries, principal, agent }: RecordFilter): boolean {
  return [type, layer, entries, principal, agent].some((wanted) => wanted !== undefined);
}

function matchesFacts(facts: RecordFacts, filter: RecordFilter): boolean {
  return (filter.entries === undefined || filter.entries.includes(facts.entry)) &&
    (["type", "layer", "principal", "agent"] as const).every((key) =>
      filter[key] === undefined || filter[key] === facts[key]
    );
}

function namesObject(block: Block, object: string): boolean {
  // Most blocks are told apart without parsing them.
  return block.data.some((item) => item.includes(object)) && objectsOf(block).includes(object);
}

function typeOf(record: Readonly<Record<string, unknown>>): string {
  if (typeof record.type === "string" && record.type !== "") return record.type;
  return "skill_id" in record && "prev_ast_hash" in record ? "skill_transition" : "";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
