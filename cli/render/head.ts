/**
 * The end of the chain, for programs and for people.
 *
 * @module
 */

import { readMarker } from "../../core/ledger/marker.ts";
import type { Store } from "../../core/store.ts";
import { counted } from "./text.ts";

/**
 * The end of the chain, without reading the rest.
 *
 * @param store The instance's store
 * @returns Plain data, keys in snake case
 */
export function chainFacts(store: Store): ChainFacts {
  const { state, length, last, problem } = store.ledger.head();
  const marker = readMarker(store.disk, store.root);
  return {
    state,
    length,
    last: last === null ? null : {
      index: last.index,
      hash: last.hash,
      timestamp: last.timestamp,
      records: last.data.length,
    },
    problem,
    verify_failed: marker === null ? null : { at: marker.at, findings: marker.findings },
  };
}

/** The end of the chain. */
export interface ChainFacts {
  /** State as far as the end shows it. */
  readonly state: string;
  /** Number of blocks. */
  readonly length: number;
  /** The last block, or `null`. */
  readonly last: {
    /** Its position. */
    readonly index: number;
    /** Its hash. */
    readonly hash: string;
    /** When it was made. */
    readonly timestamp: string;
    /** How many items it carries. */
    readonly records: number;
  } | null;
  /** What is wrong with the end, or `null`. */
  readonly problem: string | null;
  /** The verification that failed and stops appends, or `null`. */
  readonly verify_failed: {
    /** When it failed, UTC. */
    readonly at: string;
    /** What it found. */
    readonly findings: readonly unknown[];
  } | null;
}

/**
 * The end of the chain as labels and values.
 *
 * @param facts The facts
 * @returns The pairs
 */
export function chainPairs(facts: ChainFacts): [label: string, value: string][] {
  const { state, length, last, problem, verify_failed: failed } = facts;
  const pairs: [string, string][] = [[
    "Chain",
    state === "absent"
      ? "none yet: it begins with the first record"
      : state === "readable"
      ? counted(length, "block")
      : `${state}: ${problem}`,
  ]];
  if (last !== null) {
    pairs.push(["Last block", `${last.index}, ${last.timestamp}`], ["Last hash", last.hash]);
  }
  if (failed !== null) {
    pairs.push([
      "Damage",
      `a verification failed at ${failed.at}; nothing is appended until a repair`,
    ]);
  }
  return pairs;
}
